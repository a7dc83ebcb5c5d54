/** What a user looks for in one folder: found by the server, shown as ordinary rows. */
import type { FolderRef, Message, SearchQuery } from '../../model.ts';
import { BridgeError } from '../errors.ts';
import type { ImapSession } from './imap-session.ts';
import { makeRows, ROW_FIELDS } from './message-rows.ts';
import { glanceAtEach } from './snippets.ts';
import { toUidSets } from './uid-set.ts';

/** Nobody reads on; a closer question is the better way. */
const MOST = 200;
/** Shown as they come, a screenful at a time. */
const CHUNK = 25;

/**
 * Searches the selected folder, newest first.
 * @param now milliseconds since 1970
 * @throws {BridgeError} `canceled`
 */
export async function searchFolder(
  session: ImapSession,
  ref: FolderRef,
  uidValidity: number,
  query: SearchQuery,
  now: number,
  onFound: (rows: Message[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const found = (await session.search(query)).sort((a, b) => b - a).slice(0, MOST);
  for (let at = 0; at < found.length; at += CHUNK) {
    if (signal.aborted) throw new BridgeError('canceled');
    const uids = found.slice(at, at + CHUNK);
    const rows: Message[] = [];
    for (const set of toUidSets(uids))
      rows.push(...makeRows(ref, uidValidity, await session.fetchHeaders(set, ROW_FIELDS), now));
    const seen = await glanceAtEach(session, uids);
    onFound(rows.map((row) => ({ ...row, ...(seen.get(row.uid) ?? { snippet: '' }) })).sort((a, b) => b.uid - a.uid));
  }
}
