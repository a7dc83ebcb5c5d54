/** What FETCH can be asked for, each with how it is written. */
import { createHash } from 'node:crypto';
import type { StoredMessage } from './folder.ts';
import type { ImapArguments } from './imap-arguments.ts';
import { sectionBytes } from './imap-body-section.ts';
import { formatBodyStructure } from './imap-body-structure.ts';
import { formatEnvelope } from './imap-envelope.ts';
import { formatDateTime, formatLiteral } from './imap-format.ts';
import { ImapRefusal } from './imap-refusal.ts';
import { headerFields, splitMessage } from './message-header.ts';
import { parseMime } from './mime-part.ts';

export interface FetchItem {
  /** As it stands in the answer. */
  name: string;
  /** Fetching it sets `\Seen`. */
  marksSeen: boolean;
  value: (message: StoredMessage) => Buffer | string;
}

const SIMPLE_ITEMS: Readonly<Record<string, FetchItem['value']>> = {
  UID: (message) => String(message.uid),
  FLAGS: (message) => `(${[...message.flags].join(' ')})`,
  INTERNALDATE: (message) => formatDateTime(message.internalDate),
  'RFC822.SIZE': (message) => String(message.raw.length),
  ENVELOPE: (message) => formatEnvelope(headerFields(splitMessage(message.raw).header)),
  BODYSTRUCTURE: (message) => formatBodyStructure(parseMime(message.raw)),
  BODY: (message) => formatBodyStructure(parseMime(message.raw), false),
  MODSEQ: (message) => `(${message.modseq})`,
  // RFC 8474 section 5.1: the same for the same bytes, in whichever folder. Gmail's is a number.
  EMAILID: (message) => `(M${digestOf(message.raw)})`,
  'X-GM-MSGID': (message) => String(BigInt(`0x${digestOf(message.raw)}`)),
};

function digestOf(raw: Buffer): string {
  return createHash('sha256').update(raw).digest('hex').slice(0, 15);
}

const MACROS: Readonly<Record<string, readonly string[]>> = {
  FAST: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE'],
  ALL: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE'],
  FULL: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODY'],
};

/** RFC 3501 section 6.4.5, gone from RFC 9051. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  RFC822: 'BODY[]',
  'RFC822.HEADER': 'BODY.PEEK[HEADER]',
  'RFC822.TEXT': 'BODY[TEXT]',
};

/** @throws {ImapRefusal} BAD for an item that the server does not know */
export function parseFetchItems(args: ImapArguments, condstore: boolean): FetchItem[] {
  const inner = args.listIfAny();
  if (inner) return inner.atoms().map((name) => fetchItem(name, condstore));
  const name = args.atom();
  return (MACROS[name.toUpperCase()] ?? [name]).map((item) => fetchItem(item, condstore));
}

function fetchItem(text: string, condstore: boolean): FetchItem {
  const name = text.toUpperCase();
  const value = SIMPLE_ITEMS[name];
  if (value && (name !== 'MODSEQ' || condstore)) return { name, marksSeen: false, value };
  const old = OLD_NAMES[name];
  if (old !== undefined) return { ...bodyItem(old), name };
  return bodyItem(text);
}

function bodyItem(text: string): FetchItem {
  const match = /^BODY(\.PEEK)?\[(.*)\](?:<(\d{1,10})\.(\d{1,10})>)?$/i.exec(text);
  if (!match) throw new ImapRefusal('BAD Unknown FETCH item');
  const [, peek, section = '', start, length] = match;
  // Asked of an empty message so that a wrong section is refused, however many messages there are.
  sectionBytes(Buffer.alloc(0), section);
  return {
    name: `BODY[${section}]${start === undefined ? '' : `<${Number(start)}>`}`,
    marksSeen: peek === undefined,
    value(message) {
      const bytes = sectionBytes(message.raw, section);
      if (!bytes) return 'NIL';
      const from = Number(start ?? 0);
      return formatLiteral(length === undefined ? bytes : bytes.subarray(from, from + Number(length)));
    },
  };
}
