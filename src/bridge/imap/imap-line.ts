/**
 * One connection at work: one job after the other, each in the folder it is about. What a server tells by itself becomes
 * a job of its own.
 */
import type { ErrorCode } from '../../model.ts';
import { BridgeError } from '../errors.ts';
import type { ConnectionOptions, News } from './imap-connection.ts';
import type { FolderNews } from './imap-folder.ts';
import type { Selected } from './imap-reading.ts';
import { type ImapSession, makeImapSession } from './imap-session.ts';
import { joinUidRanges, type UidRanges } from './uid-ranges.ts';

/** A job waits for those of its kind; what a person or the server waits for goes before what fills in. */
export type Urgency = 'urgent' | 'filling';

export interface LineOptions extends Omit<ConnectionOptions, 'onNews' | 'onEnd'> {
  /** The folder to be in when there is nothing to do; null: whichever was the last. */
  home: string | null;
  /** A folder was selected: before the job that is about it. */
  onSelected: (folder: string, selected: Selected, line: ImapLine) => Promise<void>;
  /** The server has told something of the folder that is selected. */
  onNews: (folder: string, news: FolderNews, line: ImapLine) => Promise<void>;
  /** The same, at the moment at which it is told; `asked`: while the server was asked something, and not by itself. */
  onTold?: (folder: string, told: News, asked: boolean, line: ImapLine) => void;
  /** Called once, whoever ended the connection. */
  onEnd: (code: ErrorCode) => void;
  makeSession?: (options: ConnectionOptions) => ImapSession;
}

export interface ImapLine {
  readonly session: ImapSession;
  /** The folder that is selected, and its UIDVALIDITY. */
  readonly selected: { folder: string; uidValidity: number; forWriting: boolean } | null;
  /** True while a job runs or waits. */
  readonly busy: boolean;
  open(): Promise<void>;
  /** Does the job, in this folder if one is named. @throws {BridgeError} what the job throws, or `connection-lost` */
  run<T>(folder: string | null, job: (session: ImapSession) => Promise<T>, urgency?: Urgency): Promise<T>;
  /** Does a job that changes messages of this folder. @throws {BridgeError} the same */
  change<T>(folder: string, job: (session: ImapSession) => Promise<T>): Promise<T>;
  /** The folder that is selected is opened anew for the next job, as what is known of it may not hold any more. */
  forget(): void;
  /** What the server has named as gone since this was last asked. */
  takeGone(): UidRanges;
  close(): Promise<void>;
}

/** How a folder is to be selected; `any` takes it as it is. */
type Wish = 'any' | 'reading' | 'writing';

interface Job {
  start(): Promise<void>;
  refuse(code: ErrorCode): void;
}

const NOTHING: FolderNews = { exists: false, flags: false, gone: [] };

export function makeImapLine(options: LineOptions): ImapLine {
  const { home, onSelected, onNews } = options;
  const waiting: Record<Urgency, Job[]> = { urgent: [], filling: [] };
  let working = false;
  let selected: ImapLine['selected'] = null;
  let news = NOTHING;
  let following = false;
  let over: ErrorCode | null = null;
  let wasHome = false;

  const session = (options.makeSession ?? makeImapSession)({
    ...options,
    onNews: take,
    onEnd(code) {
      over = code;
      for (const job of [...waiting.urgent.splice(0), ...waiting.filling.splice(0)]) job.refuse('connection-lost');
      options.onEnd(code);
    },
  });

  function take(told: News): void {
    if (selected && !following) options.onTold?.(selected.folder, told, working, line);
    news = {
      exists: news.exists || told.kind === 'exists',
      flags: news.flags || told.kind === 'flags',
      gone: told.kind === 'gone' && told.uids ? joinUidRanges(news.gone, told.uids) : news.gone,
    };
    // One look answers any number of calls; those that come while the folder is opened are answered by that.
    if (following || !selected) return;
    following = true;
    const { folder } = selected;
    enqueue(folder, () => follow(folder), 'urgent', 'any').catch(() => session.close());
  }

  async function follow(folder: string): Promise<void> {
    following = false;
    const told = news;
    news = NOTHING;
    await onNews(folder, told, line);
  }

  async function select(folder: string, wish: Wish): Promise<void> {
    if (selected?.folder === folder && suits(selected.forWriting, wish)) return;
    selected = null;
    news = NOTHING;
    // Servers that have learnt nothing since 1997 may keep a mailbox as it was when it was selected, and write that back
    // in the end over what others have changed: mailutils does. Opened for reading alone, they write nothing.
    const forWriting = wish === 'writing' || session.abilities.modern;
    const answer = await session.select(folder, forWriting);
    // From here on the server's news are this folder's; while it is brought up to date they wait.
    following = true;
    selected = { folder, uidValidity: answer.uidValidity, forWriting };
    wasHome ||= folder === home;
    try {
      await onSelected(folder, answer, line);
    } catch (error) {
      selected = null;
      throw error;
    } finally {
      following = false;
    }
    if (news.exists || news.flags || news.gone.length > 0) take({ kind: 'gone', uids: null });
  }

  function suits(forWriting: boolean, wish: Wish): boolean {
    if (wish === 'writing') return forWriting;
    return wish === 'any' || !forWriting || session.abilities.modern;
  }

  function enqueue<T>(
    folder: string | null,
    job: (session: ImapSession) => Promise<T>,
    urgency: Urgency,
    wish: Wish,
  ): Promise<T> {
    if (over !== null) return Promise.reject(new BridgeError('connection-lost'));
    return new Promise<T>((resolve, reject) => {
      waiting[urgency].push({
        async start() {
          try {
            if (folder !== null) await select(folder, wish);
            resolve(await job(session));
          } catch (error) {
            reject(error);
          }
        },
        refuse: (code) => reject(new BridgeError(code)),
      });
      void work();
    });
  }

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    let job = next();
    while (job) {
      await job.start();
      // Who has waited for it may have more to do in the same folder.
      await new Promise(setImmediate);
      job = next();
    }
    working = false;
    goHome();
  }

  /** Back to where the server's news are wanted, also when a folder could not be opened and none is selected. */
  function goHome(): void {
    const place = home ?? selected?.folder ?? null;
    if (over !== null || place === null || (home !== null && !wasHome)) return;
    if (selected?.folder !== place || !suits(selected.forWriting, 'reading'))
      enqueue(place, async () => {}, 'urgent', 'reading').catch(() => session.close());
  }

  const next = () => waiting.urgent.shift() ?? waiting.filling.shift();

  const line: ImapLine = {
    session,
    get selected() {
      return selected;
    },
    get busy() {
      return working;
    },
    open: () => session.open(),
    run: (folder, job, urgency = 'urgent') => enqueue(folder, job, urgency, 'any'),
    change: (folder, job) => enqueue(folder, job, 'urgent', 'writing'),
    forget() {
      selected = null;
      if (!working) goHome();
    },
    takeGone() {
      const { gone } = news;
      news = { ...news, gone: [] };
      return gone;
    },
    close: () => session.close(),
  };
  return line;
}
