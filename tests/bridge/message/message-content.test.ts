import { describe, expect, test } from 'vitest';
import { readBodyStructure } from '../../../src/bridge/message/body-structure.ts';
import { MAX_TEXT } from '../../../src/bridge/message/decode-text.ts';
import { type BodyContent, readContent, readRawContent } from '../../../src/bridge/message/message-content.ts';
import { bytesOf, walkMime } from '../../../src/bridge/message/mime-walk.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { growth, LINEAR } from './growth.ts';
import { flatten } from './part-tree.ts';
import { rawBytes, utf8 } from './raw-bytes.ts';

/** A part: its type and what it holds. */
type Described = [type: string, content: string | Described[], header?: string];

/** A message of such parts; boundaries are the depth. */
function compose([type, content, header = '']: Described, depth = 0): string {
  if (typeof content === 'string') return `Content-Type: ${type}\n${header}\n${content}`;
  const children = content.map((child) => `--b${depth}\n${compose(child, depth + 1)}\n`);
  return `Content-Type: multipart/${type}; boundary=b${depth}\n\n${children.join('')}--b${depth}--\n`;
}

function read(described: Described): BodyContent {
  return readRawContent(rawBytes(compose(described)));
}

const plain: Described = ['text/plain', 'plain'];
const html: Described = ['text/html', '<p>page <img src="cid:logo@x"></p>'];
const logo: Described = ['image/png', 'AAAA', 'Content-ID: <logo@x>\nContent-Transfer-Encoding: base64\n'];
const pdf: Described = ['application/pdf; name=a.pdf', 'JVBERi0=', 'Content-Transfer-Encoding: base64\n'];

describe('the text, the page, the files', () => {
  /** Text; whether there is a page; the sections of inline images and of attachments. */
  const cases: [string, Described, string, boolean, string[], string[]][] = [
    ['plain text', plain, 'plain', false, [], []],
    ['a page', html, 'page', true, [], []],
    ['alternatives', ['alternative', [plain, html]], 'plain', true, [], []],
    ['alternatives in the wrong order', ['alternative', [html, plain]], 'plain', true, [], []],
    ['an empty text beside the page', ['alternative', [['text/plain', ' '], html]], 'page', true, [], []],
    ['a page with its picture', ['related', [html, logo]], 'page', true, ['2'], []],
    ['a picture the page does not show', ['related', [['text/html', 'page'], logo]], 'page', true, [], ['2']],
    ['Outlook', ['mixed', [['related', [['alternative', [plain, html]], logo]], pdf]], 'plain', true, ['1.2'], ['2']],
    ['Apple Mail', ['alternative', [plain, ['mixed', [html, pdf, ['text/html', 'more']]]]], 'plain', true, [], ['2.2']],
    ['text, file, text', ['mixed', [plain, pdf, ['text/plain', 'more']]], 'plain\n\nmore', false, [], ['2']],
    ['a page and the footer of a list', ['mixed', [html, ['text/plain', 'footer']]], 'page\n\nfooter', true, [], []],
    ['a text that is a file', ['mixed', [plain, ['text/plain; name=a.txt', 'x']]], 'plain', false, [], ['2']],
    [
      'an attached page',
      ['mixed', [plain, ['text/html', 'x', 'Content-Disposition: attachment\n']]],
      'plain',
      false,
      [],
      ['2'],
    ],
    ['a file alone', pdf, '', false, [], ['1']],
    ['a named text alone', ['text/plain; name=a.txt', 'x'], 'x', false, [], []],
    ['signed', ['signed', [plain, ['application/pgp-signature', 'x']]], 'plain', false, [], []],
    ['an invitation', ['alternative', [plain, html, ['text/calendar', 'x']]], 'plain', true, [], ['3']],
    [
      'other alternatives',
      ['alternative', [plain, ['text/x-amp-html', 'x'], ['text/enriched', 'x'], html]],
      'plain',
      true,
      [],
      [],
    ],
    [
      'a report',
      ['report', [plain, ['message/delivery-status', 'x'], ['message/rfc822', 'Subject: a\n\nb']]],
      'plain',
      false,
      [],
      ['2', '3'],
    ],
    ['a forwarded message', ['mixed', [plain, ['message/rfc822', 'Subject: a\n\nb']]], 'plain', false, [], ['2']],
    ['nothing but a message', ['message/rfc822', 'Subject: a\n\ninner'], 'inner', false, [], ['1']],
    [
      'nothing but a message in a message',
      ['message/rfc822', 'Content-Type: message/rfc822\n\nSubject: a\n\ninner'],
      'inner',
      false,
      [],
      ['1', '1.1'],
    ],
    ['a digest', ['digest', [['message/rfc822', 'Subject: a\n\none']]], 'one', false, [], ['1']],
    [
      'encrypted',
      [
        'encrypted',
        [
          ['application/pgp-encrypted', 'x'],
          ['application/octet-stream', 'y'],
        ],
      ],
      '',
      false,
      [],
      ['1', '2'],
    ],
    ['two pages', ['mixed', [html, ['text/html', '<b>two']]], 'page\n\ntwo', true, [], []],
  ];
  test.each(cases)('%s', (_, described, text, hasPage, images, files) => {
    const content = read(described);
    expect(content.text).toBe(text);
    expect(content.html !== null).toBe(hasPage);
    expect(content.inlineImages.map(({ part }) => part)).toEqual(images);
    expect(content.attachments.map(({ part }) => part)).toEqual(files);
  });

  test.each(cases)('%s, part by part from a server', (_, described, text, hasPage, images, files) => {
    const raw = rawBytes(compose(described));
    const root = walkMime(raw);
    const fetched = new Map(flatten(root).map((part) => [part.section, bytesOf(raw, part)]));
    const content = readContent(root, fetched);
    expect(content.text).toBe(text);
    expect(content.html !== null).toBe(hasPage);
    expect(content.inlineImages.map(({ part }) => part)).toEqual(images);
    expect(content.attachments.map(({ part }) => part)).toEqual(files);
  });
});

