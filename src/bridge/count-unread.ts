/** The number on the badge, of one account: exact for any size, and each message once however many folders it is in. */
import type { MailboxState } from './mailbox-state.ts';

/** Messages with an id that several folders share count once; those without are taken for different ones. */
export function countUnread(mailboxes: readonly Pick<MailboxState, 'unseen' | 'emailIds'>[]): number {
  const named = new Set<string>();
  let unnamed = 0;
  for (const { unseen, emailIds } of mailboxes) {
    unnamed += unseen.size;
    for (const [uid, emailId] of emailIds) {
      if (!unseen.has(uid)) continue;
      named.add(emailId);
      unnamed -= 1;
    }
  }
  return unnamed + named.size;
}
