/** What we hold of a folder, joined with what the server says: pure, so that it is tested without a server. */
import type { Flags, Message } from '../../model.ts';
import { type MailboxState, sameFlags } from '../mailbox-state.ts';

/** The newest messages always have rows. */
export const WINDOW = 200;
/** Unseen messages beyond the window that get rows too; the count itself has no such limit. */
export const MAX_UNSEEN_ROWS = 1000;
/** Rows are dropped from the old end only when the window has grown to this; below that nothing moves. */
export const LARGEST_WINDOW = 2 * WINDOW;

/** A mailbox of which nothing is known but its names. */
export function emptyMailbox(uidValidity: number, uidNext: number): MailboxState {
  return { uidValidity, uidNext, unseen: new Set(), rows: new Map(), low: 1 };
}

/** The whole answer to a first look: everything held before is replaced. */
export function fillMailbox(state: MailboxState, window: readonly Message[], unseen: Iterable<number>): MailboxState {
  const rows = new Map(window.map((row) => [row.uid, row]));
  const low = window.length < WINDOW ? 1 : Math.min(...rows.keys());
  return withNext({ ...state, rows, low, unseen: new Set(unseen) });
}

/** Adds rows: new messages, or older ones that were asked for. */
export function addRows(state: MailboxState, added: readonly Message[]): MailboxState {
  if (added.length === 0) return state;
  const rows = new Map(state.rows);
  for (const row of added) rows.set(row.uid, row);
  return withNext({ ...state, rows });
}

/**
 * Applies a complete answer about flags: a held row in `asked` that the server did not name is gone.
 * @param asked whether the server was asked about this UID
 */
export function applyFlags(
  state: MailboxState,
  asked: (uid: number) => boolean,
  answer: readonly (Flags & { deleted: boolean })[],
): MailboxState {
  const byUid = new Map(answer.map((flags) => [flags.uid, flags]));
  const rows = new Map<number, Message>();
  let changed = false;
  for (const [uid, row] of state.rows) {
    const now = byUid.get(uid);
    if (!asked(uid) || (now && !now.deleted && sameFlags(row, now))) rows.set(uid, row);
    else {
      changed = true;
      if (now && !now.deleted) rows.set(uid, { ...row, seen: now.seen, flagged: now.flagged, answered: now.answered });
    }
  }
  return changed ? { ...state, rows } : state;
}

/** Takes over the server's list of unseen messages; the same object if it says the same. */
export function applyUnseen(state: MailboxState, unseen: readonly number[]): MailboxState {
  const same = unseen.length === state.unseen.size && unseen.every((uid) => state.unseen.has(uid));
  return same ? state : { ...state, unseen: new Set(unseen) };
}

/** The UIDs of unseen messages that should have a row and have none, newest first. */
export function missingUnseen(state: MailboxState): number[] {
  const wanted = [...state.unseen].sort((a, b) => b - a).slice(0, MAX_UNSEEN_ROWS);
  return wanted.filter((uid) => !state.rows.has(uid));
}

/** Keeps the newest messages and the wanted unseen ones once the window has grown to twice its size. */
export function trimWindow(state: MailboxState): MailboxState {
  const newest = [...state.rows.keys()].filter((uid) => uid >= state.low).sort((a, b) => b - a);
  if (newest.length <= LARGEST_WINDOW) return state;
  const low = newest[WINDOW - 1] ?? state.low;
  const wanted = new Set([...state.unseen].sort((a, b) => b - a).slice(0, MAX_UNSEEN_ROWS));
  const rows = new Map([...state.rows].filter(([uid]) => uid >= low || wanted.has(uid)));
  return { ...state, rows, low };
}

function withNext(state: MailboxState): MailboxState {
  let uidNext = state.uidNext;
  for (const uid of state.rows.keys()) if (uid >= uidNext) uidNext = uid + 1;
  return uidNext === state.uidNext ? state : { ...state, uidNext };
}
