import { describe, expect, test } from 'vitest';
import { readBodyStructure } from '../../../src/bridge/message/body-structure.ts';
import { flatten, outline } from './part-tree.ts';

const text = { type: 'text/plain', parameters: { charset: 'utf-8' }, encoding: '7bit', size: 10 };
const mixed = (...childNodes: unknown[]) => ({ type: 'multipart/mixed', childNodes });
const message = (child: unknown) => ({ type: 'message/rfc822', size: 100, childNodes: [child] });

function outlineOf(structure: unknown): string {
  const part = readBodyStructure(structure);
  return part ? outline(part) : 'none';
}

/** The numbers of RFC 9051 section 6.4.5, which are not those that the library gives inside messages. */
test.each([
  ['one text', text, '1 text/plain'],
  ['two parts', mixed(text, text), 'TEXT multipart/mixed[1 text/plain, 2 text/plain]'],
  ['nested', mixed(text, mixed(text)), 'TEXT multipart/mixed[1 text/plain, 2 multipart/mixed[2.1 text/plain]]'],
  ['a message in a part', mixed(message(text)), 'TEXT multipart/mixed[1 message/rfc822[1.1 text/plain]]'],
  [
    'a message with parts in a part',
    mixed(text, message(mixed(text, message(mixed(text))))),
    'TEXT multipart/mixed[1 text/plain, 2 message/rfc822[2.TEXT multipart/mixed[2.1 text/plain, ' +
      '2.2 message/rfc822[2.2.TEXT multipart/mixed[2.2.1 text/plain]]]]]',
  ],
  ['a message alone', message(text), '1 message/rfc822[1.1 text/plain]'],
  ['a message with parts alone', message(mixed(text)), '1 message/rfc822[1.TEXT multipart/mixed[1.1 text/plain]]'],
])('%s', (_, structure, expected) => {
  expect(outlineOf(structure)).toBe(expected);
});

test('reads what the server says of a part', () => {
  const part = readBodyStructure({
    type: 'image/png',
    parameters: { name: 'b.png' },
    id: '<id@x>',
    encoding: 'BASE64',
    size: 1234,
    disposition: 'inline',
    dispositionParameters: { filename: '=?utf-8?q?=C3=A4?=\u202e.png' },
  });
  expect(part).toEqual({
    ...{ section: '1', type: 'image', subtype: 'png', charset: null, encoding: 'base64', size: 1234 },
    ...{ disposition: 'inline', filename: 'ä.png', contentId: 'id@x', flowed: false, delSp: false, children: [] },
  });
  const flowed = { ...text, parameters: { charset: 'KOI8-R', format: 'flowed', DelSp: 'Yes' } };
  expect(readBodyStructure(flowed)).toMatchObject({ charset: 'koi8-r', flowed: true, delSp: true });
});

describe('whatever is sent', () => {
  test.each([
    [undefined, 'none'],
    [null, 'none'],
    ['text/plain', 'none'],
    [7, 'none'],
    [{}, '1 text/plain'],
    [{ type: 7, size: 'big', parameters: [1], childNodes: 'x', id: {} }, '1 text/plain'],
    [{ type: '/', parameters: { name: 'x' } }, '1 application/octet-stream'],
    [{ type: 'multipart/', childNodes: [null, text] }, 'TEXT multipart/mixed[2 text/plain]'],
    [message(null), '1 message/rfc822'],
  ])('%j', (structure, expected) => {
    expect(outlineOf(structure)).toBe(expected);
  });

  test('sizes that are none', () => {
    for (const size of [-1, Number.NaN, 1e300, 0.5, Number.POSITIVE_INFINITY])
      expect(readBodyStructure({ ...text, size })?.size).toBe(0);
  });

  test('too deep, too wide, in a circle', () => {
    let deep: unknown = text;
    for (let depth = 0; depth < 100_000; depth++) deep = mixed(deep);
    expect(flatten(readBodyStructure(deep)!)).toHaveLength(51);
    expect(flatten(readBodyStructure(mixed(...Array<unknown>(100_000).fill(text)))!)).toHaveLength(1000);
    const circle: { type: string; childNodes: unknown[] } = { type: 'multipart/mixed', childNodes: [text] };
    circle.childNodes.push(circle, circle);
    expect(flatten(readBodyStructure(circle)!).length).toBeLessThanOrEqual(1000);
  });
});
