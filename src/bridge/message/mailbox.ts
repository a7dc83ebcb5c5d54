/** One mailbox of an address list: its name and its address (RFC 5322 section 3.4). */
import type { Address } from '../../model.ts';
import { readAddrSpec } from './addr-spec.ts';
import type { AddressToken } from './address-tokens.ts';
import type { ByteString } from './byte-string.ts';
import { type Charsets, decodeUnlabelled } from './charsets.ts';
import { cleanText, cutName, MAX_NAME } from './clean-text.ts';
import { decodeText } from './encoded-words.ts';
import { isMisleading } from './misleading-name.ts';

/** Bytes of a name that are decoded: 300 letters of four bytes each, encoded. */
const MAX_NAME_BYTES = 4096;

/** What stands between two commas. */
export interface MailboxTokens {
  /** Words, the address too where it stands without `<>`. */
  phrase: AddressToken[];
  comments: ByteString[];
  /** What stands in `<>`, or null. */
  angle: ByteString | null;
}

/** The mailbox, or null where nothing but a comment is (RFC 5322 appendix A.6.3 has a group of one). */
export function readMailbox({ phrase, comments, angle }: MailboxTokens, charsets: Charsets): Address | null {
  if (angle !== null) return readAngle(angle, readName(phrase, comments, charsets), charsets);
  if (phrase.length === 0) return null;
  for (const chunk of phrase.some(hasAt) ? chunks(phrase) : []) {
    const spec = chunk.some(hasAt) ? readAddrSpec(chunk.map(asWritten).join(''), charsets) : null;
    if (!spec) continue;
    const taken = new Set(chunk);
    const rest = phrase.filter((token) => !taken.has(token));
    return toAddress(readName(rest, comments, charsets), spec.address, spec.misleading);
  }
  return toAddress(readName(phrase, comments, charsets));
}

/** What an empty group is shown as; null when it has no name. */
export function readGroup({ phrase, comments }: MailboxTokens, charsets: Charsets): Address | null {
  const name = readName(phrase, comments, charsets);
  return name === '' ? null : toAddress(name);
}

/** True for a piece that makes its neighbours an address. An encoded word never does (RFC 2047 section 5). */
export function hasAt(token: AddressToken): boolean {
  return token.kind === 'text' && token.text.includes('@');
}

function readAngle(angle: ByteString, name: string, charsets: Charsets): Address | null {
  const spec = readAddrSpec(angle, charsets);
  if (spec) return toAddress(name, spec.address, spec.misleading);
  const raw = decodeUnlabelled(angle, charsets);
  if (raw === '') return name === '' ? null : toAddress(name);
  // An address that cannot be read is shown as part of the name, so that it is not hidden behind it.
  return toAddress(name === '' ? raw : `${name} <${raw}>`, '', raw.includes('@'));
}

function toAddress(name: string, address = '', misleading = false): Address {
  const clean = cleanText(name, MAX_NAME);
  return { name: cutName(clean), address, misleading: misleading || isMisleading(clean, address) };
}

/** `Phrase (comment)`, or the comments alone where there is no phrase: old mailers write the name there. */
function readName(phrase: readonly AddressToken[], comments: readonly ByteString[], charsets: Charsets): string {
  const raw = phrase.map((token) => (token.spaced ? ` ${token.text}` : token.text)).join('');
  const name = decodeText(raw.trim().slice(0, MAX_NAME_BYTES), charsets);
  const notes = decodeText(comments.join(' ').slice(0, MAX_NAME_BYTES), charsets);
  if (notes === '') return name;
  return name === '' ? notes : `${name} (${notes})`;
}

/** The quoted string again, for a local part. */
function asWritten(token: AddressToken): ByteString {
  return token.kind === 'quoted' ? `"${token.text.replace(/["\\]/g, '\\$&')}"` : token.text;
}

/** Splits a phrase where an addr-spec can end: white space may stand around its dots and its `@` (RFC 5322 section 4.4). */
function chunks(phrase: readonly AddressToken[]): AddressToken[][] {
  const all: AddressToken[][] = [];
  for (const token of phrase) {
    const last = all.at(-1);
    const before = last?.at(-1);
    if (last && before && belongs(before, token)) last.push(token);
    else all.push([token]);
  }
  return all;
}

function belongs(before: AddressToken, token: AddressToken): boolean {
  if (before.kind === 'text' && '.@'.includes(before.text.at(-1) ?? ' ')) return true;
  if (token.kind === 'text' && '.@'.includes(token.text[0] ?? ' ')) return true;
  return !token.spaced && before.kind !== 'quoted' && token.kind !== 'quoted';
}
