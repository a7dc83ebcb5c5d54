import { describe, expect, test } from 'vitest';
import { bytesOf, type RawPart, walkMime } from '../../../src/bridge/message/mime-walk.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { growth, LINEAR } from './growth.ts';
import { flatten, outline } from './part-tree.ts';
import { rawBytes, utf8 } from './raw-bytes.ts';

/** The outline of a message and the bodies of its leaves. */
function walk(message: string): [string, string[]] {
  const raw = rawBytes(message);
  const root = walkMime(raw);
  const leaves = flatten<RawPart>(root).filter(({ children }) => children.length === 0);
  return [outline(root), leaves.map((part) => Buffer.from(bytesOf(raw, part)).toString('latin1'))];
}

const MIXED = 'Content-Type: multipart/mixed; boundary="x"\n\n';

describe('both line ends', () => {
  test.each([
    ['no MIME at all', 'Subject: a\n\nhello\n', '1 text/plain', ['hello\n']],
    ['no header', '\nhello', '1 text/plain', ['hello']],
    ['no body', 'Subject: a\n', '1 text/plain', ['']],
    ['nothing', '', '1 text/plain', ['']],
    ["mbox's first line", 'From a@b Thu\nContent-Type: text/html\n\nhello', '1 text/html', ['hello']],
    [
      'two parts, prologue, epilogue',
      `${MIXED}this\n--xx\n--x\n\none\n\n--x  \nContent-Type: text/html\n\ntwo\n--x--\nthat\n--x\n\nno`,
      'TEXT multipart/mixed[1 text/plain, 2 text/html]',
      ['one\n', 'two'],
    ],
    [
      'nested, the inner one not closed',
      `${MIXED}--x\nContent-Type: multipart/alternative; boundary=y\n\n--y\n\none\n--y\n\ntwo\n--x\n\nthree\n--x--`,
      'TEXT multipart/mixed[1 multipart/alternative[1.1 text/plain, 1.2 text/plain], 2 text/plain]',
      ['one', 'two', 'three'],
    ],
    [
      'a boundary that another one starts with',
      `${MIXED}--x\nContent-Type: multipart/mixed; boundary=xx\n\n--xx\n\none\n--x\n\ntwo\n--xx--\n`,
      'TEXT multipart/mixed[1 multipart/mixed[1.1 text/plain], 2 text/plain]',
      ['one', 'two\n--xx--\n'],
    ],
    [
      'an enclosed message with one body',
      `${MIXED}--x\nContent-Type: message/rfc822\n\nSubject: a\n\none\n--x--`,
      'TEXT multipart/mixed[1 message/rfc822[1.1 text/plain]]',
      ['one'],
    ],
    [
      'an enclosed message with parts',
      `${MIXED}--x\n\na\n--x\nContent-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=y\n\n--y\n\none\n--y--\n--x--`,
      'TEXT multipart/mixed[1 text/plain, 2 message/rfc822[2.TEXT multipart/mixed[2.1 text/plain]]]',
      ['a', 'one'],
    ],
    [
      'a message that is an enclosed message',
      'Content-Type: message/rfc822\n\nSubject: b\n\none',
      '1 message/rfc822[1.1 text/plain]',
      ['one'],
    ],
    [
      'a digest',
      'Content-Type: multipart/digest; boundary=x\n\n--x\n\nSubject: a\n\none\n--x--',
      'TEXT multipart/digest[1 message/rfc822[1.1 text/plain]]',
      ['one'],
    ],
    [
      'what is called a message and is none',
      `${MIXED}--x\nContent-Type: message/rfc822\n\nno message, sorry!\n--x--`,
      'TEXT multipart/mixed[1 message/rfc822]',
      ['no message, sorry!'],
    ],
    [
      'a message in base64',
      `${MIXED}--x\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogYQo=\n--x--`,
      'TEXT multipart/mixed[1 message/rfc822]',
      ['U3ViamVjdDogYQo='],
    ],
    ['a multipart without its boundary', `${MIXED}body`, '1 text/plain', ['body']],
    ['a multipart that names none', 'Content-Type: multipart/mixed\n\nbody', '1 text/plain', ['body']],
    [
      'a part without the empty line',
      `${MIXED}--x\nhello: I am\nno header\n--x\nno field at all\n\nsecond\n--x--`,
      'TEXT multipart/mixed[1 text/plain, 2 text/plain]',
      ['', 'no field at all\n\nsecond'],
    ],
    [
      'one boundary for two multiparts',
      `${MIXED}--x\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x--\n--x--`,
      'TEXT multipart/mixed[1 multipart/mixed[1.1 text/plain]]',
      ['one'],
    ],
    [
      'a delimiter where the empty line should be',
      'Content-Type: multipart/mixed; boundary=x\n--x\n\none\n--x--',
      'TEXT multipart/mixed[1 text/plain]',
      ['one'],
    ],
    [
      'a last delimiter that does not close',
      `${MIXED}--x\n\none\n--x\n`,
      'TEXT multipart/mixed[1 text/plain]',
      ['one'],
    ],
    ['types', 'Content-Type: TEXT\n\na', '1 text/plain', ['a']],
    ['a type that cannot be read', 'Content-Type: ; charset=x\n\na', '1 text/plain', ['a']],
    ['a file of no type', 'Content-Type: x; name=a.b\n\na', '1 application/octet-stream', ['a']],
  ])('%s', (_, message, tree, leaves) => {
    expect(walk(message)).toEqual([tree, leaves]);
    const crlf = (text: string) => text.replaceAll('\n', '\r\n');
    expect(walk(crlf(message))).toEqual([tree, leaves.map(crlf)]);
  });
});

