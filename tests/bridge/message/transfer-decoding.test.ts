import { describe, expect, test } from 'vitest';
import type { Encoding } from '../../../src/bridge/message/part.ts';
import { decodedSize, decodeTransfer, estimateDecodedSize } from '../../../src/bridge/message/transfer-decoding.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { growth, LINEAR } from './growth.ts';
import { rawBytes } from './raw-bytes.ts';

function decode(text: string, encoding: Encoding): string {
  return Buffer.from(decodeTransfer(rawBytes(text), encoding)).toString('latin1');
}

describe('base64', () => {
  test.each([
    ['lines', 'aGVs\r\nbG8=\r\n', 'hello'],
    ['no padding', 'aGVsbG8', 'hello'],
    ['pieces glued together', 'aGU=bGxv', 'hello'],
    ['foreign bytes', 'a!G\0V s\xffbG8', 'hello'],
    ['the URL alphabet', '_-__', '\xff\xef\xff'],
    ['cut in a letter', 'aGVsb', 'hel'],
    ['nothing', '', ''],
    ['rubbish alone', '!!!', ''],
    ['padding alone', '====', ''],
  ])('%s', (_, text, decoded) => {
    expect(decode(text, 'base64')).toBe(decoded);
  });
});

describe('quoted-printable', () => {
  test.each([
    ['bytes', 'a=3D=e9=E9', 'a=\xe9\xe9'],
    ['soft line breaks', 'a=\r\nb=\nc= \t\r\nd', 'abcd'],
    ['space at the end of lines', 'a \t \r\nb  \n', 'a\r\nb\n'],
    ['space that is meant', 'a=20\r\nb=09', 'a \r\nb\t'],
    ['what is no encoding', 'a=b =zz =4', 'a=b =zz'],
    ['raw bytes', '\xe9\0', '\xe9\0'],
    ['cut after =', 'a=', 'a'],
    ['cut after a digit', 'a=4', 'a'],
    ['a lone CR', 'a\rb', 'a\rb'],
    ['space at the end of the body', 'a  ', 'a'],
  ])('%s', (_, text, decoded) => {
    expect(decode(text, 'quoted-printable')).toBe(decoded);
  });
});

test('other encodings are left alone', () => {
  expect(decode('a=3D\r\n ', 'binary')).toBe('a=3D\r\n ');
});

test('random bytes come back, and no more of them than asked for', () => {
  const random = seededRandom(8);
  for (let round = 0; round < 300; round++) {
    const bytes = Uint8Array.from({ length: random() * 300 }, () => random() * 256);
    const base64 = Buffer.from(bytes)
      .toString('base64')
      .replace(/.{1,76}/g, '$&\r\n');
    const quoted = Buffer.from(bytes).toString('hex').replace(/../g, '=$&').replace(/.{75}/g, '$&=\r\n');
    const max = Math.floor(random() * 300);
    for (const [text, encoding] of [
      [base64, 'base64'],
      [quoted, 'quoted-printable'],
    ] as const) {
      const encoded = rawBytes(text);
      expect([...decodeTransfer(encoded, encoding)]).toEqual([...bytes]);
      expect([...decodeTransfer(encoded, encoding, max)]).toEqual([...bytes.subarray(0, max)]);
      expect(decodedSize(encoded, encoding)).toBe(bytes.length);
    }
    expect(Math.abs(estimateDecodedSize(base64.length, 'base64') - bytes.length)).toBeLessThanOrEqual(3);
  }
});

test('what is cut is the start of the whole', () => {
  const whole = 'Gr=C3=BC=C3=9Fe =\r\n aus \r\nK=C3=B6ln=20\r\n=\r\n';
  const decoded = decode(whole, 'quoted-printable');
  for (let end = 0; end <= whole.length; end++)
    expect(decoded.startsWith(decode(whole.slice(0, end), 'quoted-printable'))).toBe(true);
});

test.each(['=', '= ', ' ', '\t', '=\r', '=0', '=\r\n', '\r', 'a \n', 'A', '=3D', '!', '=A'])(
  'many %j take no more time than their number says',
  (piece) => {
    const make = (size: number) => rawBytes(piece.repeat(size / piece.length));
    for (const encoding of ['base64', 'quoted-printable', 'binary'] as const)
      expect(
        growth(2 ** 19, make, (raw) => decodeTransfer(raw, encoding)),
        encoding,
      ).toBeLessThan(LINEAR);
  },
);
