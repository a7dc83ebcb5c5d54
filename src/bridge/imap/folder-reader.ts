/** The questions about a selected folder whose answers bring what is held of it up to date. The thinking is in `folder-sync`. */
import type { FolderRef, Message } from '../../model.ts';
import type { MailboxState } from '../mailbox-state.ts';
import { isDoubtful } from './folder-plan.ts';
import { addRows, applyChanges, applyFlags, applyUnseen, missingUnseen, removeUids, WINDOW } from './folder-sync.ts';
import type { FetchedFlags } from './imap-reading.ts';
import type { ImapSession } from './imap-session.ts';
import { makeRows, ROW_FIELDS } from './message-rows.ts';
import { toUidSets } from './uid-set.ts';

export interface ReaderOptions {
  ref: FolderRef;
  now: () => number;
  /** Whether messages have to be told apart from their copies in other folders. */
  wantsEmailIds: () => boolean;
}

export interface FolderReader {
  /** Rows by place, 1 being the oldest message; `low`: every message from this UID on is among them. */
  rowsByPlace(first: number, last: number, uidValidity: number): Promise<{ rows: Message[]; low: number }>;
  /** Adds what has come since. `count`: how many messages that were, also those marked as deleted. */
  withNew(state: MailboxState): Promise<{ state: MailboxState; count: number }>;
  /** Applies what has changed after a mod-sequence (RFC 7162 section 3.1.4.1). `modseq`: what is applied now. */
  withChanges(state: MailboxState, since: bigint): Promise<{ state: MailboxState; modseq: bigint }>;
  /** Asks for the flags of all rows, and for the list of what is unseen. */
  withAllFlags(state: MailboxState): Promise<MailboxState>;
  /** Asks for the flags of these UIDs; those that the server does not name are gone. */
  withFlagsOf(state: MailboxState, uids: readonly number[]): Promise<MailboxState>;
  /** Looks for what is no longer there, and for what is there without a row. */
  withoutLost(state: MailboxState): Promise<MailboxState>;
  /** What is said to be gone goes; much at once only if the server, asked about each, does not know it either. */
  withoutGone(state: MailboxState, isGone: (uid: number) => boolean): Promise<MailboxState>;
  /** Rows of unseen messages that have none, and the ids of all that are unseen where these are wanted. */
  withMissing(state: MailboxState): Promise<MailboxState>;
}

