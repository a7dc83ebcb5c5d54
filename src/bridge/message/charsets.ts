/** Bytes to text, by the charset that a message names or, where it names none that fits, by what the bytes look like. */
import iconv from 'iconv-lite';
import { type ByteString, isAscii, isUtf8, toBytes } from './byte-string.ts';
import { type Charset, findCharset } from './charset-names.ts';

/** What to try for bytes that carry no charset of their own. */
export interface Charsets {
  /** The charset of the message's Content-Type. */
  message: Charset | null;
  /** The user's choice for mail that says nothing. */
  fallback: Charset;
}

/** Most mail that names no charset comes from Western Europe and America, and this charset has a letter for every byte. */
export const DEFAULT_FALLBACK: Charset = { kind: 'iconv', name: 'windows-1252' };

const UTF_8: Charset = { kind: 'web', name: 'utf-8' };
const JAPANESE: Charset = { kind: 'web', name: 'iso-2022-jp' };

/** These say that 7-bit bytes are no ASCII: the escape sequences to Japanese sets (RFC 1468). */
const TO_JAPANESE = ['\x1b$@', '\x1b$B'];

/** One for each encoding of a fixed table, so it cannot grow. */
const decoders = new Map<string, TextDecoder>();

/** Decodes bytes that an encoded word gives with its charset; the label may be unknown or wrong. */
export function decodeLabelled(bytes: ByteString, label: string, charsets: Charsets): string {
  const charset = findCharset(label);
  if (!charset) return decodeUnlabelled(bytes, charsets);
  const text = decode(bytes, charset);
  // A text cut in the middle of a letter stays what it says it is; one in which no letter could be read is mislabelled.
  const wrong = charset.name === 'utf-8' && text.includes('\ufffd') && !/[\u0080-\ufffc]/.test(text);
  return wrong ? decodeUnlabelled(bytes, charsets) : text;
}

/** Decodes bytes without a label: UTF-8 where they are, else the message's charset where it fits, else the fallback. */
export function decodeUnlabelled(bytes: ByteString, charsets: Charsets): string {
  if (isAscii(bytes)) return TO_JAPANESE.some((start) => bytes.includes(start)) ? decode(bytes, JAPANESE) : bytes;
  if (isUtf8(bytes)) return decode(bytes, UTF_8);
  const { message, fallback } = charsets;
  if (message && message.name !== 'utf-8') {
    const text = decode(bytes, message);
    if (!text.includes('\ufffd')) return text;
  }
  return decode(bytes, fallback);
}

function decode(bytes: ByteString, charset: Charset): string {
  if (charset.kind === 'iconv') return iconv.decode(toBytes(bytes), charset.name);
  if (charset.name === 'iso-2022-jp') return decoder(charset.name).decode(toBytes(withoutEmptyRuns(bytes)));
  if (charset.kind === 'web') return decoder(charset.name).decode(toBytes(bytes));
  if (charset.name === 'iso-2022-kr') return iconv.decode(toBytes(shiftedKorean(bytes)), 'cp949');
  if (charset.name === 'hz-gb-2312') return decoder('gb18030').decode(toBytes(shiftedChinese(bytes)));
  // UTF-16 without a byte order mark is big-endian (RFC 2781 section 4.3).
  return decoder(bytes.startsWith('\xff\xfe') ? 'utf-16le' : 'utf-16be').decode(toBytes(bytes));
}

function decoder(name: string): TextDecoder {
  const known = decoders.get(name);
  if (known) return known;
  const made = new TextDecoder(name);
  decoders.set(name, made);
  return made;
}

/**
 * Each of several encoded words ends by switching to ASCII and starts by switching away; an ASCII run of no letters is
 * then in between, which the WHATWG decoder takes for an error.
 */
function withoutEmptyRuns(bytes: ByteString): ByteString {
  return bytes.replaceAll('\x1b(B\x1b', '\x1b').replaceAll('\x1b(J\x1b', '\x1b');
}

/** ISO-2022-KR (RFC 1557) is EUC-KR with seven bits, between SO and SI. */
function shiftedKorean(bytes: ByteString): ByteString {
  const [ascii = '', ...shifted] = bytes.replaceAll('\x1b$)C', '').split('\x0e');
  const parts = shifted.map((part) => {
    const [korean = '', ...rest] = part.split('\x0f');
    return eighthBit(korean) + rest.join('');
  });
  return ascii + parts.join('');
}

/** HZ (RFC 1843) is GB2312 with seven bits, between `~{` and `~}`; `~~` is a tilde. */
function shiftedChinese(bytes: ByteString): ByteString {
  return bytes.replace(/~\{((?:[^~]|~(?!\}))*)(?:~\}|$)|~~/g, (all, run: string | undefined) =>
    run === undefined ? all.slice(1) : eighthBit(run),
  );
}

function eighthBit(run: ByteString): ByteString {
  return run.replace(/[\x21-\x7e]/g, (byte) => String.fromCharCode(byte.charCodeAt(0) | 0x80));
}
