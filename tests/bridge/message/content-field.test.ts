import { describe, expect, test } from 'vitest';
import { readContentField } from '../../../src/bridge/message/content-field.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { growth, LINEAR } from './growth.ts';
import { NO_CHARSET, utf8 } from './raw-bytes.ts';

function read(raw: string): [string, Record<string, string>] {
  const { value, parameters } = readContentField(raw, NO_CHARSET);
  return [value, Object.fromEntries(parameters)];
}

test.each([
  ['nothing', '', '', {}],
  ['a word', ' text/plain', 'text/plain', {}],
  ['parameters', ' Text/Plain; Charset="utf-8"; format=flowed', 'Text/Plain', { charset: 'utf-8', format: 'flowed' }],
  ['spaces everywhere', ' text / plain ; charset = utf-8 ;', 'text/plain', { charset: 'utf-8' }],
  ['escapes', ' a; filename="a \\"b\\" \\\\ c"', 'a', { filename: 'a "b" \\ c' }],
  ['a path, not escaped', ' a; filename="C:\\temp\\new.txt"', 'a', { filename: 'C:\\temp\\new.txt' }],
  ['a semicolon in quotes', ' a; filename="x;y=z.txt"; b=c', 'a', { filename: 'x;y=z.txt', b: 'c' }],
  ['a name without quotes', ' a; filename=my long name.pdf; size=3', 'a', { filename: 'my long name.pdf', size: '3' }],
  ['a quote that does not end', ' a; name="abc; b=c', 'a', { name: 'abc', b: 'c' }],
  ['a missing semicolon', ' multipart/mixed\tboundary="x"', 'multipart/mixed', { boundary: 'x' }],
  ['a missing word', ' ;\tfilename="x.png"', '', { filename: 'x.png' }],
  ['a missing word and semicolon', ' filename=x.png', '', { filename: 'x.png' }],
  ['comments', ' text/plain (really); (a=b) charset=utf-8 (c)', 'text/plain', { charset: 'utf-8' }],
  ['the first of two', ' a; b=c; b=d', 'a', { b: 'c' }],
  ['rubbish between', ' a;; ,; =x; b; c=d', 'a', { c: 'd' }],
  ['__proto__', ' a; __proto__=x', 'a', Object.fromEntries([['__proto__', 'x']])],
])('%s', (_, raw, value, parameters) => {
  expect(read(raw)).toEqual([value, parameters]);
});

describe('letters beyond ASCII', () => {
  test.each([
    ['RFC 2231', "filename*=utf-8'de'%C3%A4%20b.txt", 'ä b.txt'],
    ['without a charset', "filename*=''%C3%A4.txt", 'ä.txt'],
    ['latin1', "filename*=iso-8859-1''%E4.txt", 'ä.txt'],
    ['in pieces', 'filename*0="a b"; filename*1="c.txt"', 'a bc.txt'],
    ['in pieces out of order', 'filename*1="c.txt"; filename*0="a b"', 'a bc.txt'],
    ['a letter split over pieces', "filename*0*=utf-8''a%C3; filename*1*=%A4.txt", 'aä.txt'],
    ['encoded and plain pieces', 'filename*0*=utf-8\'\'%C3%A4; filename*1=" 100%25.txt"', 'ä 100%25.txt'],
    ['before the plain one', 'filename="a.txt"; filename*=utf-8\'\'%C3%A4.txt', 'ä.txt'],
    ['an encoded word', 'filename="=?utf-8?q?=C3=A4.txt?="', 'ä.txt'],
    ['encoded words in pieces', 'filename*0="=?utf-8?b?w6Q="; filename*1="?=.txt"', 'ä.txt'],
    ['raw UTF-8', `filename="${utf8('ä.txt')}"`, 'ä.txt'],
    ['raw latin1', 'filename="\xe4.txt"', 'ä.txt'],
    ['bad percents', "filename*=utf-8''100%zz%4", '100%zz%4'],
  ])('%s', (_, raw, filename) => {
    expect(read(` attachment; ${raw}`)[1]['filename']).toBe(filename);
  });
});

test('random pieces never throw', () => {
  const random = seededRandom(5);
  const pieces = [...'"\\;=*\'%()/, \t\r\n', 'filename', 'name*0*', '*1', 'utf-8', '%C3', '=?utf-8?q?', '?=', '\xe4'];
  for (let round = 0; round < 3000; round++) {
    const raw = Array.from({ length: random() * 30 }, () => pieces[Math.floor(random() * pieces.length)]).join('');
    const [value, parameters] = read(raw);
    expect(value).not.toMatch(/\s/);
    for (const name of Object.keys(parameters)) expect(name).toMatch(/^[^\s=*]+$/);
  }
});

test.each(['"', '\\', '(', ';', '=', 'a=', '*', "'", ' ', '/', 'a ', '"\\', 'a="b";', '; x*0=', 'a / '])(
  'many %j take no more time than their number says',
  (piece) => {
    const make = (size: number) => ` a; filename=${piece.repeat(size / piece.length)}`;
    expect(growth(2 ** 16, make, read)).toBeLessThan(LINEAR);
    expect(growth(2 ** 16, (size) => make(size).slice(12), read)).toBeLessThan(LINEAR);
  },
);