/** A reader for as long as the folder is selected in this session. */
export function makeFolderReader(session: ImapSession, { ref, now, wantsEmailIds }: ReaderOptions): FolderReader {
  async function fetchRows(uids: readonly number[], uidValidity: number): Promise<Message[]> {
    const rows: Message[] = [];
    for (const set of toUidSets(uids, WINDOW))
      rows.push(...makeRows(ref, uidValidity, await session.fetchHeaders(set, ROW_FIELDS), now()));
    return rows;
  }

  async function fetchFlags(uids: Iterable<number>): Promise<FetchedFlags[]> {
    const flags: FetchedFlags[] = [];
    for (const set of toUidSets(uids)) flags.push(...(await session.fetchFlags(set)));
    return flags;
  }

  /** Rows of messages that were marked as deleted, and are not any more. */
  async function withRowsFor(state: MailboxState, answer: readonly FetchedFlags[]): Promise<MailboxState> {
    const back = answer.filter(({ uid, deleted }) => !deleted && isOf(state, uid) && !state.rows.has(uid));
    return addRows(
      state,
      await fetchRows(
        back.map(({ uid }) => uid),
        state.uidValidity,
      ),
    );
  }

  /** The list of what is unseen; much less than before only if the flags of what is missing from it say so too. */
  async function takeUnseen(state: MailboxState): Promise<MailboxState> {
    const listed = new Set(await session.searchUnseen());
    const dropped = [...state.unseen].filter((uid) => !listed.has(uid));
    if (isDoubtful(dropped.length, state.unseen.size))
      for (const { uid, seen, deleted } of await fetchFlags(dropped)) if (!seen && !deleted) listed.add(uid);
    return applyUnseen(state, listed);
  }

  async function withoutGone(state: MailboxState, isGone: (uid: number) => boolean): Promise<MailboxState> {
    const gone = new Set([...state.rows.keys(), ...state.unseen].filter(isGone));
    if (isDoubtful(gone.size, Math.max(state.rows.size, state.unseen.size)))
      for (const { uid } of await fetchFlags(gone)) gone.delete(uid);
    return removeUids(state, gone);
  }

  async function withFlagsOf(state: MailboxState, uids: readonly number[]): Promise<MailboxState> {
    const asked = new Set(uids);
    return applyFlags(state, (uid) => asked.has(uid), await fetchFlags(asked));
  }

  return {
    async rowsByPlace(first, last, uidValidity) {
      const fetched = await session.fetchHeaders(`${first}:${last}`, ROW_FIELDS, true);
      const lowest = fetched.reduce((least, { uid }) => Math.min(least, uid), Number.POSITIVE_INFINITY);
      return { rows: makeRows(ref, uidValidity, fetched, now()), low: first === 1 ? 1 : lowest };
    },
    async withNew(state) {
      const { uidNext, uidValidity } = state;
      // `n:*` names the last message even when it is older than n.
      const fetched = (await session.fetchHeaders(`${uidNext}:*`, ROW_FIELDS)).filter(({ uid }) => uid >= uidNext);
      return { state: addRows(state, makeRows(ref, uidValidity, fetched, now())), count: fetched.length };
    },
    async withChanges(state, since) {
      if (state.uidNext === 1) return { state, modseq: since };
      const changed = await session.fetchFlags(`1:${state.uidNext - 1}`, since);
      // RFC 7162 section 6: no further than what is applied.
      const modseq = changed.reduce(
        (most, row) => (row.modseq !== null && row.modseq > most ? row.modseq : most),
        since,
      );
      return { state: await withRowsFor(applyChanges(state, changed), changed), modseq };
    },
    async withAllFlags(before) {
      const isAsked = (uid: number) => uid >= before.low || before.rows.has(uid);
      const older = [...before.rows.keys()].filter((uid) => uid < before.low);
      const window = (await session.fetchFlags(`${before.low}:*`)).filter(({ uid }) => uid >= before.low);
      const answer = [...window, ...(await fetchFlags(older))];
      const named = new Set(answer.map(({ uid }) => uid));
      let state = applyChanges(before, answer);
      state = await withoutGone(state, (uid) => isAsked(uid) && !named.has(uid));
      return withRowsFor(await takeUnseen(state), answer);
    },
    withFlagsOf,
    async withoutLost(before) {
      const present = new Set((await session.searchUids(`${before.low}:*`)).filter((uid) => uid >= before.low));
      let state = await withoutGone(before, (uid) => uid >= before.low && !present.has(uid));
      state = await takeUnseen(state);
      state = await withFlagsOf(
        state,
        [...state.rows.keys()].filter((uid) => uid < before.low && !state.unseen.has(uid)),
      );
      const lost = [...present].filter((uid) => isOf(state, uid) && !state.rows.has(uid));
      return addRows(state, await fetchRows(lost, state.uidValidity));
    },
    withoutGone,
    async withMissing(before) {
      const state = addRows(before, await fetchRows(missingUnseen(before), before.uidValidity));
      if (!wantsEmailIds() || !session.abilities.emailIds) return state;
      const emailIds = new Map<number, string>();
      const unknown: number[] = [];
      for (const uid of state.unseen) {
        const id = state.rows.get(uid)?.emailId || state.emailIds.get(uid);
        if (id) emailIds.set(uid, id);
        else unknown.push(uid);
      }
      for (const { uid, emailId } of await fetchFlags(unknown)) if (emailId) emailIds.set(uid, emailId);
      const same = emailIds.size === state.emailIds.size && unknown.length === 0;
      return same && [...emailIds.keys()].every((uid) => state.emailIds.has(uid)) ? state : { ...state, emailIds };
    },
  };
}

/** In the window, and not newer than what is known. */
function isOf(state: MailboxState, uid: number): boolean {
  return uid >= state.low && uid < state.uidNext;
}
