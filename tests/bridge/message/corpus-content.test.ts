/**
 * Bodies and files read by us and by an independent program (the corpus of stalwartlabs/mail-parser, kept beside the
 * checkout and not part of it). Every difference is listed with its reason; a new one fails, and so does one that is gone.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { chooseParts } from '../../../src/bridge/message/choose-parts.ts';
import { decodePart } from '../../../src/bridge/message/decode-text.ts';
import { bytesOf, type RawPart, walkMime } from '../../../src/bridge/message/mime-walk.ts';
import { decodeTransfer } from '../../../src/bridge/message/transfer-decoding.ts';
import { flatten } from './part-tree.ts';

const CORPUS = fileURLToPath(new URL('../../../../shared/corpora/mail-parser/resources/eml/', import.meta.url));

const bytesSchema = v.array(v.number());
const bodySchema = v.union([
  v.object({ Text: v.string() }),
  v.object({ Html: v.string() }),
  v.object({ Binary: bytesSchema }),
  v.object({ InlineBinary: bytesSchema }),
  v.object({ Multipart: v.array(v.number()) }),
  v.object({ Message: v.unknown() }),
]);
const oracleSchema = v.object({
  html_body: v.array(v.number()),
  text_body: v.array(v.number()),
  attachments: v.array(v.number()),
  parts: v.array(v.object({ body: bodySchema })),
});

type Oracle = v.InferOutput<typeof oracleSchema>;

const PREFIX =
  'the other program takes a longer line for a boundary that it starts with, or does not see an outer boundary';
const UNCLOSED = 'a multipart that is not closed: its text is shown, not offered as a file';

/** Why one of the messages is read in another way here; the key says in what. */
const DIFFERENCES: Record<string, string> = {
  'rfc/000: leaves': 'text that is called base64 and is none is decoded all the same',
  'rfc/003: files': 'text/enriched beside text/plain is left out, not offered as a file',
  'rfc/007: text': 'a picture between two texts is a file and no part of the text',
  'rfc/008: leaves': 'a message in base64 (against RFC 2046 section 5.2.1) is a file and is not looked into',
  'malformed/000: leaves text page': 'empty parts are parts',
  'malformed/001: leaves text page files': PREFIX,
  'malformed/002: text page files': UNCLOSED,
  'malformed/003: text page files': UNCLOSED,
  'malformed/004: leaves text page files': PREFIX,
  'malformed/006: text page files': UNCLOSED,
  'malformed/007: leaves files': 'one empty part, not two: the boundary of the inner multipart stands in its header',
  'malformed/008: text page files': PREFIX,
  'malformed/009: leaves text page files': PREFIX,
  'malformed/010: text page files': 'the text of a message that is nothing but an enclosed one is shown',
  'malformed/011: leaves text page files': PREFIX,
  'malformed/012: leaves text page files': PREFIX,
  'malformed/015: files': 'a signature is not offered as a file',
  'malformed/016: leaves text page files': PREFIX,
  'malformed/017: text page': 'a picture is no text',
  'malformed/019: leaves text page': 'alternatives within alternatives: one of them is shown, not all',
  'malformed/020: leaves text page':
    'of two Content-Type fields the first one counts, as in a header; the page is shown',
  'malformed/021: leaves text page': 'the same',
};

/** The leaves of our tree in their order, enclosed messages counted as one; what they hold, decoded. */
function ourLeaves(raw: Uint8Array): string[] {
  const leaf = (part: RawPart): string[] => {
    if (part.type === 'message' && part.children.length > 0) return ['message'];
    if (part.children.length > 0) return part.children.flatMap(leaf);
    return [ourContent(raw, part)];
  };
  return leaf(walkMime(raw));
}

function ourContent(raw: Uint8Array, part: RawPart): string {
  const bytes = bytesOf(raw, part);
  const decoded = Buffer.from(decodeTransfer(bytes, part.encoding)).toString('latin1');
  return part.type === 'text' ? decodePart(bytes, part).text : decoded;
}

function theirContent(body: v.InferOutput<typeof bodySchema>): string {
  if ('Text' in body) return body.Text;
  if ('Html' in body) return body.Html;
  if ('Binary' in body) return Buffer.from(body.Binary).toString('latin1');
  if ('InlineBinary' in body) return Buffer.from(body.InlineBinary).toString('latin1');
  return 'Message' in body ? 'message' : '';
}

function compare(raw: Uint8Array, oracle: Oracle): string[] {
  const contents = oracle.parts.map(({ body }) => theirContent(body));
  const leaves = oracle.parts.flatMap(({ body }) => ('Multipart' in body ? [] : [theirContent(body)]));
  const root = walkMime(raw);
  const chosen = chooseParts<RawPart>(root);
  const text = chosen.text.map((part) => ourContent(raw, part));
  const page = chosen.html.map((part) => ourContent(raw, part));
  const expected = {
    leaves,
    text: oracle.text_body.map((index) => contents[index] ?? ''),
    page: oracle.html_body.map((index) => contents[index] ?? ''),
    files: oracle.attachments.length,
  };
  // The other program takes a text for the page too where there is no page.
  const actual: typeof expected = {
    leaves: ourLeaves(raw),
    text,
    page: page.length > 0 ? page : text,
    files: chosen.files.length,
  };
  return Object.keys(expected).filter(
    (name) =>
      JSON.stringify(actual[name as keyof typeof actual]) !== JSON.stringify(expected[name as keyof typeof expected]),
  );
}

describe.skipIf(!existsSync(CORPUS))('the corpus (skipped where ../shared/corpora is not)', () => {
  test('bodies and files', () => {
    const files = ['rfc', 'malformed'].flatMap((folder) =>
      readdirSync(`${CORPUS}${folder}`)
        .filter((name) => name.endsWith('.eml'))
        .map((name) => `${folder}/${name.slice(0, -'.eml'.length)}`),
    );
    const different = files.flatMap((file) => {
      const lf = readFileSync(`${CORPUS}${file}.eml`);
      const crlf = Buffer.from(lf.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
      const differences = [lf, crlf].flatMap((raw, index) => {
        const json: unknown = JSON.parse(readFileSync(`${CORPUS}${file}${index === 0 ? '' : '.crlf'}.json`, 'utf8'));
        return compare(raw, v.parse(oracleSchema, json));
      });
      return differences.length > 0 ? [`${file}: ${[...new Set(differences)].join(' ')}`] : [];
    });
    expect(files.length).toBeGreaterThanOrEqual(33);
    expect(different).toEqual(Object.keys(DIFFERENCES));
  });

  test('every part lies within its message', () => {
    for (const folder of ['rfc', 'malformed'])
      for (const name of readdirSync(`${CORPUS}${folder}`).filter((each) => each.endsWith('.eml'))) {
        const raw = readFileSync(`${CORPUS}${folder}/${name}`);
        for (const { start, end } of flatten<RawPart>(walkMime(raw)))
          expect(0 <= start && start <= end && end <= raw.length).toBe(true);
      }
  });
});
