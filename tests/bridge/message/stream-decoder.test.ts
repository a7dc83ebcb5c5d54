/** A body that comes in pieces is the body, wherever it was cut. */
import { describe, expect, it } from 'vitest';
import { makeStreamDecoder } from '../../../src/bridge/message/stream-decoder.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const random = seededRandom(7);
const bytes = Buffer.from(Array.from({ length: 3000 }, () => Math.floor(random() * 256)));
const asBase64 = (bytes.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n');
const asQuoted = (
  Array.from(bytes, (byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('')
    .match(/.{1,75}/g) ?? []
).join('=\r\n');

function decode(encoding: 'base64' | 'quoted-printable' | 'binary', sent: Buffer, cuts: readonly number[]): Buffer {
  const decoder = makeStreamDecoder(encoding);
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const to of [...cuts, sent.length]) {
    pieces.push(decoder.push(sent.subarray(from, to)));
    from = to;
  }
  return Buffer.concat([...pieces, decoder.end()]);
}

describe.each([
  ['base64', Buffer.from(asBase64), bytes],
  ['quoted-printable', Buffer.from(asQuoted), bytes],
  ['binary', bytes, bytes],
] as const)('%s', (encoding, sent, expected) => {
  it('cut once, at every byte', () => {
    for (let cut = 0; cut <= 400; cut += 1) expect(decode(encoding, sent, [cut]).equals(expected)).toBe(true);
  });

  it('one byte at a time', () => {
    expect(decode(encoding, sent, Array.from(sent.keys())).equals(expected)).toBe(true);
  });
});

it('base64 of several runs, each with its padding, and letters that mean nothing', () => {
  const sent = Buffer.from('QQ==\r\nQkI=\r\n Q!0ND\r\nRA==');
  for (let cut = 0; cut <= sent.length; cut += 1)
    expect(decode('base64', sent, [cut]).toString()).toBe(decode('base64', sent, []).toString());
  expect(decode('base64', sent, []).toString()).toBe('ABBCCCD');
});

it('quoted-printable without any line holds no more than a line of it back, and cuts no escape', () => {
  const sent = Buffer.from('=41'.repeat(100_000));
  for (const size of [1000, 1001, 70_000]) {
    const decoder = makeStreamDecoder('quoted-printable');
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < sent.length; at += size) pieces.push(decoder.push(sent.subarray(at, at + size)));
    expect(Buffer.concat(pieces).length).toBeGreaterThan(70_000);
    expect(Buffer.concat([...pieces, decoder.end()]).toString()).toBe('A'.repeat(100_000));
  }
});
