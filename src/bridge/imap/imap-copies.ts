/** What an attempt has copied whose answer was lost, where the server knows no MOVE. */
import { decodeHeader } from '../message/message-header.ts';
import type { FetchedHeader } from './imap-reading.ts';
import type { ImapSession } from './imap-session.ts';
import { toUidSets } from './uid-set.ts';

/** What a copy has in common with its original. */
const FIELDS = ['Message-ID', 'Date', 'From', 'To', 'Subject'];

/** A message that was to be copied, by what tells it from others. */
export interface Original {
  uid: number;
  messageId: string;
  size: number;
  date: number;
  header: string;
}

/** Messages of the selected folder; those without a Message-ID could not be told from others and are left out. */
export async function readOriginals(session: ImapSession, uids: readonly number[]): Promise<Original[]> {
  const originals: Original[] = [];
  for (const set of toUidSets(uids))
    for (const { uid, header, size, date } of await session.fetchHeaders(set, FIELDS))
      originals.push({ uid, messageId: decodeHeader(header).messageId, size, date, header: textOf(header) });
  return originals.filter(({ messageId }) => messageId !== '');
}

/** UIDs of those originals of which the selected folder has a copy. */
export async function findCopies(session: ImapSession, originals: readonly Original[]): Promise<Set<number>> {
  const copied = new Set<number>();
  for (const original of originals)
    for (const set of toUidSets(await session.searchMessageId(original.messageId)))
      if ((await session.fetchHeaders(set, FIELDS)).some((found) => isCopy(found, original))) copied.add(original.uid);
  return copied;
}

/** The size alone is not enough: mailutils counts notes of its own, and the copy has others. */
function isCopy({ size, date, header }: FetchedHeader, original: Original): boolean {
  return size === original.size || (date === original.date && textOf(header) === original.header);
}

function textOf(header: Uint8Array): string {
  return Buffer.from(header).toString('latin1');
}
