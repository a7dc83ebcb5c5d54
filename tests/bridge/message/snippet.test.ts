import { describe, expect, test } from 'vitest';
import { walkMime } from '../../../src/bridge/message/mime-walk.ts';
import { makeSnippet, snippetOf, snippetPart } from '../../../src/bridge/message/snippet.ts';
import { growth, LINEAR } from './growth.ts';
import { rawBytes } from './raw-bytes.ts';

const graphemes = (text: string) => [...new Intl.Segmenter('en').segment(text)].length;

test.each([
  ['lines become one', 'Hello Ann,\n\n  how are\tyou?\n', 'Hello Ann, how are you?'],
  ['rules are no words', '=====\nNews\n-----\n• \nToday', 'News Today'],
  ['filler', 'Sale!\u034f\u200c \u00ad\ufeff\u2007\u00a0 &zwnj;&nbsp;&#847; ends', 'Sale! ends'],
  ['pictures', '[image: logo.png] Hello [cid:a@b]', 'Hello'],
  ['quotes', 'Yes.\n\nOn Mon, 23 Nov 2026 at 10:00, Bob wrote:\n> Can you?\n> Bob', 'Yes.'],
  ['quotes above', '> Can you?\n\nYes.', 'Yes.'],
  [
    '"wrote" on two lines',
    'Yes.\nOn Mon, Nov 23, 2026 at 10:00 AM Bob Builder <bob@example.test>\nwrote:\n> Can you?',
    'Yes.',
  ],
  ['German', 'Ja.\n\nAm 23.11.26 um 10:00 schrieb Bob <b@example.test>:\n> Kannst du?', 'Ja.'],
  ['French', 'Oui.\n\nLe lun. 23 nov. 2026 à 10:00, Bob a écrit :\n> Peux-tu ?', 'Oui.'],
  ['Spanish', 'Sí.\n\nEl lun, 23 nov 2026 a las 10:00, Bob escribió:\n> ¿Puedes?', 'Sí.'],
  ['Russian', 'Да.\n\n23.11.2026 10:00, Боб пишет:\n> Можешь?', 'Да.'],
  ['Chinese', '好。\n\nBob 于2026年11月23日 写道：\n> 可以吗？', '好。'],
  ['Outlook', 'Yes.\n\n-----Original Message-----\nFrom: Bob', 'Yes.'],
  ['nothing but a quote', 'Bob wrote:\n> Can you?\n>> No', 'Bob wrote: Can you? No'],
  ['nothing', ' \n\n', ''],
  ['controls', 'a\u202eb\x07c', 'abc'],
])('%s', (_, text, snippet) => {
  expect(makeSnippet(text)).toBe(snippet);
});

describe('at most 200 graphemes', () => {
  test.each([
    'word ',
    'x',
    '語',
    '👨‍👩‍👧',
    'e\u0323\u0302',
    '🇩🇪',
    'क्ष',
    'a\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308',
  ])('of %j', (piece) => {
    const snippet = makeSnippet(piece.repeat(3000));
    expect(graphemes(snippet)).toBeLessThanOrEqual(200);
    expect(graphemes(snippet)).toBeGreaterThan(80);
    expect(snippet.length).toBeLessThanOrEqual(1001);
    expect(snippet.endsWith('…')).toBe(true);
  });
  test('exactly 200 are not cut', () => {
    expect(makeSnippet('x'.repeat(200))).toBe('x'.repeat(200));
    expect(makeSnippet('x'.repeat(201))).toBe(`${'x'.repeat(199)}…`);
  });
});

test('from the first bytes of the first text part', () => {
  const html = `<style>${'a{}'.repeat(50)}</style><p>Gr=C3=BC=C3=9Fe aus <b>K=C3=B6ln</b></p><div style=3D"display:none">x</div>Es reg=C3`;
  const message =
    'Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html; charset=utf-8\n' +
    `Content-Transfer-Encoding: quoted-printable\n\n${html}\n--x\nContent-Type: image/png\n\nabc\n--x--`;
  const part = snippetPart(walkMime(rawBytes(message)))!;
  expect(part.section).toBe('1');
  expect(snippetOf(rawBytes(html), part)).toBe('Grüße aus Köln Es reg');
  expect(snippetPart(walkMime(rawBytes('Content-Type: image/png\n\nabc')))).toBeNull();
});

test.each([
  'a',
  ' ',
  '\n',
  '> a\n',
  'On 1 ',
  'On 1\n',
  'wrote:',
  'wrote: \n',
  '[image:',
  '&',
  '-',
  ':',
  'wrote',
  '\u0301',
])('many %j take no more time than their number says', (piece) => {
  const make = (size: number) => piece.repeat(size / piece.length);
  expect(growth(2 ** 18, make, makeSnippet)).toBeLessThan(LINEAR);
});
