/** Undoes the transfer encoding of a body (RFC 2045 section 6). A body may be cut anywhere and full of rubbish. */
import type { Encoding } from './part.ts';

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const EQUALS = 61;

/** What is no letter of the alphabet, and the padding. */
const SKIPPED = 64;
const PADDING = 65;

/** The value of each byte as base64, the URL alphabet included (RFC 4648 section 5). */
const SEXTETS = new Uint8Array(256).fill(SKIPPED);
for (const [value, char] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  SEXTETS[char.charCodeAt(0)] = value;
SEXTETS[45] = 62;
SEXTETS[95] = 63;
SEXTETS[EQUALS] = PADDING;

/** The value of each byte as a hexadecimal digit; 255 for what is none. */
const HEX = new Uint8Array(256).fill(255);
for (const [value, char] of [...'0123456789abcdef'].entries()) {
  HEX[char.charCodeAt(0)] = value;
  HEX[char.toUpperCase().charCodeAt(0)] = value;
}

/** The decoded bytes, at most `max` of them. May share memory with `bytes`. Never throws; linear. */
export function decodeTransfer(bytes: Uint8Array, encoding: Encoding, max = Number.POSITIVE_INFINITY): Uint8Array {
  if (encoding === 'base64') return decodeBase64(bytes, max);
  if (encoding === 'quoted-printable') return decodeQuotedPrintable(bytes, max);
  return bytes.length > max ? bytes.subarray(0, max) : bytes;
}

/** How many bytes a body has once decoded, without decoding it. */
export function decodedSize(bytes: Uint8Array, encoding: Encoding): number {
  if (encoding === 'base64') {
    let sextets = 0;
    for (let index = 0; index < bytes.length; index++) if ((SEXTETS[bytes[index] ?? 0] ?? SKIPPED) < SKIPPED) sextets++;
    return Math.floor((sextets * 3) / 4);
  }
  return encoding === 'quoted-printable' ? decodeQuotedPrintable(bytes, bytes.length).length : bytes.length;
}

/** The same from the encoded size alone: base64 in lines of 76 letters (RFC 2045 section 6.8) and CRLF. */
export function estimateDecodedSize(size: number, encoding: Encoding): number {
  return encoding === 'base64' ? Math.floor((size * 57) / 78) : size;
}

/** Foreign bytes are passed over; after padding the next letter starts anew, since some mailers glue pieces together. */
function decodeBase64(bytes: Uint8Array, max: number): Uint8Array {
  const output = new Uint8Array(Math.min(max, Math.floor((bytes.length * 3) / 4)));
  let length = 0;
  let bits = 0;
  let count = 0;
  for (let index = 0; index < bytes.length && length < output.length; index++) {
    const value = SEXTETS[bytes[index] ?? 0] ?? SKIPPED;
    if (value < SKIPPED) {
      bits = (bits << 6) | value;
      count += 6;
      if (count >= 8) {
        count -= 8;
        output[length++] = bits >> count;
        bits &= (1 << count) - 1;
      }
    } else if (value === PADDING) {
      bits = 0;
      count = 0;
    }
  }
  return output.subarray(0, length);
}

/** A `=` without its digits stands for itself, or was cut off at the very end and says nothing. */
function decodeQuotedPrintable(bytes: Uint8Array, max: number): Uint8Array {
  const output = new Uint8Array(bytes.length);
  let length = 0;
  /** Where the line would end without the white space at its end, which was added on the way (rule 3). */
  let lineLength = 0;
  for (let index = 0; index < bytes.length && lineLength < max; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === EQUALS) {
      const next = softBreak(bytes, index + 1);
      if (next > 0) {
        lineLength = length;
        index = next - 1;
        continue;
      }
      const high = HEX[bytes[index + 1] ?? 0] ?? 255;
      const low = HEX[bytes[index + 2] ?? 0] ?? 255;
      if (high === 255 || low === 255) {
        if (index + (high === 255 ? 1 : 2) >= bytes.length) break;
        output[length++] = byte;
      } else {
        output[length++] = high * 16 + low;
        index += 2;
      }
      lineLength = length;
    } else if (byte === CR && index + 1 === bytes.length) {
      // Half a line break: its other half was cut off.
      break;
    } else if (byte === LF || (byte === CR && bytes[index + 1] === LF)) {
      length = lineLength;
      output[length++] = byte;
      if (byte === CR) {
        output[length++] = LF;
        index++;
      }
      lineLength = length;
    } else {
      output[length++] = byte;
      if (byte !== SPACE && byte !== TAB) lineLength = length;
    }
  }
  return output.subarray(0, Math.min(lineLength, max));
}

/** Where the line after a soft line break (rule 5) starts; 0 when there is none. Padding after the `=` is allowed. */
function softBreak(bytes: Uint8Array, start: number): number {
  // RFC 2045 allows lines of 76 letters; more padding than any line has would have to be looked at again and again.
  const limit = Math.min(bytes.length, start + 1000);
  let index = start;
  while (index < limit && (bytes[index] === SPACE || bytes[index] === TAB)) index++;
  if (index === bytes.length) return index;
  if (bytes[index] === CR) index++;
  return index === bytes.length || bytes[index] === LF ? index + 1 : 0;
}
