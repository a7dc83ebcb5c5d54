/** The bytes of a text part as the text that they mean, not cleaned. */
import { isUtf8 } from 'node:buffer';
import { type Charset, findCharset } from './charset-names.ts';
import { DEFAULT_FALLBACK, decodeLabelled, decodeUnlabelled } from './charsets.ts';
import type { Part } from './part.ts';
import { decodeTransfer } from './transfer-decoding.ts';

/** The most that is shown of a message's text, in bytes without their transfer encoding and in UTF-16 units. */
export const MAX_TEXT = 2 * 1024 * 1024;

/** Where HTML names its charset, if it does (WHATWG HTML section 4.2.5.4). */
const META_BYTES = 1024;
const META_CHARSET = /<meta[^>]{0,300}?charset\s{0,9}=\s{0,9}["']?([\w:.-]{1,60})/i;

const utf8 = new TextDecoder();

export interface DecodedText {
  text: string;
  /** There was more than `MAX_TEXT`. */
  cut: boolean;
}

/**
 * Decodes a text part from its bytes, which may be only the first of them: half a letter at the end is dropped.
 * @param fallback the charset of bytes that are not UTF-8 in a part that names none
 */
export function decodePart(bytes: Uint8Array, part: Part, fallback: Charset = DEFAULT_FALLBACK): DecodedText {
  const decoded = decodeTransfer(bytes, part.encoding, MAX_TEXT + 1);
  const kept = decoded.subarray(0, MAX_TEXT);
  const label = part.charset ?? (part.subtype === 'html' ? metaCharset(kept) : '');
  return { text: toText(kept, label, fallback).slice(0, MAX_TEXT), cut: decoded.length > MAX_TEXT };
}

function toText(bytes: Uint8Array, label: string, fallback: Charset): string {
  const charset = findCharset(label);
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  if (marked || charset === null || charset.name === 'utf-8') {
    const whole = withoutPartialLetter(bytes);
    if (isUtf8(whole) && (marked || charset !== null || whole.some((byte) => byte > 0x7f))) return utf8.decode(whole);
  }
  const charsets = { message: null, fallback };
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const text = charset ? decodeLabelled(raw, label, charsets) : decodeUnlabelled(raw, charsets);
  return text.endsWith('\ufffd') ? text.slice(0, -1) : text;
}

/** Drops a UTF-8 sequence that has begun and not ended. */
function withoutPartialLetter(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

function metaCharset(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, META_BYTES)).toString('latin1');
  const label = META_CHARSET.exec(start)?.[1] ?? '';
  // A page that could be read this far is in no encoding of two bytes, whatever it says.
  return /^(?:utf-?16|ucs-?2|utf-?32)/i.test(label) ? 'utf-8' : label;
}
