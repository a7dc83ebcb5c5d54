/** One folder that counts: what is held of it, over all connections, and in which order it is brought up to date. */
import type { MailboxState } from '../mailbox-state.ts';
import { planFor } from './folder-plan.ts';
import { makeFolderReader, type ReaderOptions } from './folder-reader.ts';
import { emptyMailbox, fillMailbox, type HeldFolder, trimWindow, WINDOW } from './folder-sync.ts';
import type { Selected } from './imap-reading.ts';
import type { ImapSession } from './imap-session.ts';
import { findRenumbered } from './renumbering.ts';
import { hasUid, joinUidRanges, type UidRanges, uidCount } from './uid-ranges.ts';

/** A screenful and what comes next: shown before the rest of the window is read. */
const FIRST_ROWS = 50;
/** A server that renumbers its mail at every look costs one window in this time; milliseconds. */
const RENUMBER_PAUSE = 5 * 60_000;

/** What a server has told of the selected folder since it was last asked. */
export interface FolderNews {
  exists: boolean;
  flags: boolean;
  /** UIDs that are gone, where it named them. */
  gone: UidRanges;
}

/** Unread messages: their UIDs, and what names them in all folders where that was asked. */
export type Unseen = Pick<MailboxState, 'unseen' | 'emailIds'>;

export interface FolderOptions extends ReaderOptions {
  /** The number is known; rows may follow. */
  onUnseen: () => void;
  /** Called when what is held has changed; a state replaces the last one. */
  onState: (state: MailboxState) => void;
}

export interface ImapFolder {
  /** null until it has been read once. */
  readonly held: HeldFolder | null;
  /** Known before the rows are; null until they were counted. */
  readonly unseen: Unseen | null;
  /** The new UIDs of messages known under another UIDVALIDITY; null where they were not found again. */
  renumbered(uidValidity: number): ReadonlyMap<number, number> | null;
  /** Brings it up to date after a SELECT. @param takeGone what the server names as gone while it is asked */
  open(session: ImapSession, selected: Selected, takeGone: () => UidRanges): Promise<void>;
  /** Brings it up to date after news. */
  follow(session: ImapSession, news: FolderNews, takeGone: () => UidRanges): Promise<void>;
  /** Asks about all that is held, whatever the server has told or not told. True when something was not as held. */
  verify(session: ImapSession): Promise<boolean>;
  /** Reads these messages again, after they were changed. */
  readBack(session: ImapSession, uids: readonly number[]): Promise<void>;
  /** The server has no such folder any more: nothing of it is left to be shown or counted. */
  forget(): void;
  /** Its number is known and its rows are still owed, and may be read now. */
  readonly owesRows: boolean;
  /** Changes what is held, as by filling in what a row lacks. */
  change(edit: (state: MailboxState) => MailboxState): void;
}

