/**
 * Headers read by us and by an independent program (the corpus of stalwartlabs/mail-parser, kept beside the checkout and
 * not part of it). Every difference is listed with its reason; a new one fails, and so does one that is gone.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { decodeHeader } from '../../../src/bridge/message/message-header.ts';
import type { Address } from '../../../src/model.ts';

const CORPUS = fileURLToPath(new URL('../../../../shared/corpora/mail-parser/resources/', import.meta.url));
const present = existsSync(CORPUS);

const mailbox = v.object({ name: v.nullable(v.string()), address: v.nullable(v.string()) });
const addressesSchema = v.union([
  v.object({ List: v.array(mailbox) }),
  v.object({ Group: v.array(v.object({ name: v.nullable(v.string()), addresses: v.array(mailbox) })) }),
]);
const dateSchema = v.object({
  ...{ year: v.number(), month: v.number(), day: v.number(), hour: v.number(), minute: v.number(), second: v.number() },
  ...{ tz_before_gmt: v.boolean(), tz_hour: v.number(), tz_minute: v.number() },
});
const headerSchema = v.object({ name: v.unknown(), value: v.unknown() });
const messageSchema = v.object({ parts: v.array(v.object({ headers: v.array(headerSchema) })) });

type Expected = v.InferOutput<typeof addressesSchema>;

/** Why one of `address.json` is read in another way here. The key is its place there. */
const LIST_URL = 'a URL of a List- field: no mailbox; shown as a name, not as an address';
const ADDRESS_DIFFERENCES: Record<number, string> = {
  8: 'comments inside <> are about the host (RFC 5322 section 3.4.1) and no part of the name',
  9: 'the same; and the comment before, cut by a fold, ends where its backslash does not reach',
  10: 'the comments inside <> and after the group are no names',
  11: 'a comment is no member: the group is empty and shown by its name',
  13: 'the route is dropped and the spaces around a dot are, as RFC 5322 section 4.4 says',
  14: 'the same for a comment and spaces inside a domain',
  33: 'spaces at the ends of a name are dropped',
  37: LIST_URL,
  38: LIST_URL,
  39: LIST_URL,
  40: LIST_URL,
  41: LIST_URL,
  42: 'a word without @ is a name and never an address',
  43: LIST_URL,
  44: LIST_URL,
  45: LIST_URL,
  46: LIST_URL,
  47: LIST_URL,
};

/** The same for `date.json`. */
const DATE_DIFFERENCES: Record<number, string> = {
  10: 'a month in digits may be a day: no date is better than a wrong one',
  12: 'rubbish is no date',
  28: 'a Received field: its date stands after a semicolon, a Date field has none',
};

/** The same for the messages, by file. None: what both programs read of them is the same. */
const MESSAGE_DIFFERENCES: Record<string, string> = {};

const read = (path: string) => readFileSync(`${CORPUS}${path}`);
const json = (path: string): unknown => JSON.parse(read(path).toString('utf8'));

function mailboxes(addresses: readonly Address[]): string[] {
  return addresses.map(({ name, address }) => `${name}|${address}`);
}

/** The other program's reading in our terms: groups are their members, an empty one is its name, null is ''. */
function expectedMailboxes(expected: Expected): string[] {
  const list =
    'List' in expected
      ? expected.List
      : expected.Group.flatMap(({ name, addresses }) => (addresses.length > 0 ? addresses : [{ name, address: null }]));
  return list.map(({ name, address }) => `${name ?? ''}|${address ?? ''}`);
}

function expectedTime(value: unknown): number | null {
  const parsed = v.safeParse(dateSchema, value);
  if (!parsed.success) return null;
  const { year, month, day, hour, minute, second, tz_before_gmt, tz_hour, tz_minute } = parsed.output;
  const offset = (tz_before_gmt ? -1 : 1) * (tz_hour * 60 + tz_minute) * 60_000;
  return Date.UTC(year, month - 1, day, hour, minute, second) - offset;
}

describe.skipIf(!present)('the corpus (skipped where ../shared/corpora is not)', () => {
  test('addresses', () => {
    const cases = v.parse(v.array(v.object({ header: v.string(), expected: addressesSchema })), json('address.json'));
    const different = cases.flatMap(({ header, expected }, index) => {
      const { to } = decodeHeader(new TextEncoder().encode(`To: ${header}`));
      return JSON.stringify(mailboxes(to)) === JSON.stringify(expectedMailboxes(expected)) ? [] : [index];
    });
    expect(cases).toHaveLength(60);
    expect(different).toEqual(Object.keys(ADDRESS_DIFFERENCES).map(Number));
  });

  test('dates', () => {
    const cases = v.parse(v.array(v.object({ header: v.string(), expected: v.unknown() })), json('date.json'));
    const different = cases.flatMap(({ header, expected }, index) =>
      decodeHeader(new TextEncoder().encode(`Date: ${header}`)).date === expectedTime(expected) ? [] : [index],
    );
    expect(cases).toHaveLength(40);
    expect(different).toEqual(Object.keys(DATE_DIFFERENCES).map(Number));
  });

  test('messages', () => {
    const files = ['eml/rfc', 'eml/malformed'].flatMap((folder) =>
      readdirSync(`${CORPUS}${folder}`)
        .filter((name) => name.endsWith('.eml'))
        .map((name) => `${folder}/${name.slice(0, -'.eml'.length)}`),
    );
    const different = files.flatMap((file) => {
      const lf = read(`${file}.eml`);
      const crlf = Buffer.from(lf.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
      const differences = [...compare(lf, json(`${file}.json`)), ...compare(crlf, json(`${file}.crlf.json`))];
      return differences.length > 0 ? [`${file}: ${differences.join('; ')}`] : [];
    });
    expect(files.length).toBeGreaterThanOrEqual(33);
    expect(different).toEqual(Object.keys(MESSAGE_DIFFERENCES));
  });
});

/** The fields in which we and the other program read a message differently. */
function compare(eml: Uint8Array, oracle: unknown): string[] {
  const fields = new Map<unknown, unknown>();
  for (const { name, value } of v.parse(messageSchema, oracle).parts[0]?.headers ?? [])
    if (!fields.has(name)) fields.set(name, value);
  const list = (name: string): string[] => {
    const parsed = v.safeParse(v.object({ Address: addressesSchema }), fields.get(name));
    return parsed.success ? expectedMailboxes(parsed.output.Address) : [];
  };
  const text = (name: string): string => {
    const parsed = v.safeParse(v.object({ Text: v.string() }), fields.get(name));
    return parsed.success ? parsed.output.Text : '';
  };
  const date = v.safeParse(v.object({ DateTime: v.unknown() }), fields.get('date'));
  const expected = {
    subject: text('subject'),
    from: list('from').slice(0, 1),
    to: list('to'),
    cc: list('cc'),
    date: date.success ? expectedTime(date.output.DateTime) : null,
    messageId: text('message_id'),
  };
  const header = decodeHeader(eml);
  const actual: typeof expected = {
    subject: header.subject,
    from: mailboxes(header.from ? [header.from] : []),
    to: mailboxes(header.to),
    cc: mailboxes(header.cc),
    date: header.date,
    messageId: header.messageId.slice(1, -1),
  };
  const names = Object.keys(expected) as (keyof typeof expected)[];
  return names.filter((name) => JSON.stringify(actual[name]) !== JSON.stringify(expected[name]));
}
