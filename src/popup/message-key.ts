import { mailboxKey } from '../counting.ts';
import type { Message } from '../model.ts';

/** Names a message for ever; usable as a key. */
export function messageKey(message: Pick<Message, 'account' | 'folder' | 'uidValidity' | 'uid'>): string {
  return `${mailboxKey(message)} ${message.uidValidity} ${message.uid}`;
}
