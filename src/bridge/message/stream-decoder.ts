/** Undoes the transfer encoding of a body that comes in pieces, cut anywhere (RFC 2045 section 6). */
import type { Encoding } from './part.ts';
import { decodeTransfer } from './transfer-decoding.ts';

const LF = 10;
/** RFC 2045 section 6.7: a line has at most 76 characters; where none ends for so long, it is cut where it is safe. */
const LONGEST_LINE = 64 * 1024;
const EQUALS = 61;

export interface StreamDecoder {
  /** The bytes that are certain so far. */
  push(piece: Uint8Array): Uint8Array;
  /** The rest. */
  end(): Uint8Array;
}

export function makeStreamDecoder(encoding: Encoding): StreamDecoder {
  let rest: Uint8Array = new Uint8Array();
  return {
    push(piece) {
      if (encoding === 'binary') return piece;
      const bytes = Buffer.concat([rest, piece]);
      const end = encoding === 'base64' ? endOfGroups(bytes) : endOfLines(bytes);
      rest = bytes.subarray(end);
      return decodeTransfer(bytes.subarray(0, end), encoding);
    },
    end() {
      const last = rest;
      rest = new Uint8Array();
      return decodeTransfer(last, encoding);
    },
  };
}

/** Behind the last whole group of four letters. */
function endOfGroups(bytes: Uint8Array): number {
  let letters = 0;
  let end = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === EQUALS) letters = 0;
    else if (isLetter(byte)) letters += 1;
    else continue;
    if (letters % 4 === 0) end = at + 1;
  }
  return end;
}

/** Of base64, the URL alphabet included (RFC 4648 section 5). */
function isLetter(byte: number): boolean {
  return (
    (byte >= 48 && byte <= 57) ||
    (byte >= 65 && byte <= 90) ||
    (byte >= 97 && byte <= 122) ||
    byte === 43 ||
    byte === 47 ||
    byte === 45 ||
    byte === 95
  );
}

/** Behind the last line that is whole. */
function endOfLines(bytes: Uint8Array): number {
  const end = bytes.lastIndexOf(LF) + 1;
  if (end > 0 || bytes.length < LONGEST_LINE) return end;
  // An escape of three characters may lie across the border.
  const escaped = bytes.lastIndexOf(EQUALS);
  return escaped >= bytes.length - 2 ? escaped : bytes.length;
}
