/** What the bridge says, with what the outbox is about to change. Pure; the badge and the popup both count by it. */
import type { AccountStatus, FolderRef, Message, Operation } from './model.ts';
import type { OutboxRow } from './store.ts';

type MarkOperation = Extract<Operation, { kind: 'seen' | 'unseen' }>;

/** A pending mark, ready to be asked about many messages. */
interface Mark {
  operation: MarkOperation;
  covers(uid: number): boolean;
}

/**
 * The messages as they will be once the pending marks are done. Failed rows change nothing, nor do marks
 * made under another UIDVALIDITY. Messages that stay as they are stay the same objects.
 * @param outbox oldest first
 */
export function overlay(messages: readonly Message[], outbox: readonly OutboxRow[]): Message[] {
  const marks = marksByMailbox(outbox);
  if (marks.size === 0) return [...messages];
  return messages.map((message) => {
    const seen = seenAfter(message, marks.get(mailboxKey(message)) ?? []);
    return seen === message.seen ? message : { ...message, seen };
  });
}

/**
 * The unread count that the account will have once the pending marks are done: at least 0, or null while the
 * bridge has said none. Only messages whose state is known to change are counted off, so the number never runs ahead.
 * @param outbox oldest first
 * @param cached rows of this account; those that no mark names and that are seen may be left out
 */
export function expectedUnread(
  status: AccountStatus,
  outbox: readonly OutboxRow[],
  cached: Iterable<Message>,
): number | null {
  if (status.unread === null) return null;
  const marks = marksByMailbox(outbox.filter((row) => isMarkOf(row, status.account)));
  if (marks.size === 0) return status.unread;

  let madeSeen = 0;
  let madeUnseen = 0;
  let stillUnseen = 0;
  const otherValidity = new Set<Mark>();
  for (const message of cached) {
    if (message.account !== status.account) continue;
    const own = marks.get(mailboxKey(message)) ?? [];
    for (const mark of own) if (mark.operation.uidValidity !== message.uidValidity) otherValidity.add(mark);
    const seen = seenAfter(message, own);
    if (!message.seen && !seen) stillUnseen++;
    if (!message.seen && seen) madeSeen++;
    if (message.seen && !seen) madeUnseen++;
  }
  const readsAll = [...marks.values()].flat().some((mark) => isReadAll(mark) && !otherValidity.has(mark));
  // "Seen up to n" also reaches messages that are too old to be cached: only what is known to stay unseen remains.
  const remaining = readsAll ? Math.min(status.unread, stillUnseen) : status.unread - madeSeen;
  return Math.max(0, remaining + madeUnseen);
}

/** Names a mailbox; usable as a key. */
export function mailboxKey(mailbox: FolderRef): string {
  return `${mailbox.account} ${mailbox.folder}`;
}

function isReadAll(mark: Mark): boolean {
  return mark.operation.kind === 'seen' && 'upTo' in mark.operation.target;
}

function isMarkOf(row: OutboxRow, account: string): boolean {
  return (row.operation.kind === 'seen' || row.operation.kind === 'unseen') && row.operation.account === account;
}

function marksByMailbox(outbox: readonly OutboxRow[]): Map<string, Mark[]> {
  const marks = new Map<string, Mark[]>();
  for (const { operation, failed } of outbox) {
    if (failed !== null || (operation.kind !== 'seen' && operation.kind !== 'unseen')) continue;
    const key = mailboxKey(operation);
    const list = marks.get(key) ?? [];
    list.push({ operation, covers: coverage(operation) });
    marks.set(key, list);
  }
  return marks;
}

function coverage({ target }: MarkOperation): (uid: number) => boolean {
  if ('upTo' in target) return (uid) => uid <= target.upTo;
  const uids = new Set(target.uids);
  return (uid) => uids.has(uid);
}

/** The last mark that covers the message decides. */
function seenAfter(message: Message, marks: readonly Mark[]): boolean {
  const last = marks.findLast((mark) => mark.operation.uidValidity === message.uidValidity && mark.covers(message.uid));
  return last ? last.operation.kind === 'seen' : message.seen;
}
