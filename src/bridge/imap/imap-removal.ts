/** What takes messages out of their folder, carried out in the way that the server has for it. */
import type { Folder, RemoveOperation } from '../../model.ts';
import { BridgeError } from '../errors.ts';
import { findCopies, readOriginals } from './imap-copies.ts';
import { findDestination } from './imap-destination.ts';
import type { ImapLine } from './imap-line.ts';
import type { ImapSession } from './imap-session.ts';
import { toUidSets } from './uid-set.ts';

/**
 * Carries out a removal.
 * @param again whether this may have been done before and the answer lost
 * @param folders of the account, as last listed
 * @returns the folder that the messages are in now; null where they are in none, or stay where they are
 * @throws {BridgeError} `mailbox-changed`, `folder-missing`, `unsupported`
 */
export async function removeMessages(
  line: ImapLine,
  operation: RemoveOperation,
  again: boolean,
  folders: readonly Folder[],
): Promise<string | null> {
  const { folder, kind, uidValidity, target } = operation;
  const checked = <T>(job: (session: ImapSession) => Promise<T>) => {
    return (session: ImapSession) => {
      if (line.selected?.uidValidity !== uidValidity) throw new BridgeError('mailbox-changed');
      return job(session);
    };
  };

  if (kind === 'delete') {
    if (folders.find(({ path }) => path === folder)?.role !== 'trash') throw new BridgeError('unsupported');
    await line.change(
      folder,
      checked((session) => deleteForGood(session, target.uids)),
    );
    return null;
  }
  const to = await line.run(null, (session) => findDestination(session, operation, folders));
  if (to === folder) return null;
  let copied: ReadonlySet<number> = new Set();
  if (again && !line.session.abilities.move) {
    const originals = await line.run(
      folder,
      checked((session) => readOriginals(session, target.uids)),
    );
    copied = await line.run(to, (session) => findCopies(session, originals));
  }
  await line.change(
    folder,
    checked((session) => moveAway(session, target.uids, to, copied)),
  );
  return to;
}

/**
 * Moves messages out of the selected folder. Without MOVE they are copied and marked as deleted; without UIDPLUS too
 * they stay marked, since a plain EXPUNGE would take what others have marked.
 * @param copied those that the target has already
 */
async function moveAway(
  session: ImapSession,
  uids: readonly number[],
  to: string,
  copied: ReadonlySet<number>,
): Promise<void> {
  if (session.abilities.move) {
    for (const set of toUidSets(uids)) await session.move(set, to);
    return;
  }
  const open = uids.filter((uid) => !copied.has(uid));
  for (const set of toUidSets(open)) await session.copy(set, to);
  await takeOut(session, uids);
}

/** Removes messages of the selected folder for good. @throws {BridgeError} `unsupported` where they cannot be named */
async function deleteForGood(session: ImapSession, uids: readonly number[]): Promise<void> {
  if (!session.abilities.uidplus) throw new BridgeError('unsupported');
  await takeOut(session, uids);
}

async function takeOut(session: ImapSession, uids: readonly number[]): Promise<void> {
  for (const set of toUidSets(uids)) {
    await session.setFlag(set, '\\Deleted', true);
    if (session.abilities.uidplus) await session.expunge(set);
  }
}
