/** Messages on request: their parts first, then the text that is shown; files piece by piece. The server notices nothing. */
import type { MessageContent } from '../../message-content.ts';
import { BridgeError } from '../errors.ts';
import type { TakeBytes } from '../mail-source.ts';
import { chooseParts } from '../message/choose-parts.ts';
import { MAX_TEXT } from '../message/decode-text.ts';
import { readContent } from '../message/message-content.ts';
import { decodeHeader, HEADER_FIELDS } from '../message/message-header.ts';
import type { Part } from '../message/part.ts';
import { makeStreamDecoder } from '../message/stream-decoder.ts';
import type { ImapSession } from './imap-session.ts';

/** What is fetched of a body in one command (a literal is held in memory whole). */
const PIECE = 256 * 1024;
/** Encoded bytes of one text part: base64 takes four for three, and line ends. */
const MAX_ENCODED_TEXT = Math.ceil((MAX_TEXT * 78) / 57);

/**
 * Reads what there is to see of a message of the selected folder.
 * @throws {BridgeError} `message-gone`, `canceled`
 */
export async function readMessage(session: ImapSession, uid: number, signal: AbortSignal): Promise<MessageContent> {
  const [fetched] = await session.fetchHeaders(`${uid}`, HEADER_FIELDS);
  if (!fetched || fetched.uid !== uid) throw new BridgeError('message-gone');
  const root = await structureOf(session, uid);
  const { text, html } = chooseParts(root);
  const bodies = new Map<string, Uint8Array>();
  for (const part of new Set([...text, ...html])) {
    if (!bodies.has(part.section)) bodies.set(part.section, await readStart(session, uid, part, signal));
  }
  const { from, sender, to, cc, replyTo, subject, date } = decodeHeader(fetched.header);
  const content = readContent(root, bodies, { subject });
  await keepUnseen(session, uid, fetched.seen);
  return { from, sender, to, cc, replyTo, subject, date, ...content };
}

async function structureOf(session: ImapSession, uid: number): Promise<Part> {
  const root = (await session.fetchStructures(`${uid}`)).get(uid);
  if (!root) throw new BridgeError('message-gone');
  return root;
}

/** The part, or as much of its start as is shown. */
async function readStart(session: ImapSession, uid: number, part: Part, signal: AbortSignal): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const wanted = Math.min(part.size, MAX_ENCODED_TEXT);
  for (let at = 0; at < wanted; at += PIECE) {
    throwIfCanceled(signal);
    const piece = await readPiece(session, uid, part.section, at);
    pieces.push(piece);
    if (piece.length < PIECE) break;
  }
  return Buffer.concat(pieces);
}

async function readPiece(session: ImapSession, uid: number, section: string, at: number): Promise<Uint8Array> {
  return (await session.fetchSection(`${uid}`, section, at, PIECE)).get(uid) ?? new Uint8Array();
}

/** There are servers that mark as seen whatever is fetched, PEEK or not (MailKit issue 1432): it is undone. */
async function keepUnseen(session: ImapSession, uid: number, wasSeen: boolean): Promise<void> {
  if (wasSeen) return;
  const [flags] = await session.fetchFlags(`${uid}`);
  if (flags?.seen && !session.readOnly()) await session.setFlag(`${uid}`, '\\Seen', false);
}

/**
 * Reads one part, decoded, piece by piece; between two pieces the connection is free for others.
 * @param inFolder does a job with the message's folder selected
 * @throws {BridgeError} `message-gone`, `canceled`
 */
export async function readPart(
  uid: number,
  section: string,
  take: TakeBytes,
  signal: AbortSignal,
  inFolder: <T>(job: (session: ImapSession) => Promise<T>) => Promise<T>,
): Promise<void> {
  const part = findPart(await inFolder((session) => structureOf(session, uid)), section);
  if (!part) throw new BridgeError('message-gone');
  const decoder = makeStreamDecoder(part.encoding);
  for (let at = 0; ; at += PIECE) {
    throwIfCanceled(signal);
    const piece = await inFolder((session) => readPiece(session, uid, section, at));
    await take(decoder.push(piece));
    if (piece.length < PIECE) break;
  }
  await take(decoder.end());
}

function findPart(root: Part, section: string): Part | null {
  if (root.section === section) return root;
  for (const child of root.children) {
    const found = findPart(child, section);
    if (found) return found;
  }
  return null;
}

function throwIfCanceled(signal: AbortSignal): void {
  if (signal.aborted) throw new BridgeError('canceled');
}
