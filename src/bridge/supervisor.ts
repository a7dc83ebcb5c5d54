/**
 * One account's life:
 *
 *     connecting ──> ready ──> (line lost) ──> waiting ──> connecting …
 *          └──> stopped (only the user can mend it) ──(secret or settings changed, the user's "check")──> connecting
 *
 * It never throws: what goes wrong is in the status, and stays this account's.
 */
import type { Account, AccountStatus, Can, ErrorCode, Folder, FolderRef } from '../model.ts';
import { mustStop, needsUser, retryDelay, STABLE_AFTER } from './backoff.ts';
import type { OpenAccount } from './choose-source.ts';
import { within } from './deadline.ts';
import { BridgeError, codeOf } from './errors.ts';
import type { Log } from './log.ts';
import type { MailSource, SourceChange } from './mail-source.ts';
import type { MailboxState } from './mailbox-state.ts';

/** IDLE that is accepted and then silent exists: the server is asked this often whatever it pushes. */
const CROSS_CHECK = 10 * 60_000;

/** How long somebody who looks at the screen waits for a line. */
const LINE_TIMEOUT = 15_000;

/** So many lines that die under the same work: the work is what they die of. */
const MOST_DEATHS = 4;

/** A source that is open, and when all of it is over. */
interface Line {
  source: MailSource;
  over: Promise<void>;
}

export interface SupervisorOptions {
  account: Account;
  readSecret: (account: Account) => string | null;
  openAccount: OpenAccount;
  can: Can;
  log: Log;
  now: () => number;
  random: () => number;
  /** Called with each change of status; a mailbox comes with the status that fits it. */
  onChange: (status: AccountStatus, mailbox: { ref: FolderRef; state: MailboxState } | null) => void;
  onFolders: (folders: Folder[]) => void;
}

export interface Supervisor {
  readonly status: AccountStatus;
  /** The user asks: connects now if it waits or has stopped; asks the server now if it is connected. */
  check(): void;
  /** The same for what happens by itself, a browser that comes or a new network: what has stopped stays so. */
  wake(): void;
  /**
   * Has the work done on the line, waiting for one if there is none, and again on the next when one dies under it; not
   * for ever, or one bad piece of work would keep the account from all the others. True when it is done, false when the supervisor was stopped before.
   * @throws {BridgeError} when it will not be done
   */
  carryOut(work: (source: MailSource, again: boolean) => Promise<void>): Promise<boolean>;
  /**
   * Asks the source something, waiting a moment for a line if there is none.
   * @throws {BridgeError} why there is none, or what the source throws
   */
  ask<T>(question: (source: MailSource) => Promise<T>): Promise<T>;
  /** Lets the line go until `check`: nobody listens. */
  rest(): Promise<void>;
  stop(): Promise<void>;
}

