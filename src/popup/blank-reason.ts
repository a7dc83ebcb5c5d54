/** Which words stand in the list's place. Pure. */
import type { Settings } from '../settings.ts';
import type { BlankReason } from './blank.tsx';
import { type Group, totalUnread } from './groups.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * @param shown the groups with the rows that the filter lets through
 * @param stale the numbers may be old
 * @returns null: there are rows to show
 */
export function blankReason(
  snapshot: Snapshot,
  shown: readonly Group[],
  filter: Settings['filter'],
  stale: boolean,
): BlankReason | null {
  const { link, accounts, mailboxes } = snapshot;
  if (!link || link.state === 'unpaired') return 'first-start';
  if (accounts.length === 0) return link.state === 'ready' ? 'no-account' : 'no-bridge';
  if (shown.some((group) => group.messages.length > 0)) return null;
  const unread = totalUnread(shown);
  if (unread === null || mailboxes.length === 0) return stale ? 'no-bridge' : 'first-read';
  if (filter === 'all') return unread === 0 ? 'empty' : 'unread-not-cached';
  if (unread > 0) return 'unread-not-cached';
  return stale ? 'nothing-unread-old' : 'nothing-unread';
}
