/** Bytes for tests: `\xNN` in a string is one byte, other letters are given as `utf8('…')`. */
import { type Charsets, DEFAULT_FALLBACK } from '../../../src/bridge/message/charsets.ts';

/** A message that names no charset. */
export const NO_CHARSET: Charsets = { message: null, fallback: DEFAULT_FALLBACK };

export function rawBytes(text: string): Uint8Array {
  if (/[^\0-\xff]/.test(text)) throw new Error('a letter that is not a byte');
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

/** The UTF-8 bytes of a text, as a string of bytes. */
export function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
