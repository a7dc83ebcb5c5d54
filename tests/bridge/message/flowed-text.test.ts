import { expect, test } from 'vitest';
import { unwrapFlowed } from '../../../src/bridge/message/flowed-text.ts';
import { growth, LINEAR } from './growth.ts';

test.each([
  ['a paragraph', 'one \r\ntwo \r\nthree\r\nfour', 'one two three\nfour'],
  ['an empty line ends one', 'one \n\ntwo', 'one \ntwo'],
  ['quotes', '>one \n>two\n> three \n> four\nfive', '> one two\n> three four\nfive'],
  ['a deeper quote starts anew', '> one \n>> two\nthree', '> one \n>> two\nthree'],
  ['stuffed lines', ' From me\n > no quote\n  two', 'From me\n> no quote\n two'],
  ['a signature', 'text \n-- \nme', 'text \n-- \nme'],
  ['the last line flows', 'one \ntwo ', 'one two '],
])('%s', (_, text, expected) => {
  expect(unwrapFlowed(text, false)).toBe(expected);
});

test('DelSp takes away the space of the break', () => {
  expect(unwrapFlowed('日本 \n語 \n\nsame  \nword', true)).toBe('日本語\nsame word');
});

test.each(['a \n', '> a \n', '\n', ' \n', '>', '> ', '-- \n', '>a \n>>a \n'])(
  'many %j take no more time than their number says',
  (piece) => {
    const make = (size: number) => piece.repeat(size / piece.length);
    expect(growth(2 ** 18, make, (text) => unwrapFlowed(text, false))).toBeLessThan(LINEAR);
  },
);
