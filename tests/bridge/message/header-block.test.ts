import { expect, test } from 'vitest';
import { MAX_FIELD_BYTES, MAX_FIELDS, readHeaderBlock } from '../../../src/bridge/message/header-block.ts';
import { rawBytes } from './raw-bytes.ts';

const read = (text: string) => readHeaderBlock(rawBytes(text)).map(({ name, value }) => [name, value]);

test.each([
  [
    'CRLF',
    'Subject: a\r\nFrom: b\r\n\r\nBody: c\r\n',
    [
      ['subject', ' a'],
      ['from', ' b'],
    ],
  ],
  [
    'LF',
    'Subject: a\nFrom: b\n\nBody: c\n',
    [
      ['subject', ' a'],
      ['from', ' b'],
    ],
  ],
  ['no end', 'Subject: a', [['subject', ' a']]],
  ['nothing', '', []],
  ['folded, white space kept', 'Subject: a\r\n b\r\n\tc\r\n', [['subject', ' a b\tc']]],
  ['folded over a line of spaces', 'To: a\n   \n\t<b@c>\n', [['to', ' a   \t<b@c>']]],
  ['space before the colon', 'Subject \t: a\n', [['subject', ' a']]],
  ['a lone CR starts no field', 'Subject: a\rFrom: evil@x.test\n', [['subject', ' a\rFrom: evil@x.test']]],
  ["mbox's first line", 'From a@b.test Thu Jan  1 00:00:00 1970\nSubject: a\n', [['subject', ' a']]],
  ['rubbish and what continues it', 'rubbish\n more: rubbish\nSubject: a\n', [['subject', ' a']]],
  ['a continuation of nothing', ' a: b\nSubject: a\n', [['subject', ' a']]],
  ['no name', ': a\nSubject: b\n', [['subject', ' b']]],
  ['8-bit name', 'S\xfcbject: a\nSubject: b\n', [['subject', ' b']]],
  ['bytes stay bytes', 'Subject: \x00\xff\xc3\xa4\n', [['subject', ' \x00\xff\xc3\xa4']]],
])('%s', (_, text, fields) => {
  expect(read(text)).toEqual(fields);
});

test('reads a thousand fields and no more', () => {
  expect(read('A: b\n'.repeat(5000))).toHaveLength(MAX_FIELDS);
});

test('cuts a field that is too long and still reads the next one', () => {
  const fields = read(`To: ${' a\n'.repeat(60_000)}Subject: b\n`);
  expect(fields[0]?.[1]).toHaveLength(MAX_FIELD_BYTES);
  expect(fields[1]).toEqual(['subject', ' b']);
});
