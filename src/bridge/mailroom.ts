/**
 * All accounts at work: starts and stops their supervisors, numbers what their mailboxes become, tells every browser.
 * Operations come in here, once each however often they are sent.
 */
import {
  type Account,
  type AccountId,
  type AccountStatus,
  type ErrorCode,
  type Folder,
  type FolderRef,
  isRemoval,
  type MarkOperation,
  type Operation,
  type RemoveOperation,
  UNDO_TIME,
} from '../model.ts';
import type { BridgeEvent } from '../protocol.ts';
import type { Accounts } from './accounts.ts';
import { canOf, type OpenAccount } from './choose-source.ts';
import { BridgeError, codeOf } from './errors.ts';
import type { Ledger } from './ledger.ts';
import type { Log } from './log.ts';
import type { MailSource } from './mail-source.ts';
import { makeMailboxHistory, type NumberedMailbox } from './mailbox-history.ts';
import type { MailboxState } from './mailbox-state.ts';
import { makePendingWork } from './pending-work.ts';
import { type Supervisor, startSupervisor } from './supervisor.ts';
import { makeUndoWindow } from './undo-window.ts';
import type { Vault } from './vault.ts';

/** Connections are for somebody: this long after the last browser has gone they are let go. */
const REST_AFTER = 2 * 60_000;

/** A browser, as far as the mailroom is concerned. */
export interface Listener {
  /** What stands in one call arrives together. */
  tell(events: BridgeEvent[]): void;
  /** Replaces the browser's copy of the mailbox. */
  tellSnapshot(mailbox: NumberedMailbox, status: AccountStatus): void;
}

export interface MailroomOptions {
  accounts: Accounts;
  vault: Vault;
  ledger: Ledger;
  openAccount: OpenAccount;
  log: Log;
  now: () => number;
  random: () => number;
  makeEpoch: () => string;
}

export interface Mailroom {
  /** The account list and every status: what a browser is told first. */
  facts(): BridgeEvent[];
  mailboxes(): NumberedMailbox[];
  accounts(): AccountId[];
  statusOf(account: AccountId): AccountStatus | null;
  /** Returns what ends it. */
  listen(listener: Listener): () => void;
  /** Resolves with null when the operation is done, or with why it will never be. */
  operate(id: string, operation: Operation): Promise<ErrorCode | null>;
  setSecret(account: AccountId, secret: string): Promise<void>;
  /** Asks an account's source something. @throws {BridgeError} */
  ask<T>(account: AccountId, question: (source: MailSource) => Promise<T>): Promise<T>;
  /** Takes back a removal that still waits; nothing happens to one that does not. */
  undo(id: string): void;
  /** The user asks. */
  check(): void;
  /** The computer has slept or is on another network. */
  wake(): void;
  stop(): Promise<void>;
}

