/** What has to be asked when a folder is opened: from what is held of it, and what SELECT has just said. Pure. */
import { type HeldFolder, LARGEST_WINDOW } from './folder-sync.ts';
import type { Selected } from './imap-reading.ts';

/**
 * `fill`: read it anew. `renumbered`: the same, and the UIDs held mean nothing any more. `same`: nothing has happened.
 * `changes`: what has happened since is asked for; `flags` only where mod-sequences do not say that there is nothing.
 */
export type FolderPlan =
  | { kind: 'fill' }
  | { kind: 'renumbered' }
  | { kind: 'same' }
  | { kind: 'changes'; flags: boolean };

/** RFC 4549 section 4.3, RFC 7162 section 6. */
export function planFor(held: HeldFolder | null, selected: Selected): FolderPlan {
  if (!held) return { kind: 'fill' };
  const { state } = held;
  const { uidValidity, uidNext, exists, modseq } = selected;
  if (uidValidity !== state.uidValidity) return { kind: 'renumbered' };
  // UIDs only ever rise (RFC 9051 section 2.3.1.1): a server that goes back has lost its index and may not say so.
  if (uidNext !== null && uidNext < state.uidNext) return { kind: 'renumbered' };
  // Much that is new is read as a window, not message by message.
  if (uidNext !== null && uidNext - state.uidNext > LARGEST_WINDOW) return { kind: 'fill' };
  const sameModseq = modseq !== null && modseq === held.modseq;
  if (sameModseq && uidNext === state.uidNext && exists === held.exists) return { kind: 'same' };
  return { kind: 'changes', flags: !sameModseq };
}

/** A folder is not emptied on one answer: more than this share of what is held has to be said in two ways. */
const DOUBTFUL_SHARE = 0.2;
/** Below this nobody would notice, and everybody deletes so many at once. */
const NEVER_DOUBTFUL = 50;

/** Whether so many gone of so many held is to be asked again, in another way. */
export function isDoubtful(gone: number, held: number): boolean {
  return gone > NEVER_DOUBTFUL && gone > held * DOUBTFUL_SHARE;
}