export function makeImapFolder(options: FolderOptions): ImapFolder {
  const { now, onUnseen, onState } = options;
  let held: HeldFolder | null = null;
  let unseen: Unseen | null = null;
  let renumbering: { from: number; found: ReadonlyMap<number, number> } | null = null;
  let renumberedAt = Number.NEGATIVE_INFINITY;
  /** Its rows were left out, to be read when the server has had its pause. */
  let thin = false;

  function hold(next: HeldFolder): void {
    const before = held?.state;
    held = next;
    unseen = next.state;
    if (next.state !== before) onState(next.state);
  }

  /** The number first, then a screenful, then the rest. */
  async function fill(session: ImapSession, selected: Selected, most: number): Promise<void> {
    const reader = makeFolderReader(session, options);
    const { uidValidity, exists, modseq } = selected;
    const found = await session.searchUnseen();
    unseen = { unseen: new Set(found), emailIds: new Map() };
    onUnseen();
    let state = fillMailbox(emptyMailbox(uidValidity, selected.uidNext ?? 1), [], found, 1);
    let last = exists;
    for (const size of [Math.min(FIRST_ROWS, most), most - FIRST_ROWS]) {
      if (last === 0 || size <= 0) break;
      const first = Math.max(1, last - size + 1);
      const { rows, low } = await reader.rowsByPlace(first, last, uidValidity);
      state = fillMailbox(state, [...state.rows.values(), ...rows], found, low);
      if (first > 1) onState({ ...state, complete: false });
      last = first - 1;
    }
    thin = most === 0;
    state = thin ? { ...state, low: state.uidNext } : await reader.withMissing(state);
    hold({ state, exists: session.exists(), modseq });
  }

  const isPauseOver = () => now() - renumberedAt >= RENUMBER_PAUSE;

  const owesRows = () => thin && isPauseOver();

  async function follow(session: ImapSession, news: FolderNews, takeGone: () => UidRanges): Promise<void> {
    if (!held) return;
    const reader = makeFolderReader(session, options);
    let { state, exists, modseq } = held;
    if (news.exists) {
      const added = await reader.withNew(state);
      state = added.state;
      exists += added.count;
    }
    const askAll = news.flags && modseq === null;
    if (askAll) state = await reader.withAllFlags(state);
    else if (news.flags && modseq !== null) ({ state, modseq } = await reader.withChanges(state, modseq));
    const gone = joinUidRanges(news.gone, takeGone());
    if (gone.length > 0) state = await reader.withoutGone(state, (uid) => hasUid(gone, uid));
    exists -= uidCount(gone);
    // The server counts otherwise: something has left that it did not name.
    if (exists !== session.exists() && !askAll) state = await reader.withoutLost(state);
    hold({ state: trimWindow(await reader.withMissing(state)), exists: session.exists(), modseq });
  }

  async function renumber(session: ImapSession, selected: Selected, before: MailboxState): Promise<void> {
    const most = isPauseOver() ? WINDOW : 0;
    if (most > 0) renumberedAt = now();
    await fill(session, selected, most);
    const found = held && findRenumbered(before.rows.values(), held.state.rows.values());
    renumbering = found && { from: before.uidValidity, found };
  }

  return {
    get held() {
      return held;
    },
    get unseen() {
      return unseen;
    },
    renumbered: (uidValidity) => (renumbering?.from === uidValidity ? renumbering.found : null),
    async open(session, selected, takeGone) {
      const plan = planFor(owesRows() ? null : held, selected);
      if (plan.kind === 'same') return;
      if (plan.kind === 'fill' || !held) return fill(session, selected, WINDOW);
      if (plan.kind === 'renumbered') return renumber(session, selected, held.state);
      // Mod-sequences that the server has lost, or did not have then, say nothing about since.
      const modseq = selected.modseq === null ? null : held.modseq;
      const exists = selected.uidNext !== held.state.uidNext;
      held = { ...held, modseq };
      await follow(session, { exists, flags: plan.flags, gone: [] }, takeGone);
      // RFC 7162 section 6: kept only now, when everything up to it is applied.
      hold({ ...held, modseq: selected.modseq });
    },
    follow,
    async verify(session) {
      const before = held;
      if (!before) return false;
      const { uidValidity, uidNext } = before.state;
      if (owesRows())
        await fill(session, { uidValidity, uidNext, exists: session.exists(), modseq: before.modseq }, WINDOW);
      if (thin || held !== before) return false;
      const reader = makeFolderReader(session, options);
      const { state: withNew } = await reader.withNew(before.state);
      const state = await reader.withMissing(await reader.withAllFlags(withNew));
      hold({ ...before, state: trimWindow(state), exists: session.exists() });
      return state !== before.state;
    },
    async readBack(session, uids) {
      if (!held) return;
      const reader = makeFolderReader(session, options);
      hold({ ...held, state: await reader.withMissing(await reader.withFlagsOf(held.state, uids)) });
    },
    forget() {
      const before = held?.state;
      held = null;
      thin = false;
      unseen = emptyMailbox(0, 1);
      if (before) onState(emptyMailbox(before.uidValidity, before.uidNext));
    },
    get owesRows() {
      return owesRows();
    },
    change(edit) {
      if (held) hold({ ...held, state: edit(held.state) });
    },
  };
}
