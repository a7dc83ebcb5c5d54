/** A command's bytes as tokens (RFC 9051 section 4): atoms, strings (quoted or literal), lists. */
import { ImapRefusal } from './imap-refusal.ts';

export type Token =
  /** Numbers, flags, sequence sets and `BODY[HEADER.FIELDS (Date)]<0.9>` are atoms here too. */
  { kind: 'atom'; text: string } | { kind: 'string'; bytes: Buffer } | { kind: 'list'; items: Token[] };

/** No command of any client goes deeper; the parser recurses. */
const DEEPEST_LIST = 20;

const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN = 0x28;
const CLOSE = 0x29;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;
const BRACKET = 0x5b;
const BRACKET_END = 0x5d;

/**
 * @param bytes one whole command without its last CRLF; literals stand as `{5}` CRLF and five bytes
 * @throws {ImapRefusal} BAD when it is no command
 */
export function parseTokens(bytes: Buffer): Token[] {
  const reader = { bytes, at: 0 };
  const tokens = parseItems(reader, 0);
  if (reader.at < bytes.length) throw new ImapRefusal('BAD Unexpected )');
  return tokens;
}

interface Reader {
  bytes: Buffer;
  at: number;
}

function parseItems(reader: Reader, depth: number): Token[] {
  if (depth > DEEPEST_LIST) throw new ImapRefusal('BAD Too many parentheses');
  const items: Token[] = [];
  while (reader.at < reader.bytes.length) {
    const byte = reader.bytes[reader.at];
    if (byte === CLOSE) break;
    if (byte === SPACE) reader.at += 1;
    else if (byte === OPEN) items.push(parseList(reader, depth));
    else if (byte === QUOTE) items.push({ kind: 'string', bytes: parseQuoted(reader) });
    else if (byte === BRACE) items.push({ kind: 'string', bytes: parseLiteral(reader) });
    else items.push({ kind: 'atom', text: parseAtom(reader) });
  }
  return items;
}

function parseList(reader: Reader, depth: number): Token {
  reader.at += 1;
  const items = parseItems(reader, depth + 1);
  if (reader.bytes[reader.at] !== CLOSE) throw new ImapRefusal('BAD Missing )');
  reader.at += 1;
  return { kind: 'list', items };
}

function parseQuoted(reader: Reader): Buffer {
  const text: number[] = [];
  for (reader.at += 1; reader.at < reader.bytes.length; reader.at += 1) {
    let byte = reader.bytes[reader.at] ?? 0;
    if (byte === QUOTE) {
      reader.at += 1;
      return Buffer.from(text);
    }
    if (byte === BACKSLASH) {
      reader.at += 1;
      byte = reader.bytes[reader.at] ?? 0;
    }
    text.push(byte);
  }
  throw new ImapRefusal('BAD Missing "');
}

function parseLiteral(reader: Reader): Buffer {
  const end = reader.bytes.indexOf('\r\n', reader.at);
  const size = literalSize(reader.bytes.subarray(reader.at, end < 0 ? undefined : end));
  if (end < 0 || !size) throw new ImapRefusal('BAD Malformed literal');
  const start = end + 2;
  reader.at = start + size.bytes;
  return reader.bytes.subarray(start, reader.at);
}

function parseAtom(reader: Reader): string {
  const start = reader.at;
  let inBrackets = false;
  for (; reader.at < reader.bytes.length; reader.at += 1) {
    const byte = reader.bytes[reader.at];
    if (byte === BRACKET) inBrackets = true;
    if (byte === BRACKET_END) inBrackets = false;
    if (!inBrackets && (byte === SPACE || byte === OPEN || byte === CLOSE || byte === QUOTE)) break;
  }
  return reader.bytes.toString('latin1', start, reader.at);
}

/** The literal that a line ends in (RFC 9051 section 4.3, RFC 7888), or null. */
export function literalSize(line: Buffer): { bytes: number; waits: boolean } | null {
  const match = /\{(\d{1,9})(\+?)\}$/.exec(line.toString('latin1', Math.max(0, line.length - 14)));
  return match ? { bytes: Number(match[1]), waits: match[2] === '' } : null;
}
