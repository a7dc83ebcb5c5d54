/** One IMAP account's INBOX: read once, then followed. Server answers go through `folder-sync` and come out as states. */
import { lookup } from 'node:dns/promises';
import type { Account, Can, ErrorCode, FolderRef, MarkOperation, Message, TestStep } from '../../model.ts';
import { within } from '../deadline.ts';
import { BridgeError } from '../errors.ts';
import { IMAP_GREETING, lookAtGreeting } from '../greeting.ts';
import type { MailSource } from '../mail-source.ts';
import type { MailboxState } from '../mailbox-state.ts';
import { decodeHeader } from '../message/message-header.ts';
import {
  addRows,
  applyFlags,
  applyUnseen,
  emptyMailbox,
  fillMailbox,
  missingUnseen,
  trimWindow,
  WINDOW,
} from './folder-sync.ts';
import { toBridgeError } from './imap-errors.ts';
import {
  type FetchedHeader,
  type ImapSession,
  makeImapSession,
  type News,
  type SessionOptions,
} from './imap-session.ts';
import { toUidSets } from './uid-set.ts';

/** Marks reach every device, new mail is pushed. */
export const IMAP_CAN: Can = { flags: 'server', folders: false, push: true, move: false };
/** Of a name server; the connection has a deadline of its own. */
const LOOKUP_TIMEOUT = 10_000;
/** What a row shows, and Content-Type for the charset of raw bytes. Recipients can be megabytes and are not shown. */
const ROW_FIELDS: readonly string[] = ['From', 'Subject', 'Message-ID', 'Content-Type'];
/** INTERNALDATE is the server's clock; a row from the far future would stay on top for ever. */
const DAY = 24 * 3600_000;

export interface ImapSourceOptions {
  account: Account;
  secret: string;
  version: string;
  now: () => number;
  makeSession?: (options: SessionOptions) => ImapSession;
}

