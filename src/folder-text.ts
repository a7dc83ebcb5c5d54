/** The names of folders, in the user's words where the folder's purpose is known. */
import type { Folder, FolderRole } from './model.ts';
import { t } from './text.ts';

/** Special-use folders are called the same everywhere; others by their own name. */
export function folderText({ role, name }: Folder): string {
  return role ? roleText(role) : name;
}

function roleText(role: FolderRole): string {
  switch (role) {
    case 'inbox':
      return t('folder_inbox');
    case 'archive':
      return t('folder_archive');
    case 'drafts':
      return t('folder_drafts');
    case 'sent':
      return t('folder_sent');
    case 'junk':
      return t('folder_junk');
    case 'trash':
      return t('folder_trash');
    case 'all':
      return t('folder_all');
    case 'flagged':
      return t('folder_flagged');
    case 'important':
      return t('folder_important');
  }
}
