/** The header of a message, from raw bytes to what a list shows. */
import type { Address } from '../../model.ts';
import { MAX_RECIPIENTS, readAddresses } from './addresses.ts';
import type { ByteString } from './byte-string.ts';
import { findCharset } from './charset-names.ts';
import { type Charsets, DEFAULT_FALLBACK } from './charsets.ts';
import { cleanText, MAX_SUBJECT } from './clean-text.ts';
import { readDate } from './dates.ts';
import { decodeText } from './encoded-words.ts';
import { type HeaderField, readHeaderBlock } from './header-block.ts';
import { readListId, readMessageId, readMessageIds } from './message-ids.ts';

/** The fields to ask a server for: what `decodeHeader` reads. */
export const HEADER_FIELDS: readonly string[] = [
  'From',
  'Sender',
  'To',
  'Cc',
  'Reply-To',
  'Subject',
  'Date',
  'Message-ID',
  'In-Reply-To',
  'References',
  'List-Id',
  // For its charset: old mailers write raw letters in the charset of the body.
  'Content-Type',
];

/** Bytes of a subject that are decoded: more than 1,000 letters of four bytes each, encoded. */
const MAX_SUBJECT_BYTES = 16 * 1024;

export interface MessageHeader {
  from: Address | null;
  sender: Address | null;
  /** At most 200; the same for the other lists. */
  to: Address[];
  cc: Address[];
  replyTo: Address[];
  /** At most 1,000 characters; '' where there is none. */
  subject: string;
  /** Milliseconds since 1970; null where the message gives none that can be read. */
  date: number | null;
  /** With its angle brackets, at most 1,000 characters; '' where there is none. */
  messageId: string;
  inReplyTo: string;
  /** At most 100, the oldest ancestor first. */
  references: string[];
  /** The list's identifier (RFC 2919) in lower case, without brackets; '' where there is none. */
  listId: string;
}

export interface DecodeOptions {
  /** The charset of raw bytes that are not UTF-8 in a message that names none; windows-1252 unless told. */
  fallbackCharset?: string;
}

/** Decodes a header; what cannot be read is empty. Never throws; time grows linearly with the bytes. */
export function decodeHeader(raw: Uint8Array, options: DecodeOptions = {}): MessageHeader {
  const fields = readHeaderBlock(raw);
  const charsets: Charsets = {
    message: readCharset(first(fields, 'content-type')),
    fallback: findCharset(options.fallbackCharset ?? '') ?? DEFAULT_FALLBACK,
  };
  const list = (name: string): Address[] => readAll(fields, name, charsets);
  return {
    from: readFrom(fields, charsets),
    sender: list('sender')[0] ?? null,
    to: list('to'),
    cc: list('cc'),
    replyTo: list('reply-to'),
    subject: cleanText(decodeText(first(fields, 'subject').slice(0, MAX_SUBJECT_BYTES), charsets), MAX_SUBJECT),
    date: readDate(first(fields, 'date')),
    messageId: readMessageId(first(fields, 'message-id'), charsets),
    inReplyTo: readMessageId(first(fields, 'in-reply-to'), charsets),
    references: readMessageIds(first(fields, 'references'), charsets),
    listId: readListId(first(fields, 'list-id'), charsets),
  };
}

/**
 * The author. Several of them, several From fields (RFC 5322 section 3.6 allows one) or one without an address are
 * marked as misleading: programs disagree on which of them counts, and forgers know it.
 */
function readFrom(fields: readonly HeaderField[], charsets: Charsets): Address | null {
  const authors = readAll(fields, 'from', charsets);
  const from = authors.find((author) => author.address !== '') ?? authors[0];
  if (!from) return null;
  return { ...from, misleading: from.misleading || authors.length > 1 || from.address === '' };
}

function first(fields: readonly HeaderField[], name: string): ByteString {
  return fields.find((field) => field.name === name)?.value ?? '';
}

/** Some mailers write a field for each recipient. Each is read by itself, so that none can swallow the next. */
function readAll(fields: readonly HeaderField[], name: string, charsets: Charsets): Address[] {
  return fields
    .filter((field) => field.name === name)
    .flatMap((field) => readAddresses(field.value, charsets))
    .slice(0, MAX_RECIPIENTS);
}

function readCharset(contentType: ByteString): Charsets['message'] {
  const label = /;\s*charset\s*=\s*"?([^\s";]{1,60})/i.exec(contentType)?.[1];
  return label === undefined ? null : findCharset(label);
}
