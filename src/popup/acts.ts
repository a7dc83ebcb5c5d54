/** What can be done to one message, and where. Pure. */
import type { Can, FolderRole, MarkKind, Message, Operation } from '../model.ts';

/** What takes a message out of its folder, of the ways that the list offers. */
export type RemoveAct = 'archive' | 'trash' | 'spam' | 'not-spam';
export type Act = MarkKind | RemoveAct;

// The same array for the same answer: rows are drawn again only when something about them has changed.
const NONE: readonly RemoveAct[] = [];
const USUAL: readonly RemoveAct[] = ['archive', 'trash', 'spam'];
const OF_ROLE: Partial<Record<FolderRole, readonly RemoveAct[]>> = {
  archive: ['trash', 'spam'],
  all: ['trash', 'spam'],
  drafts: ['trash'],
  sent: ['archive', 'trash'],
  junk: ['trash', 'not-spam'],
  trash: ['archive'],
};

/**
 * How a message can be taken out of a folder.
 * @param can undefined until the bridge has said what the account can do
 * @param role null for a folder without a known purpose
 */
export function removalsFrom(can: Can | undefined, role: FolderRole | null): readonly RemoveAct[] {
  if (!can?.move) return NONE;
  return (role && OF_ROLE[role]) ?? USUAL;
}

export function isRemoveAct(act: Act): act is RemoveAct {
  return act === 'archive' || act === 'trash' || act === 'spam' || act === 'not-spam';
}

/** The operation that does this to one message. */
export function operationOf(act: Act, message: Message): Operation {
  const { account, folder, uidValidity, uid } = message;
  return { kind: act, account, folder, uidValidity, target: { uids: [uid] } };
}

/** The keys that act on the row with the focus. */
export type ActCommand = 'toggle' | 'read' | 'unread' | 'star' | 'archive' | 'trash' | 'spam';

/** What a key does to this message; null where that is so already, `unsupported` where it cannot be done. */
export function actOfKey(
  command: ActCommand,
  { seen, flagged }: Message,
  removals: readonly RemoveAct[],
): Act | 'unsupported' | null {
  switch (command) {
    case 'toggle':
      return seen ? 'unseen' : 'seen';
    case 'read':
      return seen ? null : 'seen';
    case 'unread':
      return seen ? 'unseen' : null;
    case 'star':
      return flagged ? 'unstar' : 'star';
    case 'spam':
      return removals.find((act) => act === 'spam' || act === 'not-spam') ?? 'unsupported';
    default:
      return removals.includes(command) ? command : 'unsupported';
  }
}
