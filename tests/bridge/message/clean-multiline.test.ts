import { expect, test } from 'vitest';
import { cleanMultiline } from '../../../src/bridge/message/clean-multiline.ts';
import { growth, LINEAR } from './growth.ts';

test.each([
  ['every line end', 'a\r\nb\rc\nd\u2028e\u2029f\x85g\vh\fi', 'a\nb\nc\nd\ne\nf\ng\nh\ni'],
  ['indentation', '  a\n\tb  c', '  a\n\tb  c'],
  ['odd spaces', 'a\u00a0\u3000\u2007b', 'a   b'],
  ['space at the end of lines', 'a \nb\t \n c\u00a0\n\n d ', 'a\nb\n c\n\n d'],
  ['controls', 'a\0b\x07c\x1b[31md\x9b', 'abc[31md'],
  ['bidi controls', '\u202egnp.exe\u202c\n\u2066x\u2069', 'gnp.exe\nx'],
  ['zero-width characters', 'pay\u200bpal\ufeff\u034f\u00ad', 'paypal'],
  ['joiners where they are at home', 'می‌خواهم 👨‍👩‍👧', 'می‌خواهم 👨‍👩‍👧'],
  ['piled marks', `a${'\u0335'.repeat(500)}\nb`, `a${'\u0335'.repeat(8)}\nb`],
  ['half letters', 'a\ud800', 'a\ufffd'],
  ['composed', 'e\u0301', 'é'],
  ['empty lines', 'a\n\n\nb\n\n\n\n\n\nc', 'a\n\n\nb\n\n\nc'],
  ['lines that only look full', `a${'\n\u200b \u2800'.repeat(50)}\nb`, 'a\n\n\nb'],
  ['plain text', 'It is what it is.\n\n-- \nme', 'It is what it is.\n\n--\nme'],
])('%s', (_, text, clean) => {
  expect(cleanMultiline(text)).toBe(clean);
  expect(cleanMultiline(clean)).toBe(clean);
});

test.each([
  'a',
  ' ',
  ' \n',
  '\n',
  '\r',
  'a b',
  '\u0301',
  'a\u0301\u0323',
  '\u200d',
  '\u202e',
  '\ufe0f',
  '👨‍👩',
  ' \t',
  'é ',
  '日',
])('many %j take no more time than their number says', (piece) => {
  const make = (size: number) => `${piece.repeat(size / piece.length)}é`;
  expect(growth(2 ** 18, make, cleanMultiline)).toBeLessThan(LINEAR);
});
