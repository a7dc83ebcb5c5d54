/** What the bridge says, with what the outbox is about to change. Pure; the badge and the popup both count by it. */
import {
  type AccountStatus,
  type FolderRef,
  isMark,
  isRemoval,
  type MarkOperation,
  type Message,
  type RemoveOperation,
} from './model.ts';
import type { OutboxRow } from './store.ts';

/** A pending operation on messages, ready to be asked about many of them. */
interface Act {
  operation: MarkOperation | RemoveOperation;
  covers(uid: number): boolean;
}

/**
 * The messages as they will be once the pending operations are done: marked, starred, gone. Failed rows change
 * nothing, nor does what was meant for another UIDVALIDITY. Messages that stay as they are stay the same objects.
 * @param outbox oldest first
 */
export function overlay(messages: readonly Message[], outbox: readonly OutboxRow[]): Message[] {
  const acts = actsByMailbox(outbox);
  if (acts.size === 0) return [...messages];
  return messages.flatMap((message) => after(message, acts.get(mailboxKey(message)) ?? []) ?? []);
}

/**
 * The unread count that the account will have once the pending operations are done: at least 0, or null while the
 * bridge has said none. Only messages whose state is known to change are counted off, so the number never runs ahead.
 * @param outbox oldest first
 * @param cached rows of this account; those that no operation names and that are seen may be left out
 */
export function expectedUnread(
  status: AccountStatus,
  outbox: readonly OutboxRow[],
  cached: Iterable<Message>,
): number | null {
  if (status.unread === null) return null;
  const acts = actsByMailbox(outbox, status.account);
  if (acts.size === 0) return status.unread;

  let madeSeen = 0;
  let madeUnseen = 0;
  let stillUnseen = 0;
  const otherValidity = new Set<Act>();
  for (const message of cached) {
    if (message.account !== status.account) continue;
    const own = acts.get(mailboxKey(message)) ?? [];
    for (const act of own) if (act.operation.uidValidity !== message.uidValidity) otherValidity.add(act);
    const next = after(message, own);
    // What is gone from its folder counts no more, like what is seen.
    const seen = next?.seen ?? true;
    if (!message.seen && !seen) stillUnseen += 1;
    if (!message.seen && seen) madeSeen += 1;
    if (message.seen && !seen) madeUnseen += 1;
  }
  const readsAll = [...acts.values()].flat().some((act) => isReadAll(act) && !otherValidity.has(act));
  // "Seen up to n" also reaches messages that are too old to be cached: only what is known to stay unseen remains.
  const remaining = readsAll ? Math.min(status.unread, stillUnseen) : status.unread - madeSeen;
  return Math.max(0, remaining + madeUnseen);
}

/** Names a mailbox; usable as a key. */
export function mailboxKey(mailbox: FolderRef): string {
  return `${mailbox.account} ${mailbox.folder}`;
}

function isReadAll({ operation }: Act): boolean {
  return operation.kind === 'seen' && 'upTo' in operation.target;
}

function actsByMailbox(outbox: readonly OutboxRow[], account?: string): Map<string, Act[]> {
  const acts = new Map<string, Act[]>();
  for (const { operation, failed } of outbox) {
    if (failed !== null || !(isMark(operation) || isRemoval(operation))) continue;
    if (account !== undefined && operation.account !== account) continue;
    const key = mailboxKey(operation);
    const list = acts.get(key) ?? [];
    list.push({ operation, covers: coverage(operation) });
    acts.set(key, list);
  }
  return acts;
}

function coverage({ target }: MarkOperation | RemoveOperation): (uid: number) => boolean {
  if ('upTo' in target) return (uid) => uid <= target.upTo;
  const uids = new Set(target.uids);
  return (uid) => uids.has(uid);
}

/** The message once these acts are done, in their order; null when it has left its folder. */
function after(message: Message, acts: readonly Act[]): Message | null {
  let { seen, flagged } = message;
  for (const { operation, covers } of acts) {
    if (operation.uidValidity !== message.uidValidity || !covers(message.uid)) continue;
    if (isRemoval(operation)) return null;
    if (operation.kind === 'seen' || operation.kind === 'unseen') seen = operation.kind === 'seen';
    else flagged = operation.kind === 'star';
  }
  return seen === message.seen && flagged === message.flagged ? message : { ...message, seen, flagged };
}
