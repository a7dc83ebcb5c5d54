import { describe, expect, test } from 'vitest';
import { MAX_TEXT } from '../../../src/bridge/message/decode-text.ts';
import { decodeEntities } from '../../../src/bridge/message/html-entities.ts';
import { htmlToText, readHref } from '../../../src/bridge/message/html-to-text.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { growth, LINEAR } from './growth.ts';

const read = (html: string) => htmlToText(html).text;

describe('lines', () => {
  test.each([
    ['white space', ' a \n\t b<b> c</b>d <i> e </i> f ', 'a bcd e f'.replace('bcd', 'b cd')],
    ['breaks', 'a<br>b<br/><br />c', 'a\nb\n\nc'],
    ['breaks alone', '<br><br>a<br><br><br><br><br><br>b<br>', 'a\n\n\nb'],
    ['blocks', '<div>a</div><div><div>b</div></div>c<div>d', 'a\nb\nc\nd'],
    ['an empty line as Gmail writes it', '<div>a</div><div><br></div><div>b</div>', 'a\n\nb'],
    ['paragraphs', '<h1>a</h1><p>b<p>c</p>d', 'a\n\nb\n\nc\n\nd'],
    ['empty blocks', '<p></p><div> </div>a<p>&nbsp;</p><p> </p>b', 'a\n\nb'],
    ['a list', 'x<ul><li>a<li><b>b</b></ul>y', 'x\n\n• a\n• b\n\ny'],
    ['a numbered list', '<ol start=9><li>a</li><li></li><li>c</li></ol>', '9. a\n11. c'],
    ['lists in lists', '<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>', '• a\n  1. b\n• c'],
    ['quotes', 'a<blockquote>b<blockquote>c</blockquote>d</blockquote>e', 'a\n\n> b\n\n> > c\n\n> d\n\ne'],
    [
      'a table',
      '<table><tr><th>Item</th><th>Price</th></tr><tr><td>Tea</td><td></td><td>3</td></tr></table>x',
      'Item\tPrice\nTea\t3\nx',
    ],
    ['tables for layout', '<table><tr><td><table><tr><td> <p>a</p></td></tr></table></td></tr></table>b', 'a\n\nb'],
    ['a rule', 'a<hr>b', 'a\n———\nb'],
    ['preformatted', '<pre>  a\n\n  b <b>c</b> \n</pre>  d', '  a\n\n  b c\n\nd'],
    ['words for pictures', 'a<img src=x alt="the logo">b<img alt="">c', 'a the logo b c'],
    ['quotation marks', 'a <q>b</q>', 'a “b”'],
  ])('%s', (_, html, text) => {
    expect(read(html)).toBe(text);
  });
});

describe('what is not shown', () => {
  test.each([
    ['style, script, title', '<title>t</title><style>a{}</style><script>if(a<b)"</div>"</script>x', 'x'],
    ['their end tags in capitals', '<STYLE>a</style >x<Script>y</SCRIPT\n>z', 'xz'],
    ['an end tag that is none', '<style></stylex></style>x', 'x'],
    ['what never ends', 'a<style>b', 'a'],
    ['template and svg', 'a<template>b<div>c</div></template><svg><text>d</text></svg>e<svg/>f', 'aef'],
    ['comments', 'a<!-- <p>b -->c<!-->d<!--->e<!--[if mso]>f<![endif]-->g<![if !mso]>h<![endif]>i', 'acdeghi'],
    ['a comment that never ends', 'a<!-- b', 'a'],
    ['declarations', '<!DOCTYPE html><?xml version="1.0"?><html>a', 'a'],
    ['hidden text', 'a<div style="Display : NONE !important">b<div>c</div>d</div>e', 'a\ne'.replace('\n', '')],
    ['the hidden attribute', '<p hidden>a<p>b', 'b'],
    ['preview text', '<div style="max-height:0px;overflow:hidden">a&zwnj;&nbsp;</div>b', 'b'],
    ['filler', 'a&#847;&zwnj;&nbsp;&#8199;&shy;&#xfeff;\u200b\u034f b', 'a b'],
    ['what only looks hidden', '<td style="font-size:0"><p style="opacity:0.5;display:block">a</p></td>', 'a'],
    ['tags without an end', 'a<b c="d', 'a'],
    ['controls and bidi controls', 'a&#8238;b&#x202e;\u202ec&#7;&#0;', 'abc\ufffd'],
  ])('%s', (_, html, text) => {
    expect(read(html)).toBe(text);
  });
});

describe('what is no tag', () => {
  test.each([
    ['1 < 2 > 1 <3', '1 < 2 > 1 <3'],
    ['a <', 'a <'],
    ['a </ b>c', 'a c'],
    ['<a>b</a', 'b'],
    ['<p title=">">a', 'a'],
    ['<p a=\'>\' b = ">" c=/x d>a', 'a'],
    ['<p =>a', 'a'],
    ['<p/ a>b', 'b'],
  ])('%s', (html, text) => {
    expect(read(html)).toBe(text);
  });
});

test.each([
  ['&amp;lt; &lt;b&gt; &quot;&apos;', '&lt; <b> "\''],
  ['&eacute;&Eacute;&euro;&hellip;&zwj;', 'éÉ€…\u200d'],
  ['&amp &copy2026 &nbspx &notit; &AMP', '& ©2026 \u00a0x ¬it; &'],
  ['&#233; &#xE9; &#x1F600; &#128512', 'é é 😀 😀'],
  ['&#128; &#150;', '€ –'],
  ['&#0; &#xD800; &#x110000; &#99999999999999;', '\ufffd \ufffd \ufffd \ufffd'],
  ['&unknown; & &; &#; &#x; &a', '&unknown; & &; &#; &#x; &a'],
  ['?a=1&lang=de&copy=2', '?a=1&lang=de©=2'],
])('references: %s', (html, text) => {
  expect(decodeEntities(html)).toBe(text);
});

