/** What we hold of a folder, joined with what the server says: pure, so that it is tested without a server. */
import type { Flags, Message } from '../../model.ts';
import { type MailboxState, sameFlags } from '../mailbox-state.ts';

/** The newest messages always have rows. */
export const WINDOW = 200;
/** Unseen messages beyond the window that get rows too; the count itself has no such limit. */
export const MAX_UNSEEN_ROWS = 1000;
/** Rows are dropped from the old end only when the window has grown to this; below that nothing moves. */
export const LARGEST_WINDOW = 2 * WINDOW;

/** A folder as it was when its server was last asked. */
export interface HeldFolder {
  state: MailboxState;
  /** How many messages it had. */
  exists: number;
  /** Every change up to this mod-sequence is in `state` (RFC 7162); null where the server has none to rely on. */
  modseq: bigint | null;
}

/** The flags of one message, with what else a FETCH tells of it. */
export type ToldFlags = Flags & { deleted: boolean; emailId?: string };

/** A mailbox of which nothing is known but its names. */
export function emptyMailbox(uidValidity: number, uidNext: number): MailboxState {
  return { uidValidity, uidNext, unseen: new Set(), emailIds: new Map(), rows: new Map(), low: 1, complete: true };
}

/**
 * The whole answer to a first look: everything held before is replaced.
 * @param low every message from this UID on is in the window
 */
export function fillMailbox(
  state: MailboxState,
  window: readonly Message[],
  unseen: Iterable<number>,
  low: number,
): MailboxState {
  return withNext({ ...state, rows: new Map(window.map((row) => [row.uid, row])), low, unseen: new Set(unseen) });
}

/** Adds rows: new messages, or older ones that were asked for. Whether they are unread is taken from them. */
export function addRows(state: MailboxState, added: readonly Message[]): MailboxState {
  if (added.length === 0) return state;
  const rows = new Map(state.rows);
  for (const row of added) rows.set(row.uid, row);
  return withNext({ ...state, rows, unseen: withUnseen(state.unseen, added) });
}

/**
 * Applies a complete answer about flags: a held row in `asked` that the server did not name is gone.
 * @param asked whether the server was asked about this UID
 */
export function applyFlags(
  state: MailboxState,
  asked: (uid: number) => boolean,
  answer: readonly ToldFlags[],
): MailboxState {
  const named = new Set(answer.map(({ uid }) => uid));
  const unnamed = [...state.rows.keys(), ...state.unseen].filter((uid) => asked(uid) && !named.has(uid));
  return removeUids(applyChanges(state, answer), new Set(unnamed));
}

/** Applies what the server says of some messages; of those it does not name nothing is known. */
export function applyChanges(state: MailboxState, changes: readonly ToldFlags[]): MailboxState {
  const rows = new Map(state.rows);
  let changed = false;
  for (const told of changes) {
    const row = rows.get(told.uid);
    if (!row || (!told.deleted && sameFlags(row, told))) continue;
    changed = true;
    if (told.deleted) rows.delete(told.uid);
    else rows.set(told.uid, { ...row, seen: told.seen, flagged: told.flagged, answered: told.answered });
  }
  const unseen = withUnseen(state.unseen, changes);
  return changed || unseen !== state.unseen ? { ...state, rows: changed ? rows : state.rows, unseen } : state;
}

/** The same set where nothing about it changes. */
function withUnseen(
  before: ReadonlySet<number>,
  told: readonly (Flags & { deleted?: boolean })[],
): ReadonlySet<number> {
  const isUnseen = ({ seen, deleted }: { seen: boolean; deleted?: boolean }) => !seen && !deleted;
  if (told.every((flags) => isUnseen(flags) === before.has(flags.uid))) return before;
  const unseen = new Set(before);
  for (const flags of told) {
    if (isUnseen(flags)) unseen.add(flags.uid);
    else unseen.delete(flags.uid);
  }
  return unseen;
}

/** What is gone takes its row and its count with it; the same object if nothing of it was held. */
export function removeUids(state: MailboxState, gone: ReadonlySet<number>): MailboxState {
  if (gone.size === 0) return state;
  const rows = [...state.rows].filter(([uid]) => !gone.has(uid));
  const unseen = [...state.unseen].filter((uid) => !gone.has(uid));
  const sameRows = rows.length === state.rows.size;
  if (sameRows && unseen.length === state.unseen.size) return state;
  return { ...state, rows: sameRows ? state.rows : new Map(rows), unseen: new Set(unseen) };
}

/** Takes over the server's list of unseen messages; the same object if it says the same. */
export function applyUnseen(state: MailboxState, unseen: ReadonlySet<number>): MailboxState {
  const same = unseen.size === state.unseen.size && [...unseen].every((uid) => state.unseen.has(uid));
  return same ? state : { ...state, unseen };
}

/** The UIDs of unseen messages that should have a row and have none, newest first. */
export function missingUnseen(state: MailboxState): number[] {
  return wantedUnseen(state).filter((uid) => !state.rows.has(uid));
}

function wantedUnseen({ unseen }: MailboxState): number[] {
  // Numbers alone are sorted ten times as fast, and there may be a hundred thousand.
  return [...Uint32Array.from(unseen).sort().slice(-MAX_UNSEEN_ROWS)].reverse();
}

/** Keeps the newest messages and the wanted unseen ones once the window has grown to twice its size. */
export function trimWindow(state: MailboxState): MailboxState {
  const newest = [...state.rows.keys()].filter((uid) => uid >= state.low).sort((a, b) => b - a);
  if (newest.length <= LARGEST_WINDOW) return state;
  const low = newest[WINDOW - 1] ?? state.low;
  const wanted = new Set(wantedUnseen(state));
  const rows = new Map([...state.rows].filter(([uid]) => uid >= low || wanted.has(uid)));
  return { ...state, rows, low };
}

function withNext(state: MailboxState): MailboxState {
  let uidNext = state.uidNext;
  for (const uid of state.rows.keys()) if (uid >= uidNext) uidNext = uid + 1;
  return uidNext === state.uidNext ? state : { ...state, uidNext };
}