test('what is told of pictures and files', () => {
  const content = read([
    'mixed',
    [
      html,
      logo,
      [
        'application/x-msdownload',
        'TVo=',
        `Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="${utf8('../\u202eRechnüng.exe')}"\n`,
      ],
      ['message/rfc822', 'Subject: a\n\nb'],
    ],
  ]);
  expect(content.inlineImages).toEqual([{ contentId: 'logo@x', part: '2', type: 'image/png', size: 3 }]);
  expect(content.attachments).toEqual([
    {
      part: '3',
      name: '../Rechnüng.exe',
      fileName: 'Rechnüng.exe',
      type: 'application/x-msdownload',
      size: 2,
      risky: true,
    },
    {
      part: '4',
      name: 'attachment 2.eml',
      fileName: 'attachment 2.eml',
      type: 'message/rfc822',
      size: 13,
      risky: false,
    },
  ]);
});

test('only what was fetched is read', () => {
  const root = readBodyStructure({
    type: 'multipart/alternative',
    childNodes: [
      { type: 'text/plain', size: 5 },
      {
        type: 'multipart/related',
        childNodes: [
          { type: 'text/html', size: 9 },
          { type: 'image/png', id: '<a>', size: 780, encoding: 'base64' },
        ],
      },
    ],
  })!;
  const content = readContent(root, new Map([['1', rawBytes('hello')]]));
  expect(content).toMatchObject({
    text: 'hello',
    html: null,
    inlineImages: [{ part: '2.2', size: 570 }],
    attachments: [],
  });
  expect(readContent(root, new Map())).toMatchObject({ text: '', html: null, cut: false, code: null });
});

test('links stand where they say, in the second text too', () => {
  const { text, links } = read([
    'mixed',
    [
      ['text/plain', 'intro'],
      ['text/html', 'see <a href=https://a.test>here</a>'],
    ],
  ]);
  expect(text).toBe('intro\n\nsee here');
  expect(links.map(({ start, end, href }) => [text.slice(start, end), href])).toEqual([['here', 'https://a.test/']]);
});

test('a page keeps its bytes as they were meant, a text beside it is escaped', () => {
  const { html: page } = read([
    'mixed',
    [
      ['text/html; charset=iso-8859-1', '<script>\xe4</script>'],
      ['text/plain', '1 < 2 & <b>'],
    ],
  ]);
  expect(page).toBe('<script>ä</script><pre>1 &lt; 2 &amp; &lt;b&gt;</pre>');
});

