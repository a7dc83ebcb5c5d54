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

/** A repeatable source of numbers from 0 up to 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
