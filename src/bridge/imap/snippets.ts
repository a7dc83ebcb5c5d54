/** What a row lacks after its header was read: the first words of the message, and whether it has files. */

import type { ErrorCode } from '../../model.ts';
import { codeOf } from '../errors.ts';
import type { MailboxState } from '../mailbox-state.ts';
import { chooseParts, isHtml, isInlineImage } from '../message/choose-parts.ts';
import type { Part } from '../message/part.ts';
import { makeSnippet, snippetOf, snippetPart } from '../message/snippet.ts';
import type { ImapSession } from './imap-session.ts';
import { toUidSets } from './uid-set.ts';

/** Rows looked at in one go; between two, the connection is free for what is wanted more. */
const CHUNK = 50;
/** Bytes of a text that are enough for its first words. */
const TEXT_START = 2048;
/** A page starts with its style sheet. */
const HTML_START = 16 * 1024;

export interface Glance {
  snippet: string;
  hasAttachments: boolean;
}

/** The next rows to be looked at, newest first; empty when all were. */
export function unlooked({ rows }: MailboxState): number[] {
  const open = [...rows.values()].filter(({ snippet }) => snippet === null);
  return open
    .sort((a, b) => b.uid - a.uid)
    .slice(0, CHUNK)
    .map(({ uid }) => uid);
}

/** Puts in what was seen. Rows that the server said nothing of are done too, or they would be asked about for ever. */
export function fillIn(state: MailboxState, uids: readonly number[], seen: ReadonlyMap<number, Glance>): MailboxState {
  const rows = new Map(state.rows);
  for (const uid of uids) {
    const row = rows.get(uid);
    if (row) rows.set(uid, { ...row, ...(seen.get(uid) ?? { snippet: '', hasAttachments: false }) });
  }
  return { ...state, rows };
}

/**
 * The same, where one message that a server or imapflow stumbles over takes nothing from the others.
 * @throws {BridgeError} when the line is lost
 */
export async function glanceAtEach(session: ImapSession, uids: readonly number[]): Promise<Map<number, Glance>> {
  try {
    return await glanceAt(session, uids);
  } catch (error) {
    if (ENDS.has(codeOf(error))) throw error;
    if (uids.length <= 1) return new Map();
    const half = Math.ceil(uids.length / 2);
    const first = await glanceAtEach(session, uids.slice(0, half));
    return new Map([...first, ...(await glanceAtEach(session, uids.slice(half)))]);
  }
}

/** After these there is no line left to ask on. */
const ENDS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['connection-lost', 'timed-out', 'server-nonsense']);

/** Looks at messages of the selected folder: their parts, and the words that the server or the first text part has. */
async function glanceAt(session: ImapSession, uids: readonly number[]): Promise<Map<number, Glance>> {
  const [set = ''] = toUidSets(uids);
  const structures = await session.fetchStructures(set);
  const words = session.abilities.preview ? await session.fetchPreviews(set) : new Map<number, string>();
  // A server may have no preview of a message (RFC 8970 section 3.1: NIL); Cyrus 3.6 has none of any.
  const without = new Map([...structures].filter(([uid]) => !words.has(uid)));
  for (const [uid, start] of await readStarts(session, without)) words.set(uid, start);
  return new Map(
    [...structures].map(([uid, root]) => [
      uid,
      { snippet: makeSnippet(words.get(uid) ?? ''), hasAttachments: hasFiles(root) },
    ]),
  );
}

function hasFiles(root: Part): boolean {
  return chooseParts(root).files.some((part) => !isInlineImage(part));
}

/** The same section of several messages is one question. */
async function readStarts(session: ImapSession, structures: ReadonlyMap<number, Part>): Promise<Map<number, string>> {
  const bySection = new Map<string, Map<number, Part>>();
  for (const [uid, root] of structures) {
    const part = snippetPart(root);
    if (!part) continue;
    const key = `${part.section} ${isHtml(part) ? HTML_START : TEXT_START}`;
    bySection.set(key, (bySection.get(key) ?? new Map<number, Part>()).set(uid, part));
  }
  const words = new Map<number, string>();
  for (const [key, parts] of bySection) {
    const [section = '', length] = key.split(' ');
    for (const set of toUidSets(parts.keys()))
      for (const [uid, bytes] of await session.fetchSection(set, section, 0, Number(length))) {
        const part = parts.get(uid);
        if (part) words.set(uid, snippetOf(bytes, part));
      }
  }
  return words;
}
