/** What a mailbox is at one moment, and the difference of two such moments. Pure. */
import type { Flags, Message } from '../model.ts';

/** Never changed in place: each change makes a new one. */
export interface MailboxState {
  uidValidity: number;
  /** The UID that the next message will get at least (RFC 9051 section 2.3.1.1). */
  uidNext: number;
  /** The UIDs of all messages that are unseen and not deleted, whether or not they have a row. */
  unseen: ReadonlySet<number>;
  /** What names an unseen message in all folders it is in (EMAILID); empty where this was not asked. */
  emailIds: ReadonlyMap<number, string>;
  /** The newest messages and the unseen ones, by UID. */
  rows: ReadonlyMap<number, Message>;
  /** Every message at or above this UID has a row. */
  low: number;
  /** False while older rows are still being read: what a browser holds of them stays. */
  complete: boolean;
}

export interface MailboxDelta {
  /** New rows, and rows in which more than the flags has changed. */
  rows: Message[];
  flags: Flags[];
  gone: number[];
}

/** What changed from `before` to `after`; null where only a snapshot can tell (another UIDVALIDITY or window, or half of one). */
export function difference(before: MailboxState, after: MailboxState): MailboxDelta | null {
  if (before.uidValidity !== after.uidValidity || before.low !== after.low) return null;
  if (!before.complete || !after.complete) return null;
  const delta: MailboxDelta = { rows: [], flags: [], gone: [] };
  for (const uid of before.rows.keys()) if (!after.rows.has(uid)) delta.gone.push(uid);
  for (const [uid, row] of after.rows) {
    const known = before.rows.get(uid);
    if (known === row) continue;
    if (!known || !sameWords(known, row)) delta.rows.push(row);
    else if (!sameFlags(known, row))
      delta.flags.push({ uid, seen: row.seen, flagged: row.flagged, answered: row.answered });
  }
  return delta;
}

/** Everything but the flags: a header does not change, what is known of the body is filled in later. */
function sameWords(a: Message, b: Message): boolean {
  return a.snippet === b.snippet && a.hasAttachments === b.hasAttachments && a.messageId === b.messageId;
}

/** True when the delta says nothing. */
export function isEmpty(delta: MailboxDelta): boolean {
  return delta.rows.length + delta.flags.length + delta.gone.length === 0;
}

/** True when both hold the same three flags. */
export function sameFlags(a: Flags, b: Flags): boolean {
  return a.seen === b.seen && a.flagged === b.flagged && a.answered === b.answered;
}
