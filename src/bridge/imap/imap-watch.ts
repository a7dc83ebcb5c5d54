/**
 * How a line learns of what happens: IDLE in one folder, NOTIFY or a look at the others, and a sign of life now and then.
 * What a look finds that the server should have told by itself counts against its IDLE.
 */

import { codeOf } from '../errors.ts';
import type { News } from './imap-connection.ts';
import type { FolderNews, ImapFolder } from './imap-folder.ts';
import type { FolderStatus } from './imap-folders.ts';
import type { ImapLine } from './imap-line.ts';
import type { ImapLines } from './imap-lines.ts';
import type { ImapMemory } from './imap-memory.ts';
import type { FillRows } from './row-filling.ts';

/** How long a server may take for a sign of life when nobody waits for it. */
const PROBE_TIMEOUT = 15_000;
/** How often the folders that nothing tells of are looked at. */
const SWEEP = 3 * 60_000;
/** The same where NOTIFY tells of them: whether it does. */
const CROSS_CHECK_SWEEP = 10 * 60_000;
/** Mail seldom comes alone: a look at the other folders follows news in one of them. */
const SOON = 2_000;

export interface WatchOptions {
  memory: ImapMemory;
  lines: ImapLines;
  /** The folder that IDLE listens in. */
  home: string;
  fillRows: FillRows;
  /** Opens a folder, or has it count for nothing where it is gone. */
  visit: (line: ImapLine, path: string) => Promise<boolean>;
}

export interface ImapWatch {
  /** The first look is done; from here on nothing is to be missed. */
  start(): Promise<void>;
  /** The server tells something of the folder that IDLE listens in; `asked`: not by itself. */
  told(news: News, asked: boolean): void;
  /** The server has told something of the selected folder. */
  heard(news: FolderNews): void;
  /** Takes a look; it resolves with whether there was something that should have been told. */
  look(work: () => Promise<boolean>): Promise<void>;
  stop(): void;
}

export function watchFolders({ memory, lines, home, fillRows, visit }: WatchOptions): ImapWatch {
  const { folders, push, notifies } = memory;
  const others = [...folders.keys()].filter((path) => path !== home);
  /** As last told; the count of unseen messages in it includes deleted ones, so it is compared with itself only. */
  const told = new Map<string, FolderStatus>();
  /** Folders that NOTIFY has shown to tell of. */
  const covered = new Set<string>();
  const timers: { renewal?: NodeJS.Timeout; sweep?: NodeJS.Timeout } = {};
  /** Whether it has brought anything so far, while somebody looks. */
  let found: boolean | null = null;
  let stopped = false;

  async function look(work: () => Promise<boolean>): Promise<void> {
    const before = renewal();
    found = false;
    try {
      if ((await work()) || found) push.missed();
    } finally {
      found = null;
    }
    // Who has lost its trust is polled from now on, not after the pause that was meant for another.
    if (renewal() < before) schedule();
  }

  /** A look that fails is taken again later; a line that is gone is told of by its end. */
  function note(error: unknown): void {
    const code = codeOf(error);
    if (code !== 'connection-lost') memory.log('warn', 'look-failed', { account: memory.account.id, code });
  }

  const polls = () => !push.reliable || !lines.first.session.abilities.idle;

  async function renew(): Promise<void> {
    const line = lines.first;
    await look(async () => {
      await line.run(null, (session) => session.probe(PROBE_TIMEOUT));
      if ((polls() && !line.session.abilities.modern) || folders.get(home)?.owesRows) line.forget();
      // It may have been missing, and made again since.
      if (line.selected?.folder !== home) await visit(line, home);
      if (polls())
        await line.run(home, async (session) =>
          folders.get(home)?.follow(session, { exists: true, flags: true, gone: [] }, line.takeGone),
        );
      return false;
    });
  }

  async function sweep(): Promise<void> {
    if (others.length === 0) return;
    const statuses = await lines.first.run(null, (session) => session.statuses(others), 'filling');
    for (const [path, status] of statuses) {
      if (!isBehind(folders.get(path), status, told.get(path))) continue;
      if (covered.has(path)) notifies.missed();
      await readOther(path, status);
    }
    for (const path of others)
      if (!statuses.has(path) && folders.get(path)?.held) await visit(await lines.work(), path);
    if (!notifies.reliable) covered.clear();
  }

  async function readOther(path: string, status: FolderStatus): Promise<void> {
    const line = await lines.work();
    await lookInto(line, path);
    told.set(path, status);
    fillRows(line, path);
  }

  /** Where it is selected already, a NOOP makes the server tell what there is; old servers must be made to look again. */
  async function lookInto(line: ImapLine, path: string): Promise<void> {
    const { session, selected } = line;
    const isOpen = selected?.folder === path && session.abilities.modern && !folders.get(path)?.owesRows;
    if (!isOpen && selected?.folder === path) line.forget();
    await line.run(path, async () => {
      if (isOpen) await session.probe(PROBE_TIMEOUT);
    });
  }

  /** True where the server has told at once how every folder stands: it knows which ones are meant. */
  async function notify(line: ImapLine): Promise<void> {
    if (others.length === 0 || !line.session.abilities.notify || !notifies.reliable) return;
    const onStatus = (path: string, status: FolderStatus) => {
      if (!others.includes(path)) return;
      covered.add(path);
      if (!isBehind(folders.get(path), status, told.get(path))) return;
      notifies.heard();
      void readOther(path, status).catch(note);
    };
    await line.run(null, (session) => session.notify(others, onStatus)).catch(note);
  }

  function schedule(): void {
    clearTimeout(timers.renewal);
    if (!stopped) timers.renewal = setTimeout(() => void renew().catch(note).then(schedule), renewal());
  }

  const renewal = () => (polls() ? Math.min(push.renewal, POLL) : push.renewal);

  function scheduleSweep(pause = covered.size === others.length ? CROSS_CHECK_SWEEP : SWEEP): void {
    clearTimeout(timers.sweep);
    if (!stopped && others.length > 0)
      timers.sweep = setTimeout(
        () =>
          void sweep()
            .catch(note)
            .then(() => scheduleSweep()),
        pause,
      );
  }

  return {
    async start() {
      await notify(lines.first);
      schedule();
      // Something may have come into one while the next one was read; NOTIFY has told of it.
      scheduleSweep(covered.size < others.length ? SOON : CROSS_CHECK_SWEEP);
    },
    told(news, asked) {
      if (found !== null) found = true;
      else if (news.kind === 'exists' && !asked) push.heard();
    },
    heard(news) {
      if (!news.exists) return;
      if (covered.size < others.length) scheduleSweep(SOON);
    },
    look,
    stop() {
      stopped = true;
      clearTimeout(timers.renewal);
      clearTimeout(timers.sweep);
    },
  };
}

/** A server that cannot IDLE is asked this often. */
const POLL = 60_000;

/** Whether something has happened in the folder since it was read. Its UIDVALIDITY is only believed after a SELECT. */
function isBehind(folder: ImapFolder | undefined, status: FolderStatus, before: FolderStatus | undefined): boolean {
  if (!folder?.held || folder.owesRows) return true;
  const { state, exists, modseq } = folder.held;
  const differs = <T>(told: T | null, known: T | null) => told !== null && known !== null && told !== known;
  return (
    differs(status.uidValidity, state.uidValidity) ||
    differs(status.uidNext, state.uidNext) ||
    differs(status.messages, exists) ||
    differs(status.modseq, modseq) ||
    differs(status.unseen, before ? before.unseen : state.unseen.size)
  );
}
