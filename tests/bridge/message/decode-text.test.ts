import { describe, expect, test } from 'vitest';
import { decodePart, MAX_TEXT } from '../../../src/bridge/message/decode-text.ts';
import { walkMime } from '../../../src/bridge/message/mime-walk.ts';
import { rawBytes, utf8 } from './raw-bytes.ts';

function decode(type: string, body: string, encoding = '8bit'): string {
  const part = walkMime(rawBytes(`Content-Type: ${type}\nContent-Transfer-Encoding: ${encoding}\n\n`));
  return decodePart(rawBytes(body), part).text;
}

test.each([
  ['UTF-8', 'text/plain; charset=utf-8', utf8('Grüße, 世界'), 'Grüße, 世界'],
  ['a byte order mark', 'text/plain; charset=iso-8859-1', utf8('\ufeffä'), 'ä'],
  ['windows-1252', 'text/plain; charset=iso-8859-1', '\x93\xe4\x94 \x80', '“ä” €'],
  ['KOI8-R', 'text/plain; charset=koi8-r', '\xf0\xd2\xc9\xd7\xc5\xd4', 'Привет'],
  ['Shift_JIS', 'text/plain; charset=shift_jis', '\x93\xfa\x96{', '日本'],
  ['ISO-2022-JP', 'text/plain; charset=iso-2022-jp', '\x1b$BF|K\\\x1b(B', '日本'],
  ['GB2312', 'text/plain; charset=gb2312', '\xc4\xe3\xba\xc3', '你好'],
  ['UTF-16', 'text/plain; charset=utf-16', '\xff\xfea\0\xe4\0', 'aä'],
  ['no charset, UTF-8', 'text/plain', utf8('ä'), 'ä'],
  ['no charset, no UTF-8', 'text/plain', '\xe4h', 'äh'],
  ['no charset, the last letter could begin UTF-8', 'text/plain', 'caf\xe9', 'café'],
  ['no charset, Japanese', 'text/plain', '\x1b$BF|K\\\x1b(B', '日本'],
  ['US-ASCII with more', 'text/plain; charset=us-ascii', utf8('ä'), 'ä'],
  ['an unknown charset', 'text/plain; charset=x-none', utf8('ä'), 'ä'],
  ['latin1 that says UTF-8', 'text/plain; charset=utf-8', 'sch\xf6n', 'schön'],
  ['HTML that names it itself', 'text/html', '<meta charset="koi8-r">\xf0', '<meta charset="koi8-r">П'],
  [
    'HTML the old way',
    'text/html',
    '<META http-equiv=x content="text/html; charset=windows-1251">\xcf',
    '<META http-equiv=x content="text/html; charset=windows-1251">П',
  ],
  [
    'HTML whose header knows better',
    'text/html; charset=utf-8',
    utf8('<meta charset=koi8-r>ä'),
    '<meta charset=koi8-r>ä',
  ],
])('%s', (_, type, body, text) => {
  expect(decode(type, body)).toBe(text);
});

test('transfer encodings', () => {
  expect(decode('text/plain; charset=utf-8', 'w6TD', 'base64')).toBe('ä');
  expect(decode('text/plain; charset=utf-8', '=C3=A4=C3', 'quoted-printable')).toBe('ä');
});

describe('cut in the middle of a letter', () => {
  const text = 'aé世👋あ한';
  test.each([
    ['utf-8', utf8(text)],
    ['', utf8(text)],
    ['gb18030', 'a\xca\xc0\xbd\xe7'],
    ['shift_jis', '\x93\xfa\x96{'],
    ['euc-kr', '\xc7\xd1\xb1\xdb'],
    ['big5', '\xa4\xa4\xa4\xe5'],
    ['utf-16', '\xff\xfea\0\xe4\0'],
  ])('%s', (charset, body) => {
    const type = charset === '' ? 'text/plain' : `text/plain; charset=${charset}`;
    const whole = decode(type, body);
    for (let end = charset === '' ? 3 : 0; end <= body.length; end++)
      expect(whole.startsWith(decode(type, body.slice(0, end))), `${end}`).toBe(true);
  });
});

test('more than 2 MiB is cut', () => {
  const part = walkMime(rawBytes('Content-Type: text/plain; charset=utf-8\n\n'));
  const just = decodePart(new Uint8Array(MAX_TEXT).fill(97), part);
  expect([just.text.length, just.cut]).toEqual([MAX_TEXT, false]);
  const more = decodePart(new Uint8Array(MAX_TEXT + 1).fill(97), part);
  expect([more.text.length, more.cut]).toEqual([MAX_TEXT, true]);
});
