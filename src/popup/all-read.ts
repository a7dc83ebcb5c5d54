/** "Mark all read" and back again, as operations. Pure. */
import { mailboxKey } from '../counting.ts';
import type { Message, Operation } from '../model.ts';
import { MAX_UIDS } from '../wire.ts';
import type { Group } from './groups.ts';

/** "Mark all read": up to the newest message that is shown, so that mail arriving meanwhile stays unread. */
export function markAllRead(groups: readonly Group[]): Operation[] {
  return mailboxesOf(groups.filter((group) => group.unread !== 0)).map((messages) => {
    const newest = messages.reduce((a, b) => (b.uid > a.uid ? b : a));
    const { account, folder, uidValidity, uid } = newest;
    return { kind: 'seen', account, folder, uidValidity, target: { upTo: uid } };
  });
}

/** What takes "mark all read" back; null where some of the unread messages are not known by their UIDs. */
export function undoAllRead(groups: readonly Group[]): Operation[] | null {
  const unseen = groups.map((group) => ({ ...group, messages: group.messages.filter((message) => !message.seen) }));
  if (unseen.some((group) => group.messages.length !== (group.unread ?? 0))) return null;
  return mailboxesOf(unseen).flatMap((messages) =>
    chunksOf(
      messages.map((message) => message.uid),
      MAX_UIDS,
    ).map((uids): Operation => {
      const { account, folder, uidValidity } = messages[0];
      return { kind: 'unseen', account, folder, uidValidity, target: { uids } };
    }),
  );
}

/** The messages, a list a mailbox; none of the lists is empty. */
function mailboxesOf(groups: readonly Group[]): [Message, ...Message[]][] {
  const mailboxes = new Map<string, [Message, ...Message[]]>();
  for (const message of groups.flatMap((group) => group.messages)) {
    const list = mailboxes.get(mailboxKey(message));
    if (list) list.push(message);
    else mailboxes.set(mailboxKey(message), [message]);
  }
  return [...mailboxes.values()];
}

function chunksOf<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size));
}
