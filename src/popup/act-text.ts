/** The words, drawings and keys of the acts. */
import type { IconName } from '../icon.tsx';
import type { RemoveKind } from '../model.ts';
import { t } from '../text.ts';
import type { Act } from './acts.ts';

/** Each pair of opposites shares its key; `not-spam` too stands on the key of its opposite. */
export const ACT_KEYS: Record<Act, string> = {
  seen: 'U',
  unseen: 'U',
  star: 'S',
  unstar: 'S',
  archive: 'E',
  trash: '#',
  spam: '!',
  'not-spam': '!',
};

export const ACT_ICONS: Record<Act, IconName> = {
  seen: 'read',
  unseen: 'unread',
  star: 'star',
  unstar: 'star',
  archive: 'archive',
  trash: 'trash',
  spam: 'spam',
  'not-spam': 'inbox',
};

/** On its button. */
export function actText(act: Act): string {
  switch (act) {
    case 'seen':
      return t('mark_read');
    case 'unseen':
      return t('mark_unread');
    case 'star':
      return t('act_star');
    case 'unstar':
      return t('act_unstar');
    case 'archive':
      return t('act_archive');
    case 'trash':
      return t('act_trash');
    case 'spam':
      return t('act_spam');
    case 'not-spam':
      return t('act_not_spam');
  }
}

/** What has happened, as a headline of one or two words. */
export function removedText(kind: RemoveKind): string {
  switch (kind) {
    case 'archive':
      return t('removed_archive');
    case 'trash':
      return t('removed_trash');
    case 'spam':
      return t('removed_spam');
    case 'not-spam':
      return t('removed_not_spam');
    case 'move':
      return t('removed_move');
    case 'delete':
      return t('removed_delete');
  }
}