export function openMailroom(options: MailroomOptions): Mailroom {
  const { accounts, vault, ledger, log } = options;
  const supervisors = new Map<AccountId, Supervisor>();
  const history = makeMailboxHistory(options.makeEpoch);
  const listeners = new Set<Listener>();
  const running = new Map<string, Promise<ErrorCode | null>>();
  /** Changes to the accounts, one after the other: a password that follows its account finds it. */
  let changes: Promise<unknown> = Promise.resolve();
  const notes = makePendingWork();
  const undoable = makeUndoWindow(UNDO_TIME);
  const foldersOf = new Map<AccountId, Folder[]>();
  let stopping = false;
  let resting: NodeJS.Timeout | undefined = setTimeout(restAll, REST_AFTER);

  const tellAll = (events: BridgeEvent[]) => {
    for (const listener of listeners) listener.tell(events);
  };

  function start(account: Account): void {
    history.forget(account.id);
    const supervisor = startSupervisor({
      account,
      readSecret: (one) => vault.read(one),
      openAccount: options.openAccount,
      can: canOf(account),
      log,
      now: options.now,
      random: options.random,
      onChange: (status, mailbox) => publish(status, mailbox),
      onFolders(folders) {
        foldersOf.set(account.id, folders);
        tellAll([{ type: 'folders', account: account.id, folders }]);
      },
    });
    supervisors.set(account.id, supervisor);
  }

  function publish(status: AccountStatus, mailbox: { ref: FolderRef; state: MailboxState } | null): void {
    const event: BridgeEvent = { type: 'status', ...status };
    if (!mailbox) {
      tellAll([event]);
      return;
    }
    const step = history.record(mailbox.ref, mailbox.state);
    if (step.kind === 'delta') tellAll([step.event, event]);
    else if (step.kind === 'none') tellAll([event]);
    else for (const listener of listeners) listener.tellSnapshot(step.mailbox, status);
  }

  async function stopAccount(id: AccountId): Promise<void> {
    const supervisor = supervisors.get(id);
    supervisors.delete(id);
    history.forget(id);
    foldersOf.delete(id);
    await supervisor?.stop();
  }

  async function putAccount(account: Account): Promise<void> {
    const before = accounts.find(account.id);
    if (!(await accounts.put(account))) throw new BridgeError('too-many');
    await vault.rebind(account);
    tellAll([accountsEvent()]);
    // A new name alone is no reason to sign in again.
    const moved =
      !before ||
      JSON.stringify({ ...before, name: '', address: '' }) !== JSON.stringify({ ...account, name: '', address: '' });
    if (moved) await restart(account);
  }

  async function restart(account: Account): Promise<void> {
    const before = supervisors.get(account.id);
    // The new one stands first: an operation that the old one lets go of finds it.
    start(account);
    await before?.stop();
    const status = supervisors.get(account.id)?.status;
    if (status) tellAll([{ type: 'status', ...status }]);
  }

  async function removeAccount(id: AccountId): Promise<void> {
    await stopAccount(id);
    await vault.forget(id);
    await accounts.remove(id);
    tellAll([accountsEvent()]);
  }

  /** Not once everything stops: an account that is begun then would be ended by nobody. */
  function inTurn(change: () => Promise<void>): Promise<void> {
    const result = changes.then(async () => {
      if (!stopping) await change();
    });
    changes = result.catch(() => {});
    return result;
  }

  /** @param again whether a bridge before this one may have done it */
  async function apply(operation: Operation, again: boolean): Promise<void> {
    if (operation.kind === 'put-account') return inTurn(() => putAccount(operation.account));
    if (operation.kind === 'remove-account') return inTurn(() => removeAccount(operation.account));
    return actOn(operation, again);
  }

  /** Whoever takes over an account while its supervisor is replaced finds the work still to be done. */
  async function actOn(operation: MarkOperation | RemoveOperation, before: boolean): Promise<void> {
    for (;;) {
      const supervisor = supervisors.get(operation.account);
      if (!supervisor) throw new BridgeError('account-unknown');
      const done = await supervisor.carryOut(async (source, again) => {
        if (!isRemoval(operation)) return source.mark(operation);
        if (!source.remove) throw new BridgeError('unsupported');
        return source.remove(operation, again || before);
      });
      if (done) return;
    }
  }

  async function operateOnce(id: string, operation: Operation): Promise<ErrorCode | null> {
    if (stopping) return new Promise(() => {});
    const known = ledger.find(id);
    if (known !== undefined) return known;
    const again = ledger.wasBegun(id);
    // What a bridge before this one was at may be done: it cannot be taken back any more.
    if (isRemoval(operation) && !again && !(await undoable.wait(id))) {
      if (!stopping) await note(ledger.settle(id, 'undone'));
      return stopping ? new Promise(() => {}) : 'undone';
    }
    // A mark that is done twice is done; a removal could leave a second copy.
    if (isRemoval(operation) && !again) await note(ledger.begin(id));
    const code = await apply(operation, again).then(() => null, codeOf);
    // Going down is no answer: the browser still holds the operation and sends it to the next bridge.
    if (stopping) return new Promise(() => {});
    if (code) log('warn', 'operation-refused', { code });
    await note(ledger.settle(id, code));
    return code;
  }

  /** A disk that is full is no reason to stay without an answer: the ledger still knows it until the bridge ends. */
  async function note(written: Promise<void>): Promise<void> {
    await notes.add(written).catch(() => log('error', 'ledger-not-written'));
  }

  function accountsEvent(): BridgeEvent {
    return { type: 'accounts', accounts: [...accounts.list()] };
  }

  function wakeAll(): void {
    for (const supervisor of supervisors.values()) supervisor.wake();
  }

  function restAll(): void {
    for (const supervisor of supervisors.values()) void supervisor.rest();
  }

  for (const account of accounts.list()) start(account);

  return {
    facts: () => [
      accountsEvent(),
      ...[...foldersOf].map(([account, folders]) => ({ type: 'folders' as const, account, folders })),
      ...[...supervisors.values()].map(({ status }) => ({ type: 'status' as const, ...status })),
    ],
    mailboxes: () => history.list(),
    accounts: () => [...supervisors.keys()],
    statusOf: (account) => supervisors.get(account)?.status ?? null,
    listen(listener) {
      listeners.add(listener);
      clearTimeout(resting);
      if (listeners.size === 1) wakeAll();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) resting = setTimeout(restAll, REST_AFTER);
      };
    },
    operate(id, operation) {
      const known = running.get(id);
      if (known !== undefined) return known;
      const work = operateOnce(id, operation).finally(() => running.delete(id));
      running.set(id, work);
      return work;
    },
    setSecret: (id, secret) =>
      inTurn(async () => {
        const account = accounts.find(id);
        if (!account) return;
        await vault.write(account, secret);
        await restart(account);
      }),
    async ask(id, question) {
      const supervisor = supervisors.get(id);
      if (!supervisor) throw new BridgeError('account-unknown');
      return supervisor.ask(question);
    },
    undo: (id) => undoable.undo(id),
    check() {
      for (const supervisor of supervisors.values()) supervisor.check();
    },
    wake: wakeAll,
    async stop() {
      stopping = true;
      clearTimeout(resting);
      undoable.close();
      // A change that is under way may still begin an account.
      await changes;
      await Promise.all([...supervisors.keys()].map(stopAccount));
      await notes.ended();
    },
  };
}