test('flowed text is joined, its signature is not', () => {
  expect(read(['text/plain; format=flowed', 'one \ntwo\n> q \n> r\n-- \nme']).text).toBe('one two\n> q r\n--\nme');
});

test('a code in the subject or the text', () => {
  const message = rawBytes('\nYour code is 123 456.');
  expect(readRawContent(message).code).toBe('123456');
  expect(readRawContent(rawBytes('\nHello'), { subject: '654321 is your login code' }).code).toBe('654321');
});

test('what is longer than 2 MiB is cut, visibly', () => {
  const long = read(['text/plain', 'word '.repeat(MAX_TEXT / 4)]);
  expect(long.cut).toBe(true);
  expect(long.text.endsWith('\n…')).toBe(true);
  expect(long.text.length).toBeLessThanOrEqual(MAX_TEXT + 2);
  const many = read([
    'mixed',
    Array.from({ length: 5 }, (): Described => ['text/html', 'word '.repeat(MAX_TEXT / 10)]),
  ]);
  expect(many.cut).toBe(true);
  expect(many.html?.length).toBe(MAX_TEXT);
});

test('random messages: clean text, sections that exist', () => {
  const random = seededRandom(13);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const types = [
    'text/plain',
    'text/html',
    'text/plain; format=flowed',
    'image/png',
    'message/rfc822',
    'application/pdf',
    'text/calendar',
    '',
  ];
  const headers = [
    '',
    'Content-ID: <logo@x>\n',
    'Content-Disposition: attachment\n',
    'Content-Disposition: inline; filename="a\x00b/..\\c"\n',
    'Content-Transfer-Encoding: base64\n',
    'Content-Transfer-Encoding: quoted-printable\n',
  ];
  const contents = [
    '',
    'hello',
    '<p>cid:logo@x<script>',
    '\xff\xfe\x00',
    'Subject: x\n\ny',
    '=E2=80=AE',
    '4oCu',
    '\n--b0\n',
    utf8('\u202e\u2066'),
    'Content-Type: multipart/mixed; boundary=b1\n\n--b1\n\nx',
  ];
  const describeAny = (depth: number): Described =>
    random() < 0.5 && depth < 6
      ? [
          pick(['mixed', 'alternative', 'related', 'signed', 'digest', 'report']),
          Array.from({ length: random() * 5 }, () => describeAny(depth + 1)),
        ]
      : [pick(types), pick(contents), pick(headers) + pick(headers)];
  for (let round = 0; round < 2000; round++) {
    const raw = rawBytes(compose(describeAny(0)));
    const content = readRawContent(raw);
    const sections = new Set(flatten(walkMime(raw)).map(({ section }) => section));
    for (const { part } of [...content.inlineImages, ...content.attachments]) expect(sections).toContain(part);
    for (const { name, fileName } of content.attachments) {
      expect(name).not.toMatch(/^$|[\p{Cc}\u202e]/u);
      expect(fileName).not.toMatch(/^$|^\.|[\p{Cc}\u202e/\\]/u);
    }
    expect(content.text).not.toMatch(/(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
  }
});

describe('big messages take no more time than their size says', () => {
  const BASE64 = 'Content-Transfer-Encoding: base64\n';
  const QUOTED = 'Content-Transfer-Encoding: quoted-printable\n';
  test.each<[string, number, (size: number) => Described]>([
    [
      'one large file',
      320_000,
      (lines) => ['mixed', [plain, ['application/pdf', `${'A'.repeat(76)}\n`.repeat(lines), BASE64]]],
    ],
    [
      'a long page',
      16_000,
      (lines) => ['text/html', '<div><a href="https://a.test">word</a> &amp; more</div>\n'.repeat(lines)],
    ],
    ['a long line', 2 ** 20, (length) => ['text/plain', 'x'.repeat(length)]],
    [
      'a long quoted-printable text',
      2 ** 17,
      (lines) => ['text/plain; format=flowed', '=C3=A4 =\n'.repeat(lines), QUOTED],
    ],
    ['thousands of parts', 3200, (length) => ['mixed', Array.from({ length }, () => plain)]],
  ])('%s', (_, size, describeAs) => {
    expect(growth(size, (length) => rawBytes(compose(describeAs(length))), readRawContent)).toBeLessThan(LINEAR);
  });
});