describe('links', () => {
  test('are listed and found in the text', () => {
    const { text, links } = htmlToText(
      'See <a href="https://a.test/?b=1&amp;c=2">our <b>page</b></a>, <A HREF=mailto:me@a.test>write</A>.<p>' +
        '<a href=http://b.test><img src=x alt="Buy now"></a><a href="https://c.test"><img src=x></a><a name=x>no</a>',
    );
    expect(text).toBe('See our page, write.\n\nBuy now no');
    expect(links.map(({ text, href }) => [text, href])).toEqual([
      ['our page', 'https://a.test/?b=1&c=2'],
      ['write', 'mailto:me@a.test'],
      ['Buy now', 'http://b.test/'],
      ['', 'https://c.test/'],
    ]);
    for (const link of links) expect(text.slice(link.start, link.end)).toBe(link.text);
  });

  test('over blocks, one in the other, without an end', () => {
    const { text, links } = htmlToText('x<a href=http://a.test><div>a</div><div>b</div><a href=http://b.test>c');
    expect(text).toBe('x\na\nb\nc');
    expect(links).toEqual([
      { text: 'a b', href: 'http://a.test/', start: 2, end: 5 },
      { text: 'c', href: 'http://b.test/', start: 6, end: 7 },
    ]);
  });

  test.each([
    ['javascript:alert(1)', null],
    ['java\tscript:alert(1)', null],
    ['data:text/html,x', null],
    ['/relative', null],
    ['//host/x', null],
    ['file:///etc/passwd', null],
    ['https://', null],
    [' \n\x01ht\ntps://a.test', 'https://a.test/'],
    ['HTTPS:a.test', 'https://a.test/'],
    ['https://b\u00fccher.test/\u202e', 'https://xn--bcher-kva.test/%E2%80%AE'],
    [`https://a.test/${'x'.repeat(5000)}`, null],
    ['', null],
  ])('the target %j', (raw, href) => {
    expect(readHref(raw)).toBe(href);
  });

  test('at most 500', () => {
    expect(htmlToText('<a href=http://a.test>b</a>'.repeat(2000)).links).toHaveLength(500);
  });
});

test('more than 2 MiB is cut', () => {
  const { text, cut } = htmlToText(`<p>${'ab '.repeat(MAX_TEXT / 2)}`);
  expect([text.length, cut]).toEqual([MAX_TEXT, true]);
  expect(htmlToText('<p>a').cut).toBe(false);
});

const PIECES = [
  ...[
    '<p>',
    '</p>',
    '<div>',
    '<br>',
    '<ul>',
    '<ol>',
    '<li>',
    '</ul>',
    '<blockquote>',
    '<pre>',
    '</pre>',
    '<table><tr><td>',
  ],
  ...[
    '<a href=http://x.test>',
    '</a>',
    '<a href="',
    '<style>',
    '</style>',
    '<!--',
    '-->',
    '<![',
    ']>',
    '<',
    '>',
    '</',
    '&',
  ],
  ...[
    '<p hidden>',
    '<div style="display:none">',
    '</div>',
    '<img alt="x">',
    '<svg>',
    '</svg>',
    '<q>',
    '<hr>',
    '="',
    "'",
  ],
  ...[
    '&#',
    '&amp;',
    '&nbsp;',
    '&#x202e;',
    '&#769;',
    ' ',
    '\n',
    '\t',
    'a',
    'word ',
    '\u0301',
    '\u202e',
    '\u200d',
    '\ud800',
  ],
  ...['é', '日', '👨‍👩', '\0', '\u2028', '\u2800', '<template>', '</template>', '<td>', '<li><ol>', '<b x=', '<title>'],
];

test('random pieces: clean text, links where they say', () => {
  const random = seededRandom(9);
  for (let round = 0; round < 4000; round++) {
    const html = Array.from({ length: random() * 60 }, () => PIECES[Math.floor(random() * PIECES.length)]).join('');
    const { text, links } = htmlToText(html);
    expect(text).not.toMatch(
      /(?![\t\n])[\p{Cc}\p{Cs}]|[\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2060-\u2069\ufeff]/u,
    );
    expect(text).not.toMatch(/\n{4}|^\n|\n$|\p{M}{9}/u);
    for (const { start, end, text: shown } of links) {
      expect(text.slice(start, end).replace(/\s+/g, ' ').trim()).toBe(shown);
    }
  }
});

describe('many of the worst take no more time than their number says', () => {
  test.each([
    ...PIECES,
    ...[
      '<a href=http://a.test>b</a>',
      '<a ',
      '<a b',
      '<a b=c ',
      `<a b="`,
      '</a',
      '<!',
      '<!-',
      '--',
      '<style></',
      '</s',
      '<p a=\'"',
    ],
    ...[
      'a&',
      '&a',
      '&#1',
      '&#x',
      '&ampl',
      '<ul><li>',
      '<li>a',
      '</blockquote>',
      '<blockquote>a',
      '&nbsp;&zwnj;',
      'a ',
      ' <',
    ],
    ...[
      '<a\n',
      '<a/',
      '<p style=" ',
      `<p style="${' display:none'.repeat(100)}">`,
      'a<b>\u0301</b>',
      '<pre> ',
      '<pre>a\n',
    ],
  ])('%j', (piece) => {
    const make = (size: number) => piece.repeat(Math.ceil(size / piece.length));
    expect(growth(2 ** 17, make, htmlToText)).toBeLessThan(LINEAR);
    expect(growth(2 ** 17, (size) => `<a href="${make(size)}`, htmlToText)).toBeLessThan(LINEAR);
  });
});
