import { expect, test } from 'vitest';
import { decodeHeader, HEADER_FIELDS } from '../../../src/bridge/message/message-header.ts';
import { rawBytes, utf8 } from './raw-bytes.ts';

const header = (text: string, fallbackCharset?: string) =>
  decodeHeader(rawBytes(text), fallbackCharset === undefined ? {} : { fallbackCharset });

test('reads every field it asks a server for', () => {
  const text = [
    'From: =?utf-8?q?Z=C3=B6e?= <zoe@example.net>',
    'Sender: Office <office@example.net>',
    'To: Ann <ann@example.net>,',
    '\tbob@example.net',
    'Cc: carl@example.net',
    'Reply-To: list@example.net',
    'Subject: =?utf-8?Q?Gr=C3=BC?=',
    ' =?utf-8?Q?=C3=9Fe?= an alle',
    'Date: Tue, 1 Jul 2003 10:52:37 +0200',
    'Message-ID: <3@example.net>',
    'In-Reply-To: <2@example.net>',
    'References: <1@example.net>',
    '\t<2@example.net>',
    'List-Id: Our list <Our-List.example.net>',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Subject: body',
  ].join('\r\n');
  const fields = text.split('\r\n\r\n')[0]?.match(/^[\w-]+(?=:)/gm);
  expect(fields).toEqual(HEADER_FIELDS);
  expect(header(text)).toEqual({
    from: { name: 'Zöe', address: 'zoe@example.net', misleading: false },
    sender: { name: 'Office', address: 'office@example.net', misleading: false },
    to: [
      { name: 'Ann', address: 'ann@example.net', misleading: false },
      { name: '', address: 'bob@example.net', misleading: false },
    ],
    cc: [{ name: '', address: 'carl@example.net', misleading: false }],
    replyTo: [{ name: '', address: 'list@example.net', misleading: false }],
    subject: 'Grüße an alle',
    date: Date.UTC(2003, 6, 1, 8, 52, 37),
    messageId: '<3@example.net>',
    inReplyTo: '<2@example.net>',
    references: ['<1@example.net>', '<2@example.net>'],
    listId: 'our-list.example.net',
  });
});

test('an empty header is empty', () => {
  expect(header('')).toEqual({
    from: null,
    sender: null,
    to: [],
    cc: [],
    replyTo: [],
    subject: '',
    date: null,
    messageId: '',
    inReplyTo: '',
    references: [],
    listId: '',
  });
});

test('raw bytes: UTF-8, else the charset of the body, else the fallback', () => {
  const koi8 = '\xf0\xd2\xc9\xd7\xc5\xd4';
  expect(header(`Subject: ${utf8('Привет')}\nContent-Type: text/plain; charset=koi8-r\n`).subject).toBe('Привет');
  expect(header(`Subject: ${koi8}\nContent-Type: text/plain;\n charset="KOI8-R"\n`).subject).toBe('Привет');
  expect(header(`From: ${koi8} <a@x.test>\nContent-Type: text/plain; charset=koi8-r\n`).from?.name).toBe('Привет');
  expect(header(`Subject: ${koi8}\n`, 'koi8-r').subject).toBe('Привет');
  expect(header('Subject: Gr\xfc\xdfe\n').subject).toBe('Grüße');
  expect(header('Subject: Gr\xfc\xdfe\n', 'no such charset').subject).toBe('Grüße');
});

test('what a subject hides is dropped', () => {
  const hostile = 'Subject: =?utf-8?q?Pay=0D=0ABcc=3A_x=00_=E2=80=AEnow=E2=80=8B?=\r\n';
  expect(header(hostile).subject).toBe('Pay Bcc: x now');
});

test('the first of several subjects counts; several To fields are one list', () => {
  expect(header('Subject: a\nSubject: b\n').subject).toBe('a');
  expect(header('To: a@x.test\nTo: "b@x.test\nTo: c"@x.test\n').to.map((to) => to.address)).toEqual([
    'a@x.test',
    'b@x.test',
    'c@x.test',
  ]);
});

test.each([
  ['several From fields', 'From: a@x.test\nFrom: b@x.test\n', 'a@x.test'],
  ['several authors', 'From: a@x.test, b@x.test\n', 'a@x.test'],
  ['no address', 'From: Whomever\n', ''],
  ['an address after names', 'From: Whomever, Someone, a@x.test\n', 'a@x.test'],
])('an author to look at twice: %s', (_, text, address) => {
  expect(header(text).from).toMatchObject({ address, misleading: true });
});

test.each([
  ['<a@x.test>', '<a@x.test>'],
  [' a@x.test ', '<a@x.test>'],
  ['<a@x.test> (added by relay)', '<a@x.test>'],
  ['Your message of Monday <a@x.test>', '<a@x.test>'],
  ['<a\r\n b@x.test>', '<ab@x.test>'],
  [`<a\x00\x1b${utf8('\u202e')}b@x.test>`, '<ab@x.test>'],
  ['no id at all', ''],
  ['<>', ''],
  ['<<<', ''],
  [`<${'a'.repeat(998)}>`, `<${'a'.repeat(998)}>`],
  [`<${'a'.repeat(999)}>`, ''],
])('Message-ID %j', (value, expected) => {
  expect(header(`Message-ID: ${value}\r\n`).messageId).toBe(expected);
});

test('keeps the root and the nearest of many references', () => {
  const ids = Array.from({ length: 500 }, (_, index) => `<${index}@x.test>`);
  const { references } = header(`References: ${ids.join('\n ')}\n`);
  expect(references).toEqual([ids[0], ...ids.slice(-99)]);
});
