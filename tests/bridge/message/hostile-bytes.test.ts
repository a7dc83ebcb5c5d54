/** Whatever bytes a server sends as a header: it is read, quickly, into rows that the protocol takes. */
import { describe, expect, test } from 'vitest';
import { decodeHeader, HEADER_FIELDS, type MessageHeader } from '../../../src/bridge/message/message-header.ts';
import type { Address } from '../../../src/model.ts';
import { encodeFrame, parseEvents } from '../../../src/protocol.ts';
import { mailRow } from '../../support/mail-rows.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { growth, LINEAR } from './growth.ts';
import { rawBytes } from './raw-bytes.ts';

/** Pieces that mean something to some part of the decoder. */
const PIECES = [
  ...['=?utf-8?q?', '=?utf-8?B?', '=?utf-7?q?', '=?iso-2022-jp?b?', '=?big5?q?', '?=', '?', '=', '=00', '=0D=0A', '_'],
  ...[
    '4oCu',
    '=E2=80=AE',
    '+AGEAYg-',
    '+2AA-',
    '\x1b$B',
    '\x1b(B',
    '\x0e',
    '~{',
    '<',
    '>',
    '"',
    '\\',
    '(',
    ')',
    ',',
    ';',
  ],
  ...[':', '@', '.', '[', ']', ' ', '\t', '\r\n ', '\r', '\n', '\0', 'a', 'John', 'a@b.test', 'xn--80ak6aa92e', '\xe4'],
  ...[
    '\xc3\xa4',
    '\xe2\x80\x8b',
    '\xf0\x9f\x91\xa9\xe2\x80\x8d',
    '\xcc\x81',
    '\xff\xfe',
    '\x80',
    '1 Jul 2003 10:00',
    '+0200',
  ],
];

/** Letters that nothing shown may hold: controls, bidi controls, zero-width characters, tags, halves of letters. */
const FORBIDDEN =
  /[\p{Cc}\p{Cs}\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2060-\u206f\u061c\ufeff\u{e0000}-\u{e007f}]/u;

function expectRow(header: MessageHeader): void {
  const authors = [header.from, header.sender, ...header.to, ...header.cc, ...header.replyTo];
  const { messageId, subject, listId } = header;
  const rows = authors.map((from) => mailRow(1, { messageId, subject, listId, from, date: header.date ?? 0 }));
  const frame = encodeFrame([{ type: 'rows', account: 'a', folder: 'INBOX', epoch: 'e', rows }]);
  expect(parseEvents(frame)).toEqual([{ type: 'rows', account: 'a', folder: 'INBOX', epoch: 'e', rows }]);
  for (const list of [header.to, header.cc, header.replyTo]) expect(list.length).toBeLessThanOrEqual(200);
  const ids = [header.messageId, header.inReplyTo, ...header.references];
  expect(ids.filter((id) => !/^$|^<[^<>\s]{1,998}>$/.test(id))).toEqual([]);
  expect(header.references.length).toBeLessThanOrEqual(100);
  expect(header.listId.length).toBeLessThanOrEqual(255);
  expect(texts(header).filter((text) => FORBIDDEN.test(text))).toEqual([]);
}

function texts(header: MessageHeader): string[] {
  const addresses: (Address | null)[] = [header.from, header.sender, ...header.to, ...header.cc, ...header.replyTo];
  return [
    ...addresses.flatMap((address) => (address ? [address.name, address.address] : [])),
    ...[header.subject, header.messageId, header.inReplyTo, header.listId, ...header.references],
  ];
}

test('random bytes', () => {
  const random = seededRandom(1);
  for (let round = 0; round < 500; round++) {
    const field = () => HEADER_FIELDS[Math.floor(random() * HEADER_FIELDS.length)];
    const line = () =>
      `${field()}: ${String.fromCharCode(...Array.from({ length: random() * 300 }, () => random() * 256))}\n`;
    expectRow(decodeHeader(rawBytes(Array.from({ length: 12 }, line).join(''))));
  }
});

test('random pieces of mail', () => {
  const random = seededRandom(2);
  for (let round = 0; round < 1500; round++) {
    const piece = () => PIECES[Math.floor(random() * PIECES.length)];
    const line = (name: string) => `${name}: ${Array.from({ length: random() * 40 }, piece).join('')}\n`;
    expectRow(decodeHeader(rawBytes(HEADER_FIELDS.map(line).join(''))));
  }
});

describe('many of the worst take no more time than their number says', () => {
  /** One space-separated word each; `_` stands for a space in it. */
  const lists = [
    'a, a_b_ a@b.test, a@b.test_ a:b; <a@b.test> a(b) "a" "\\ (\\ <" <( _@ @_ <a_@ [a a. _. ((((a))))',
    '=?a?q? =?a?q?_ =?a?q?, =?a?q?b, =?a?q?b: =?a?q?b?=_ =?utf-7?q?+AAA-?=_=?cp850?q?a?=_ =?hz-gb-2312?q?~{a',
    '\xcc\x95\xcc\xb4 =?utf-8?q?=CC=95=CC=B4?=_<a@b.test>, a@xn--80ak6aa92e.com, \xd0\xb0a@\xd0\xb0a.test, _\n ;charset=',
  ];
  const worst: [start: string, piece: string][] = [
    ...[...PIECES, ...lists.flatMap((list) => list.split(' ').map((word) => word.replaceAll('_', ' ')))].map(
      (piece): [string, string] => ['', piece],
    ),
    ['', `x@${'a.'.repeat(150)}test,`],
    ['', `=?utf-8?q?${'=D0=B0a'.repeat(80)}?= <a@b.test>,`],
    // In `<>` a backslash is no escape, so each of these quotes may be one that ends.
    ['<', '"\\'],
    ['a:', '=?a?q?b:'],
    ['a:', `${'=?a?q?b:'.repeat(500)} `],
  ];
  test.each(worst)('%j and many %j', (start, piece) => {
    // The fields that are left out go through the same code.
    for (const name of ['From', 'Subject', 'Date', 'References', 'Content-Type', 'X-Other']) {
      const make = (size: number) => rawBytes(`${name}: ${start}${piece.repeat(Math.ceil(size / piece.length))}\r\n`);
      expect(growth(2 ** 16, make, decodeHeader), name).toBeLessThan(LINEAR);
      expectRow(decodeHeader(make(2 ** 16)));
    }
  });
});
