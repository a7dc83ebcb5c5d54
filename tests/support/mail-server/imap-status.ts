/** STATUS items (RFC 9051 section 6.3.11), for STATUS itself and for LIST. */
import type { Folder } from './folder.ts';
import { formatString } from './imap-format.ts';
import { ImapRefusal } from './imap-refusal.ts';
import type { ImapSession } from './imap-session.ts';
import { encodeMailboxName } from './mailbox-name.ts';

export const STATUS_ITEMS: ReadonlyMap<string, (folder: Folder) => number> = new Map([
  ['MESSAGES', (folder: Folder) => folder.size],
  ['RECENT', () => 0],
  ['UIDNEXT', (folder: Folder) => folder.uidNext],
  ['UIDVALIDITY', (folder: Folder) => folder.uidValidity],
  ['UNSEEN', (folder: Folder) => folder.unseen],
  ['HIGHESTMODSEQ', (folder: Folder) => folder.highestModseq],
]);

/** The untagged response; asking for HIGHESTMODSEQ switches CONDSTORE on (RFC 7162 section 3.1). */
export function formatStatus(session: ImapSession, folder: Folder, items: readonly string[]): string {
  const values = items.map((item) => {
    const name = item.toUpperCase();
    const value = STATUS_ITEMS.get(name);
    if (!value || (name === 'HIGHESTMODSEQ' && !session.can('CONDSTORE')))
      throw new ImapRefusal('BAD Unknown status item');
    if (name === 'HIGHESTMODSEQ') session.condstore = true;
    const { statusValidity } = session.settings.faults;
    if (name === 'UIDVALIDITY' && statusValidity) return `${name} ${statusValidity()}`;
    return `${name} ${value(folder)}`;
  });
  return `STATUS ${formatString(encodeMailboxName(folder.name)).toString('latin1')} (${values.join(' ')})`;
}