test('a part knows what its header says', () => {
  const raw = rawBytes(
    `Content-Type: Image/PNG; name=a.png\nContent-Disposition: INLINE; filename="${utf8('é\u202e.png')}"\n` +
      'Content-ID: <id@x>\nContent-Transfer-Encoding: Base64\n\nAAAA',
  );
  const part = walkMime(raw);
  expect(part).toMatchObject({ type: 'image', subtype: 'png', disposition: 'inline', filename: 'é.png' });
  expect(part).toMatchObject({ contentId: 'id@x', encoding: 'base64', size: 4, charset: null, flowed: false });
  const text = walkMime(rawBytes('Content-Type: text/plain; charset="ISO-8859-1"; format=Flowed; delsp=yes\n\n'));
  expect(text).toMatchObject({ charset: 'iso-8859-1', flowed: true, delSp: true, filename: null, contentId: null });
});

describe('more than a message has', () => {
  test('300 nested multiparts: 50 are opened', () => {
    const level = (n: number) => `Content-Type: multipart/mixed; boundary=b${n}e\n\n--b${n}e\n`;
    const raw = rawBytes(`${Array.from({ length: 300 }, (_, n) => level(n)).join('')}\nhello`);
    expect(flatten<RawPart>(walkMime(raw))).toHaveLength(51);
  });

  test('300 nested messages: 50 are opened', () => {
    const raw = rawBytes(`${'Content-Type: message/rfc822\n\n'.repeat(300)}hello`);
    expect(flatten<RawPart>(walkMime(raw))).toHaveLength(51);
  });

  test('100,000 parts: a thousand are found', () => {
    const raw = rawBytes(`${MIXED}${'--x\n\na\n'.repeat(100_000)}--x--`);
    const parts = flatten<RawPart>(walkMime(raw));
    expect(parts).toHaveLength(1000);
    expect(parts.at(-1)?.section).toBe('999');
  });
});

function expectTree(raw: Uint8Array): void {
  const parts = flatten<RawPart>(walkMime(raw));
  expect(parts.length).toBeLessThanOrEqual(1000);
  for (const part of parts) {
    expect(part.section).toMatch(/^(?:TEXT|\d+(?:\.\d+)*(?:\.TEXT)?)$/);
    expect(part.start).toBeGreaterThanOrEqual(0);
    expect(part.end).toBeGreaterThanOrEqual(part.start);
    expect(part.end).toBeLessThanOrEqual(raw.length);
    let done = part.start;
    for (const child of part.children) {
      expect(child.start).toBeGreaterThanOrEqual(done);
      expect(child.end).toBeLessThanOrEqual(Math.max(part.end, child.start));
      done = child.end;
    }
  }
}

test('random pieces: parts lie within their parents, one after the other', () => {
  const random = seededRandom(6);
  const pieces = [
    ...['\n', '\r\n', '\n\n', '--x', '--y', '--x--', '--y--', '--', '\n--x\n', '\n--y\n', '\n--y--\n', 'a', ':', ' '],
    ...['Content-Type: multipart/mixed; boundary=x\n\n', 'Content-Type: multipart/digest; boundary="y"\n\n'],
    ...['Content-Type: message/rfc822\n\n', 'Content-Type: text/html\n', 'Content-Transfer-Encoding: base64\n', '\0'],
  ];
  for (let round = 0; round < 3000; round++) {
    const text = Array.from({ length: random() * 60 }, () => pieces[Math.floor(random() * pieces.length)]).join('');
    expectTree(rawBytes(random() < 0.5 ? text : MIXED + text));
  }
});

describe('many of the worst take no more time than their number says', () => {
  const nested = Array.from(
    { length: 60 },
    (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\n\n--b${n}\n`,
  ).join('');
  test.each([
    ...[
      '\n',
      '\r',
      '-',
      '--',
      '--x',
      '\n--',
      '\n--x',
      '\n--x\n',
      '\n--x--\n',
      '\n--y\n',
      '\n--b',
      '\n--b1\n',
      'a: b\n',
      ' a\n',
    ],
    ...[
      'Content-Type: message/rfc822\n\n',
      `${MIXED}--x\n`,
      `--x${' '.repeat(900)}\n`,
      `--x${' '.repeat(900)}y\n`,
      'a',
    ],
    ...[`--x\nContent-Type: ${'x;'.repeat(30_000)}\n\n`, `--x\n${'a: b\n'.repeat(2000)}\n`],
  ])('%j', (piece) => {
    for (const start of ['', MIXED, nested]) {
      const make = (size: number) => rawBytes(start + piece.repeat(Math.ceil(size / piece.length)));
      expect(growth(2 ** 19, make, walkMime)).toBeLessThan(LINEAR);
    }
  });
});
