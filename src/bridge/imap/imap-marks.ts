/** Marks: flags that the user sets and takes away. */
import type { MarkKind, MarkOperation } from '../../model.ts';
import { BridgeError } from '../errors.ts';
import type { Flag } from './imap-changing.ts';
import type { ImapFolder } from './imap-folder.ts';
import type { ImapSession } from './imap-session.ts';
import { toUidSets } from './uid-set.ts';

const MARKS: Record<MarkKind, { flag: Flag; on: boolean }> = {
  seen: { flag: '\\Seen', on: true },
  unseen: { flag: '\\Seen', on: false },
  star: { flag: '\\Flagged', on: true },
  unstar: { flag: '\\Flagged', on: false },
};

/**
 * Sets or takes away a flag. Called with the folder selected.
 * @param uidValidity of the selected folder
 * @returns the UIDs it was about
 * @throws {BridgeError} `mailbox-changed` where the messages meant are not to be found any more
 */
export async function mark(
  session: ImapSession,
  operation: MarkOperation,
  uidValidity: number,
  folder: ImapFolder | null,
): Promise<number[]> {
  const { flag, on } = MARKS[operation.kind];
  const uids = await targetsOf(session, operation, uidValidity, folder);
  for (const set of toUidSets(uids)) await session.setFlag(set, flag, on);
  return uids;
}

async function targetsOf(
  session: ImapSession,
  { kind, target, uidValidity: meant }: MarkOperation,
  uidValidity: number,
  folder: ImapFolder | null,
): Promise<number[]> {
  if ('upTo' in target) {
    if (kind !== 'seen') throw new BridgeError('bad-input');
    if (meant !== uidValidity) throw new BridgeError('mailbox-changed');
    return (await session.searchUnseen()).filter((uid) => uid <= target.upTo);
  }
  if (meant === uidValidity) return target.uids;
  // A mark does no harm where the same messages were found again under new UIDs; a removal is never carried over.
  const found = folder?.renumbered(meant);
  const uids = target.uids.flatMap((uid) => found?.get(uid) ?? []);
  if (uids.length < target.uids.length) throw new BridgeError('mailbox-changed');
  return uids;
}
