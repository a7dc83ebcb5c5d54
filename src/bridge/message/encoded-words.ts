/** Encoded words (RFC 2047), read from bytes, since a letter may be split over two of them or stand raw inside one. */
import { type ByteString, isAscii, isUtf8 } from './byte-string.ts';
import { type Charsets, decodeLabelled, decodeUnlabelled } from './charsets.ts';

export interface EncodedWord {
  /** Where it ends in the searched bytes. */
  end: number;
  /** As it is written, an RFC 2231 language included. */
  charset: string;
  encoding: 'B' | 'Q';
  text: ByteString;
}

/** `=?charset?encoding?`; the longest registered charset name has 45 characters. */
const WORD_START = /=\?([!-><-@A-Z[-~]{1,75}?)\?([BbQq])\?/y;

/**
 * Finds encoded words in one field. RFC 2047's limit of 75 characters and its rules on what may stand around a word
 * are not held against the message, since mailers break them daily.
 */
export class WordFinder {
  /** No word that starts before this ends: spares searching the same bytes for every start. */
  private endless = 0;

  /** `spaces`: a word may hold raw white space, which is right for text and wrong in an address list. */
  constructor(
    private readonly bytes: ByteString,
    private readonly spaces: boolean,
  ) {}

  /** The word that starts at this place, or null. */
  at(start: number): EncodedWord | null {
    if (this.bytes[start] !== '=') return null;
    WORD_START.lastIndex = start;
    const match = WORD_START.exec(this.bytes);
    if (!match?.[1] || !match[2]) return null;
    const textStart = WORD_START.lastIndex;
    const textEnd = this.endOfText(textStart);
    if (textEnd < 0) return null;
    const encoding = match[2] === 'B' || match[2] === 'b' ? 'B' : 'Q';
    return { end: textEnd + 2, charset: match[1], encoding, text: this.bytes.slice(textStart, textEnd) };
  }

  private endOfText(start: number): number {
    if (start < this.endless) return -1;
    for (let index = start; index < this.bytes.length; index++) {
      const byte = this.bytes[index];
      if (byte === '?' && this.bytes[index + 1] === '=') return index;
      if (!this.spaces && (byte === ' ' || byte === '\t')) {
        this.endless = index;
        return -1;
      }
    }
    this.endless = this.bytes.length;
    return -1;
  }
}

/** A run of bytes and what is known of its charset; null where nothing is. */
interface Run {
  charset: string | null;
  bytes: ByteString;
}

/** Decodes a text field or a phrase: encoded words and what stands between them. The result is not cleaned. */
export function decodeText(bytes: ByteString, charsets: Charsets): string {
  if (!bytes.includes('=?')) return decodeUnlabelled(bytes, charsets);
  return readRuns(bytes)
    .map((run) =>
      run.charset === null ? decodeUnlabelled(run.bytes, charsets) : decodeLabelled(run.bytes, run.charset, charsets),
    )
    .join('');
}

function readRuns(bytes: ByteString): Run[] {
  const runs: Run[] = [];
  const finder = new WordFinder(bytes, true);
  let done = 0;
  let afterWord = false;
  for (let start = bytes.indexOf('=?'); start >= 0; ) {
    const word = finder.at(start);
    if (!word) {
      start = bytes.indexOf('=?', start + 2);
      continue;
    }
    const between = bytes.slice(done, start);
    // White space between two words belongs to neither (RFC 2047 section 6.2).
    if (!(afterWord && /^[ \t\r\n]*$/.test(between))) add(runs, null, between);
    for (const run of wordRuns(word)) add(runs, run.charset, run.bytes);
    done = word.end;
    afterWord = true;
    start = bytes.indexOf('=?', done);
  }
  add(runs, null, bytes.slice(done));
  return runs;
}

/** Runs of the same charset become one before they are decoded, so that a letter split over two words is whole again. */
function add(runs: Run[], charset: string | null, bytes: ByteString): void {
  if (bytes === '') return;
  const last = runs.at(-1);
  if (last && last.charset === charset) last.bytes += bytes;
  else runs.push({ charset, bytes });
}

function wordRuns(word: EncodedWord): Run[] {
  const charset = word.charset.replace(/\*.*$/, '').toLowerCase();
  if (word.encoding === 'B') return [{ charset, bytes: decodeBase64(word.text) }];
  if (isAscii(word.text)) return [{ charset, bytes: decodeQ(word.text) }];
  // Bytes above 0x7F have no place in a word; UTF-8 shows itself, anything else is what the word says it is.
  return word.text.split(/([\x80-\xff]+)/).map((part, index) => {
    const raw = index % 2 === 1;
    return { charset: raw && isUtf8(part) ? 'utf-8' : charset, bytes: raw ? part : decodeQ(part) };
  });
}

/** RFC 2047 section 4.2; a `=` without two hexadecimal digits stands for itself. */
function decodeQ(text: ByteString): ByteString {
  return text
    .replaceAll('_', ' ')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 (RFC 4648), tolerant: no padding, padding in the middle (words glued together), foreign bytes, URL alphabet. */
function decodeBase64(text: ByteString): ByteString {
  let bytes = '';
  let bits = 0;
  let count = 0;
  for (const char of text) {
    if (char === '=') {
      count = 0;
      continue;
    }
    const value = BASE64.indexOf(char === '-' ? '+' : char === '_' ? '/' : char);
    if (value < 0) continue;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += String.fromCharCode((bits >> count) & 0xff);
  }
  return bytes;
}
