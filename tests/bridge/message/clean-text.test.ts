import { describe, expect, test } from 'vitest';
import { cleanText, cutName, MAX_NAME_GRAPHEMES, MAX_SUBJECT } from '../../../src/bridge/message/clean-text.ts';

const clean = (text: string) => cleanText(text, MAX_SUBJECT);

describe('what is taken away', () => {
  test.each([
    ['line ends', 'a\r\nb\nc\rd\u2028e\u2029f\x85g', 'a b c d e f g'],
    ['tabs and odd spaces', ' a\t\u00a0\u2003\u3000\u2800b ', 'a b'],
    ['NUL, BEL, escape, DEL, C1', 'a\x00b\x07c\x1bd\x7fe\x9bf', 'abcdef'],
    ['bidi overrides', '\u202egnp.exe\u202c', 'gnp.exe'],
    ['bidi embeddings and isolates', '\u202aa\u202bb\u202dc\u2066d\u2067e\u2068f\u2069g', 'abcdefg'],
    ['bidi marks', 'a\u200eb\u200fc\u061cd', 'abcd'],
    ['zero-width characters', 'pay\u200bpal\u2060 \ufeffcom', 'paypal com'],
    ['soft hyphen, grapheme joiner, Mongolian separator', 'a\u00adb\u034fc\u180ed', 'abcd'],
    ['invisible operators, annotation', 'a\u2061b\u2064c\ufff9d\ufffbe', 'abcde'],
    ['fillers', 'a\u115f\u1160\u3164\uffa0b', 'ab'],
    ['tags', `a${String.fromCodePoint(0xe0041, 0xe0042, 0xe007f)}b`, 'ab'],
    ['joiners between Latin letters', 'pay\u200dp\u200cal', 'paypal'],
    ['joiners at edges', '\u200dمن\u200c \u200dx', 'من x'],
    ['selectors after letters', 'a\ufe0fb\ufe0e', 'ab'],
    ['lone surrogates', 'a\ud800b\udc00', 'a\ufffdb\ufffd'],
    ['piled marks', `a${'\u0335'.repeat(500)}b`, `a${'\u0335'.repeat(8)}b`],
    ['everything', '\u200b\u202e\x00 ', ''],
  ])('%s', (_, text, expected) => {
    expect(clean(text)).toBe(expected);
  });
});

describe('what stays', () => {
  test.each([
    ['plain text', 'Re: [list] 50% off! <b>&amp;</b>'],
    ['Persian with its joiner', 'می‌خواهم'],
    ['Hindi with its joiner', 'क्‍ष'],
    ['Hebrew and Arabic', 'שלום مرحبا'],
    ['emoji of several', '👨‍👩‍👧 👩🏽‍💻 🏴‍☠️ ❤️ 1️⃣'],
    ['Vietnamese', 'Tiếng Việt'],
    ['CJK', '日本語、你好。한국어'],
    ['replacement characters', 'a\ufffdb'],
  ])('%s', (_, text) => {
    expect(clean(text)).toBe(text.normalize('NFC'));
  });

  test('in NFC', () => {
    expect(clean('u\u0308 A\u030a')).toBe('ü Å');
  });
});

describe('how much stays', () => {
  test('no more than the limit, with an ellipsis', () => {
    expect(cleanText('a'.repeat(5000), 1000)).toBe(`${'a'.repeat(999)}…`);
    expect(cleanText('a'.repeat(1000), 1000)).toBe('a'.repeat(1000));
  });

  test('no half of a letter', () => {
    const cut = cleanText('😀'.repeat(1000), 1000);
    expect(cut).toMatch(/^(?:😀)+…$/u);
    expect(cut.length).toBeLessThanOrEqual(1000);
  });

  test('NFC forms that are longer than their source fit too', () => {
    expect(cleanText('\u0958'.repeat(1000), 1000).length).toBeLessThanOrEqual(1000);
    expect(cleanText('\u{1d160}'.repeat(500), 1000).length).toBeLessThanOrEqual(1000);
  });

  test('64 graphemes of a name, however they are made', () => {
    expect(cutName('a'.repeat(MAX_NAME_GRAPHEMES))).toBe('a'.repeat(64));
    expect(cutName('a'.repeat(100))).toBe(`${'a'.repeat(64)}…`);
    expect(cutName('e\u0323\u0302'.repeat(80))).toBe(`${'e\u0323\u0302'.repeat(64)}…`);
    expect(cutName('😀'.repeat(64))).toBe('😀'.repeat(64));
    expect(cutName('🇩🇪'.repeat(65))).toBe(`${'🇩🇪'.repeat(64)}…`);
    expect(cutName('👩🏽‍💻'.repeat(42))).toBe('👩🏽‍💻'.repeat(42));
  });
});
