/** The folder that a removal leads to. */
import type { Folder, FolderRole, RemoveKind, RemoveOperation } from '../../model.ts';
import { BridgeError } from '../errors.ts';
import type { ImapSession } from './imap-session.ts';

/** Where each kind of removal takes a message, and what the folder is called if it has to be made. */
const DESTINATIONS: Record<Exclude<RemoveKind, 'move' | 'delete' | 'not-spam'>, { role: FolderRole; name: string }> = {
  archive: { role: 'archive', name: 'Archive' },
  trash: { role: 'trash', name: 'Trash' },
  spam: { role: 'junk', name: 'Junk' },
};

/**
 * The folder that a removal leads to, made where it is missing.
 * @param folders of the account, as last listed
 * @throws {BridgeError} `folder-missing`, `bad-input`
 */
export async function findDestination(
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
  if (operation.kind === 'not-spam') return 'INBOX';
  const { role, name } = DESTINATIONS[operation.kind];
  const known = folders.find((folder) => folder.role === role);
  if (known) return known.path;
  // Gmail has no archive: what leaves the inbox is still in All Mail.
  const all = folders.find((folder) => folder.role === 'all');
  if (role === 'archive' && all && session.abilities.gmail) return all.path;
  const { prefix } = await session.namespace();
  const path = `${prefix}${name}`;
  if (folders.some((folder) => folder.path === path)) return path;
  try {
    await session.create(path, role);
    return path;
  } catch (error) {
    // The other line, or another client, was faster.
    const made = (await session.list()).find((folder) => folder.role === role || folder.path === path);
    if (!made) throw error;
    return made.path;
  }
}
