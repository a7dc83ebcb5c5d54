/** One line to an IMAP account: signs in, brings every folder up to date, follows what happens, does what is asked. */
import type { Can, ErrorCode, Folder, MarkOperation, RemoveOperation } from '../../model.ts';
import { countUnread } from '../count-unread.ts';
import { BridgeError, codeOf } from '../errors.ts';
import type { MailSource } from '../mail-source.ts';
import type { MailboxState } from '../mailbox-state.ts';
import { lookAtServer } from './imap-first-look.ts';
import type { ImapLine } from './imap-line.ts';
import { makeImapLines } from './imap-lines.ts';
import { mark } from './imap-marks.ts';
import type { ImapMemory } from './imap-memory.ts';
import { readMessage, readPart } from './imap-message.ts';
import { removeMessages } from './imap-removal.ts';
import { searchFolder } from './imap-search.ts';
import { watchFolders } from './imap-watch.ts';
import { makeRowFilling } from './row-filling.ts';

/** Marks and moves reach every device, new mail is pushed. */
export const IMAP_CAN: Can = { flags: 'server', folders: true, push: true, move: true };
/** A line that is dead without knowing it must not hold up a look that somebody waits for. */
const CHECK_TIMEOUT = 8_000;

export function makeImapSource(memory: ImapMemory, secret: string): MailSource {
  const { account, folders, push, now } = memory;
  let tellEnd: (code: ErrorCode) => void = () => {};
  const ended = new Promise<ErrorCode>((resolve) => {
    tellEnd = resolve;
  });
  const [home = 'INBOX'] = folders.keys();
  /** Folders that are known to be as they are held, on this line. */
  const counted = new Set<string>();
  /** All folders of the account, as last listed. */
  let all: Folder[] = [];
  let lastHeard = now();

  const lines = makeImapLines({
    account,
    secret,
    version: memory.version,
    serverName: memory.serverName,
    budget: memory.budget,
    logins: memory.logins,
    onSignIn: () => memory.logins.note(),
    home,
    async onSelected(path, selected, line) {
      lines.forgetOthers(line, path, selected.uidValidity);
      const before = folders.get(path)?.held?.state.uidNext;
      await folders.get(path)?.open(line.session, selected, line.takeGone);
      noteCounted(path);
      // What has come while the line was in another folder is news like any other.
      if (path === home && before !== undefined && folders.get(path)?.held?.state.uidNext !== before)
        watch.heard({ exists: true, flags: false, gone: [] });
    },
    async onNews(path, news, line) {
      lastHeard = now();
      watch.heard(news);
      await folders.get(path)?.follow(line.session, news, line.takeGone);
      fillRows(line, path);
    },
    onTold(path, told, asked, line) {
      if (path === home && line === lines.first) watch.told(told, asked);
    },
    onEnd(code) {
      watch.stop();
      if (code === 'connection-lost') push.died(now() - lastHeard);
      if (memory.listener === listener) memory.listener = null;
      tellEnd(code);
    },
  });

  const fillRows = makeRowFilling(folders, (error) => note('rows-without-words', error));
  const watch = watchFolders({ memory, lines, home, fillRows, visit });

  const source: MailSource = {
    can: IMAP_CAN,
    onChange: null,
    onFolders: null,
    ended,
    async open(onStep) {
      memory.listener = listener;
      if (onStep) await lookAtServer(account.server, onStep);
      await lines.open();
      const line = lines.first;
      if (onStep && account.server.security === 'starttls') onStep('encrypted');
      onStep?.('signed-in');
      const found = await Promise.all([...folders.keys()].map((path) => visit(line, path)));
      if (!found.includes(true)) throw new BridgeError('folder-missing');
      onStep?.('read');
      void settleIn(line);
    },
    async mark(operation) {
      const line = await lineFor(operation.folder);
      const uids = await line.change(operation.folder, async (session) =>
        mark(session, operation, validityOf(line), folders.get(operation.folder) ?? null),
      );
      await readBack(line, operation, uids);
    },
    async remove(operation, again) {
      const line = await lineFor(operation.folder);
      if (all.length === 0) await listFolders(line);
      const to = await removeMessages(line, operation, again, all);
      if (to !== null && !all.some(({ path }) => path === to)) await listFolders(line);
      await readBack(line, operation, operation.target.uids);
      if (to !== null && folders.has(to)) await attempt(() => look(to));
    },
    async readMessage(message, signal) {
      const line = await lines.work();
      return line.run(message.folder, (session) => {
        checkValidity(line, message.uidValidity);
        return readMessage(session, message.uid, signal);
      });
    },
    async readPart(message, part, take, signal) {
      const line = await lines.work();
      await readPart(message.uid, part, take, signal, (job) =>
        line.run(message.folder, (session) => {
          checkValidity(line, message.uidValidity);
          return job(session);
        }),
      );
    },
    async search({ folder, ...query }, onFound, signal) {
      const paths = folder === undefined ? [...folders.keys()] : [folder];
      for (const path of paths) {
        const line = await lines.work();
        const ref = { account: account.id, folder: path };
        await line.run(path, (session) => searchFolder(session, ref, validityOf(line), query, now(), onFound, signal));
      }
    },
    check,
    close: () => lines.close(),
  };

  const listener = {
    onUnseen: noteCounted,
    onState: (ref: { account: string; folder: string }, state: MailboxState) =>
      source.onChange?.({ unread: unread(), mailbox: { ref, state } }),
  };

  function noteCounted(path: string): void {
    if (counted.has(path)) return;
    counted.add(path);
    source.onChange?.({ unread: unread(), mailbox: null });
  }

  /** null until every folder was looked at on this line. */
  function unread(): number | null {
    if (counted.size < folders.size) return null;
    return countUnread([...folders.values()].flatMap(({ unseen }) => unseen ?? []));
  }

  /**
   * Opens a folder, true when it is open. One that counts and is not there any more counts for nothing; one that is only
   * refused stays as it was, and shuts the account if it is the one that is listened in.
   */
  async function visit(line: ImapLine, path: string): Promise<boolean> {
    try {
      await line.run(path, async () => {});
      return true;
    } catch (error) {
      const code = codeOf(error);
      if (code === 'folder-missing') folders.get(path)?.forget();
      else if (code !== 'server-refused' || path === home) throw error;
      memory.log('warn', 'folder-left-out', { account: account.id, code });
      noteCounted(path);
      return false;
    }
  }

  /** What has just been brought into a folder is there at once, however late the server would tell of it. */
  async function look(path: string): Promise<void> {
    await (await lineFor(path)).run(path, (session) => session.probe());
  }

  /** What can wait until the number is there. What the server refuses of it, the account does without. */
  async function settleIn(line: ImapLine): Promise<void> {
    fillRows(line, home);
    await attempt(() => listFolders(line));
    await attempt(async () => {
      memory.serverName ||= await line.run(null, (session) => session.identify(), 'filling');
    });
    await attempt(() => watch.start());
    for (const path of folders.keys()) if (path !== home) fillRows(line, path);
  }

  async function attempt(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => note('left-out', error));
  }

  /** A line that is gone is told of by its end. */
  function note(event: string, error: unknown): ErrorCode {
    const code = codeOf(error);
    if (code !== 'connection-lost') memory.log('warn', event, { account: account.id, code });
    return code;
  }

  async function listFolders(line: ImapLine): Promise<void> {
    all = await line.run(null, (session) => session.list(), 'filling');
    source.onFolders?.(all);
  }

  /** Where the server's news of this folder are heard, or the second line. */
  async function lineFor(path: string): Promise<ImapLine> {
    return path === home ? lines.first : lines.work();
  }

  function validityOf(line: ImapLine): number {
    return line.selected?.uidValidity ?? 0;
  }

  function checkValidity(line: ImapLine, meant: number): void {
    if (validityOf(line) !== meant) throw new BridgeError('mailbox-changed');
  }

  async function readBack(line: ImapLine, { folder }: MarkOperation | RemoveOperation, uids: readonly number[]) {
    await line.run(folder, async (session) => folders.get(folder)?.readBack(session, uids));
  }

  async function check(): Promise<void> {
    const line = lines.first;
    await watch.look(async () => {
      await line.run(null, (session) => session.probe(CHECK_TIMEOUT));
      let missed = false;
      for (const [path, folder] of folders) {
        if (!line.session.abilities.modern) line.forget();
        if (!(await visit(line, path))) continue;
        const changed = await line.run(path, (session) => folder.verify(session));
        // IDLE listens in one folder; what happens in others is no fault of its.
        if (path === home) missed = changed;
      }
      return missed;
    });
    await listFolders(line);
    for (const path of folders.keys()) fillRows(line, path);
  }

  return source;
}
