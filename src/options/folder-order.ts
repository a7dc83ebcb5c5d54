/** The folders as they are offered. Pure. */
import type { Account, Folder, FolderRole } from '../model.ts';

/** What came here was read, written or thrown away elsewhere: it hardly ever is news. */
const UNUSUAL: ReadonlySet<FolderRole> = new Set<FolderRole>(['drafts', 'sent', 'junk', 'trash', 'all']);

/** Whether a folder rarely holds mail that one waits for. */
export function isUnusual({ role }: Folder): boolean {
  return role !== null && UNUSUAL.has(role);
}

/** The inbox first, then what may bring news, then the rest; each in the server's order. */
export function inOrder(folders: readonly Folder[]): Folder[] {
  const rank = (folder: Folder) => (folder.role === 'inbox' ? 0 : isUnusual(folder) ? 2 : 1);
  return [...folders].sort((a, b) => rank(a) - rank(b));
}

/** The paths that count now. Those that the server no longer has are left out; the inbox counts where none is chosen. */
export function countedFolders(account: Account, folders: readonly Folder[]): string[] {
  const inbox = folders.filter(({ role }) => role === 'inbox').map(({ path }) => path);
  if (!account.folders) return inbox;
  const chosen = account.folders.filter((path) => folders.some((folder) => folder.path === path));
  return chosen.length > 0 ? chosen : inbox;
}
