/** What takes messages out of their folder, carried out in the way that the server has for it. */
import type { Folder, FolderRole, RemoveKind, RemoveOperation } from '../../model.ts';
import { BridgeError } from '../errors.ts';
import { decodeHeader } from '../message/message-header.ts';
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
  const inFolder = <T>(job: (session: ImapSession) => Promise<T>) =>
    line.run(folder, (session) => {
      if (line.selected?.uidValidity !== uidValidity) throw new BridgeError('mailbox-changed');
      return job(session);
    });

  if (kind === 'delete') {
    if (folders.find(({ path }) => path === folder)?.role !== 'trash') throw new BridgeError('unsupported');
    await inFolder((session) => deleteForGood(session, target.uids));
    return null;
  }
  const to = await line.run(null, (session) => destinationOf(session, operation, folders));
  if (to === folder) return null;
  let copied: ReadonlySet<number> = new Set();
  if (again && !line.session.abilities.move) {
    const names = await inFolder((session) => readNames(session, target.uids));
    copied = await line.run(to, (session) => findNamed(session, names));
  }
  await inFolder((session) => moveAway(session, target.uids, to, copied));
  return to;
}

/** Where each kind of removal takes a message, and what the folder is called if it has to be made. */
const DESTINATIONS: Record<Exclude<RemoveKind, 'move' | 'delete'>, { role: FolderRole; name: string }> = {
  archive: { role: 'archive', name: 'Archive' },
  trash: { role: 'trash', name: 'Trash' },
  spam: { role: 'junk', name: 'Junk' },
  'not-spam': { role: 'inbox', name: 'INBOX' },
};

/**
 * The folder that a removal leads to, made where it is missing.
 * @param folders of the account, as last listed
 * @throws {BridgeError} `folder-missing`
 */
async function destinationOf(
  session: ImapSession,
  operation: RemoveOperation,
  folders: readonly Folder[],
): Promise<string> {
  if (operation.kind === 'move') {
    const to = folders.find(({ path }) => path === operation.to);
    if (!to) throw new BridgeError('folder-missing');
    return to.path;
  }
  if (operation.kind === 'delete') throw new BridgeError('bad-input');
  const { role, name } = DESTINATIONS[operation.kind];
  const known = folders.find((folder) => folder.role === role);
  if (known) return known.path;
  // Gmail has no archive: what leaves the inbox is still in All Mail.
  const all = folders.find((folder) => folder.role === 'all');
  if (role === 'archive' && all && session.abilities.gmail) return all.path;
  const { prefix } = await session.namespace();
  const path = `${prefix}${name}`;
  if (!folders.some((folder) => folder.path === path)) await session.create(path, role);
  return path;
}

/** What tells a message from others in another folder. */
interface MessageName {
  uid: number;
  messageId: string;
  size: number;
}

/** The names of messages in the selected folder; those without a Message-ID have none. */
async function readNames(session: ImapSession, uids: readonly number[]): Promise<MessageName[]> {
  const names: MessageName[] = [];
  for (const set of toUidSets(uids))
    for (const { uid, header, size } of await session.fetchHeaders(set, ['Message-ID']))
      names.push({ uid, messageId: decodeHeader(header).messageId, size });
  return names.filter(({ messageId }) => messageId !== '');
}

/** Which of these are in the selected folder too, of the same size: what an attempt has copied whose answer was lost. */
async function findNamed(session: ImapSession, names: readonly MessageName[]): Promise<Set<number>> {
  const found = new Set<number>();
  for (const { uid, messageId, size } of names) {
    const candidates = toUidSets(await session.searchMessageId(messageId));
    for (const set of candidates)
      if ((await session.fetchHeaders(set, ['Message-ID'])).some((copy) => copy.size === size)) found.add(uid);
  }
  return found;
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