export function makeImapSource({
  account,
  secret,
  version,
  now,
  makeSession = makeImapSession,
}: ImapSourceOptions): MailSource {
  const inbox: FolderRef = { account: account.id, folder: 'INBOX' };
  let tellEnd: (code: ErrorCode) => void = () => {};
  const ended = new Promise<ErrorCode>((resolve) => {
    tellEnd = resolve;
  });
  let state: MailboxState | null = null;
  const news = new Set<News>();
  /** All work on the connection, one after the other. */
  let queue: Promise<unknown> = Promise.resolve();
  let following = false;

  const session = makeSession({
    account,
    secret,
    headerFields: ROW_FIELDS,
    version,
    onNews(what) {
      const waiting = news.size > 0;
      news.add(what);
      // One look answers any number of calls.
      if (following && !waiting) void enqueue(follow).catch(() => session.close());
    },
    onEnd: tellEnd,
  });

  const source: MailSource = {
    can: IMAP_CAN,
    onMailbox: null,
    ended,
    async open(onStep) {
      await enqueue(async () => {
        if (onStep) await openStepwise(onStep);
        else await session.open();
        await readInbox();
        following = true;
        onStep?.('read');
      });
      void enqueue(follow).catch(() => session.close());
    },
    mark: (operation) => enqueue(() => mark(operation)),
    check: () =>
      enqueue(async () => {
        await session.probe();
        for (const what of ['new', 'flags', 'gone'] as const) news.add(what);
        await follow();
      }),
    close: () => session.close(),
  };

  function enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = queue.then(work);
    queue = result.catch(() => {});
    return result;
  }

  function publish(next: MailboxState): void {
    if (next === state) return;
    state = next;
    source.onMailbox?.(inbox, next);
  }

  /** The same as opening, but each step is told: for a person who waits. */
  async function openStepwise(onStep: (step: TestStep) => void): Promise<void> {
    await within(lookup(account.server.host), LOOKUP_TIMEOUT, 'host-not-found').catch((error: unknown) => {
      throw toBridgeError(error);
    });
    onStep('found');
    await lookAtGreeting(account.server, IMAP_GREETING, onStep);
    await session.open();
    // Without encryption there is no such step to pass.
    if (account.server.security === 'starttls') onStep('encrypted');
    onStep('signed-in');
  }

  async function readInbox(): Promise<void> {
    const { uidValidity, uidNext, exists } = await session.select('INBOX');
    const unseen = await session.searchUnseen();
    const first = Math.max(1, exists - WINDOW + 1);
    const window = exists > 0 ? await session.fetchHeaders(`${first}:*`, true) : [];
    const filled = fillMailbox(emptyMailbox(uidValidity, uidNext), toRows(window, uidValidity), unseen);
    publish(await withUnseenRows(filled));
  }

  /** Looks at what the server has told of since the last look, until it has nothing more to tell. */
  async function follow(): Promise<void> {
    while (state && news.size > 0) {
      const what = new Set(news);
      news.clear();
      let next = state;
      if (what.has('new')) next = addRows(next, toRows(await fetchFrom(next.uidNext), next.uidValidity));
      if (what.has('flags') || what.has('gone')) next = await withFlags(next);
      next = applyUnseen(next, await session.searchUnseen());
      publish(trimWindow(await withUnseenRows(next)));
    }
  }

  async function fetchFrom(uid: number): Promise<FetchedHeader[]> {
    // `n:*` names the last message even when it is older than n.
    return (await session.fetchHeaders(`${uid}:*`)).filter((row) => row.uid >= uid);
  }

  async function withFlags(before: MailboxState): Promise<MailboxState> {
    const window = await session.fetchFlags(`${before.low}:*`);
    const olderSets = toUidSets([...before.rows.keys()].filter((uid) => uid < before.low));
    const older = [];
    for (const set of olderSets) older.push(...(await session.fetchFlags(set)));
    const next = applyFlags(before, () => true, [...window, ...older]);
    const unknown = window.filter(
      (row) => !row.deleted && row.uid >= before.low && row.uid < before.uidNext && !before.rows.has(row.uid),
    );
    return addRows(
      next,
      await fetchRows(
        unknown.map((row) => row.uid),
        before.uidValidity,
      ),
    );
  }

  async function withUnseenRows(before: MailboxState): Promise<MailboxState> {
    return addRows(before, await fetchRows(missingUnseen(before), before.uidValidity));
  }

  async function fetchRows(uids: readonly number[], uidValidity: number): Promise<Message[]> {
    const rows: Message[] = [];
    for (const set of toUidSets(uids)) rows.push(...toRows(await session.fetchHeaders(set), uidValidity));
    return rows;
  }

  function toRows(fetched: readonly FetchedHeader[], uidValidity: number): Message[] {
    const latest = now() + DAY;
    return fetched
      .filter((row) => !row.deleted)
      .map(({ uid, seen, flagged, answered, date, size, header }) => {
        const { from, subject, messageId } = decodeHeader(header);
        return {
          ...inbox,
          uid,
          uidValidity,
          messageId,
          from,
          subject,
          date: Math.min(date, latest),
          seen,
          flagged,
          answered,
          size,
        };
      });
  }

  async function mark(operation: MarkOperation): Promise<void> {
    if (operation.kind !== 'seen' && operation.kind !== 'unseen') throw new BridgeError('unsupported');
    if (!state || operation.folder !== inbox.folder || operation.uidValidity !== state.uidValidity)
      throw new BridgeError('mailbox-changed');
    const sets = toUidSets(await targetsOf(operation));
    for (const set of sets) await session.setSeen(set, operation.kind === 'seen');
    let next = state;
    for (const set of sets) {
      const flags = await session.fetchFlags(set);
      const named = new Set(flags.map((row) => row.uid));
      next = applyFlags(next, (uid) => named.has(uid), flags);
    }
    publish(applyUnseen(next, await session.searchUnseen()));
  }

  async function targetsOf({ kind, target }: MarkOperation): Promise<number[]> {
    if ('uids' in target) return target.uids;
    if (kind === 'unseen') throw new BridgeError('bad-input');
    return (await session.searchUnseen()).filter((uid) => uid <= target.upTo);
  }

  return source;
}
