/** What was fetched, decoded into rows of the list. */
import type { FolderRef, Message } from '../../model.ts';
import { decodeHeader } from '../message/message-header.ts';
import type { FetchedHeader } from './imap-reading.ts';

/** What a row shows, and Content-Type for the charset of raw bytes. Recipients can be megabytes and are not shown. */
export const ROW_FIELDS: readonly string[] = ['From', 'Subject', 'Message-ID', 'List-Id', 'Content-Type'];
/** INTERNALDATE is the server's clock; a row from the far future would stay on top for ever. */
const DAY = 24 * 3600_000;

/** Rows of all that is not marked as deleted. @param now milliseconds since 1970 */
export function makeRows(
  ref: FolderRef,
  uidValidity: number,
  fetched: readonly FetchedHeader[],
  now: number,
): Message[] {
  return fetched.filter(({ deleted }) => !deleted).map((header) => makeRow(ref, uidValidity, header, now));
}

function makeRow({ account, folder }: FolderRef, uidValidity: number, fetched: FetchedHeader, now: number): Message {
  const { uid, seen, flagged, answered, emailId, date, size, header } = fetched;
  const { from, subject, messageId, listId } = decodeHeader(header);
  return {
    account,
    folder,
    uid,
    uidValidity,
    messageId,
    from,
    subject,
    date: Math.min(date, now + DAY),
    seen,
    flagged,
    answered,
    size,
    listId,
    emailId,
    snippet: null,
    hasAttachments: false,
  };
}