export function startSupervisor(options: SupervisorOptions): Supervisor {
  const { account, log, now, random } = options;
  const mail = options.openAccount(account);
  let status: AccountStatus = {
    account: account.id,
    unread: null,
    asOf: null,
    state: 'old',
    code: null,
    retryAt: null,
    can: options.can,
  };
  /** What there is of a line, ready or not; `stop` closes it. */
  let source: MailSource | null = null;
  /** The line that can be asked, or null. */
  let line: Line | null = null;
  /** Who waits for the next line. */
  let waiting: ((line: Line | null) => void)[] = [];
  let stopped = false;
  let resting = false;
  /** The user has asked for a line: how often the server may be asked by itself does not bind a person. */
  let wanted = false;
  let endSleep: () => void = () => {};

  function change(next: Partial<AccountStatus>, mailbox: { ref: FolderRef; state: MailboxState } | null = null): void {
    status = { ...status, ...next };
    if (!stopped) options.onChange(status, mailbox);
  }

  function receive({ unread, mailbox }: SourceChange): void {
    change(unread === null ? {} : { unread, asOf: now(), state: 'fresh', code: null, retryAt: null }, mailbox);
  }

  async function live(): Promise<void> {
    for (let failures = 1; !stopped; failures++) {
      await untilAllowed();
      if (stopped) return;
      const started = now();
      const code = await connectOnce();
      if (stopped) return;
      if (now() - started > STABLE_AFTER) failures = 1;
      const delay = mustStop(code) || resting ? null : retryDelay(code, failures, random());
      log('warn', 'account-waits', { account: account.id, code, ...(delay === null ? {} : { milliseconds: delay }) });
      // An error never changes the number: unread and asOf stay as they were.
      change({ state: needsUser(code) ? 'needs-you' : 'old', code, retryAt: delay === null ? null : now() + delay });
      if (await sleep(delay)) failures = 0;
    }
  }

  /** Not while nobody listens, and not more often than the server may be asked to let the user in. */
  async function untilAllowed(): Promise<void> {
    for (let pause = mail.pause(); !stopped && (resting || (pause > 0 && !wanted)); pause = mail.pause()) {
      if (!resting) change({ retryAt: now() + pause });
      await sleep(resting ? null : pause);
    }
    wanted = false;
  }

  /** Connects and stays until the line is gone. Resolves with the reason; never rejects. */
  async function connectOnce(): Promise<ErrorCode> {
    let timer: NodeJS.Timeout | undefined;
    let tellOver: () => void = () => {};
    const over = new Promise<void>((resolve) => {
      tellOver = resolve;
    });
    try {
      const secret = options.readSecret(account);
      if (secret === null) return 'password-missing';
      source = mail.connect(secret);
      source.onChange = receive;
      source.onFolders = (folders) => {
        if (!stopped) options.onFolders(folders);
      };
      await source.open();
      log('info', 'account-ready', { account: account.id, count: status.unread ?? 0 });
      // A mailbox that is as it was on the last line was not reported again, yet it is known to be true now.
      change({ state: 'fresh', code: null, retryAt: null, asOf: now() });
      line = { source, over };
      handOver(line);
      timer = setInterval(() => void ask(), CROSS_CHECK);
      return await source.ended;
    } catch (error) {
      return codeOf(error);
    } finally {
      clearInterval(timer);
      line = null;
      await source?.close();
      source = null;
      tellOver();
    }
  }

  function handOver(next: Line | null): void {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve(next);
  }

  /** The line, once there is one; null when the account is stopped. */
  function nextLine(): Promise<Line | null> {
    if (line || stopped) return Promise.resolve(line);
    return new Promise((resolve) => waiting.push(resolve));
  }

  /** A line that does not answer in time is cut; `live` then makes a new one. */
  async function ask(): Promise<void> {
    if (!line) return;
    const { source: asked } = line;
    try {
      await asked.check();
      change({ asOf: now() });
    } catch {
      await asked.close();
    }
  }

  /** True when woken before the time was over; `null` waits for that alone. */
  function sleep(milliseconds: number | null): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = milliseconds === null ? undefined : setTimeout(() => resolve(false), milliseconds);
      endSleep = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  async function carryOut(work: (source: MailSource, again: boolean) => Promise<void>): Promise<boolean> {
    let deaths = 0;
    for (let current = await nextLine(); current; current = await nextLine()) {
      try {
        await work(current.source, deaths > 0);
        return true;
      } catch (error) {
        // The line died under it: nothing is known of the outcome.
        if (!/^(connection-lost|timed-out)$/.test(codeOf(error)) || ++deaths === MOST_DEATHS) throw error;
        await current.source.close();
        await current.over;
      }
    }
    return false;
  }

  async function askSource<T>(question: (source: MailSource) => Promise<T>): Promise<T> {
    const isStopped = status.code !== null && mustStop(status.code);
    const current = isStopped ? line : await within(nextLine(), LINE_TIMEOUT).catch(() => null);
    if (!current) throw new BridgeError(status.code ?? 'connection-timeout');
    return question(current.source);
  }

  function look(): void {
    resting = false;
    endSleep();
    void ask();
  }

  void live();
  return {
    get status() {
      return status;
    },
    check() {
      wanted = line === null;
      look();
    },
    wake() {
      // Each browser that starts would be a wrong password at the server, until it locks the account.
      const stays = status.code !== null && mustStop(status.code);
      if (stays) resting = false;
      else look();
    },
    carryOut,
    ask: askSource,
    async rest() {
      resting = true;
      await source?.close();
    },
    async stop() {
      stopped = true;
      endSleep();
      handOver(null);
      await source?.close();
    },
  };
}
