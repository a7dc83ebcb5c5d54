/** Search keys as predicates (RFC 9051 section 6.4.4). */
import type { StoredMessage } from './folder.ts';
import type { ImapArguments } from './imap-arguments.ts';
import { parseDateTime } from './imap-format.ts';
import { ImapRefusal } from './imap-refusal.ts';
import { decodeWords, fieldValue, headerFields, splitMessage } from './message-header.ts';
import { isInSet, parseSequenceSet } from './sequence-set.ts';

export interface Candidate {
  seq: number;
  message: StoredMessage;
}

type Predicate = (candidate: Candidate) => boolean;

export interface SearchContext {
  /** What `*` stands for. */
  largestSeq: number;
  largestUid: number;
  /** The MODSEQ key is known. */
  condstore: boolean;
}

const DAY = 86_400_000;

const FLAG_KEYS: Readonly<Record<string, string>> = {
  SEEN: '\\Seen',
  DELETED: '\\Deleted',
  FLAGGED: '\\Flagged',
  ANSWERED: '\\Answered',
  DRAFT: '\\Draft',
};

/** @throws {ImapRefusal} BAD for a key that the server does not know */
export function parseSearchKeys(args: ImapArguments, context: SearchContext): { fits: Predicate; usesModseq: boolean } {
  const parser = { args, context, usesModseq: false };
  if (args.isEmpty) throw new ImapRefusal('BAD Missing search key');
  const fits = parseAll(parser);
  return { fits, usesModseq: parser.usesModseq };
}

interface Parser {
  args: ImapArguments;
  context: SearchContext;
  usesModseq: boolean;
}

function parseAll(parser: Parser): Predicate {
  const keys: Predicate[] = [];
  while (!parser.args.isEmpty) keys.push(parseKey(parser));
  return (candidate) => keys.every((key) => key(candidate));
}

function parseKey(parser: Parser): Predicate {
  const { args, context } = parser;
  const inner = args.listIfAny();
  if (inner) {
    const nested = { args: inner, context, usesModseq: false };
    const fits = parseAll(nested);
    parser.usesModseq ||= nested.usesModseq;
    return fits;
  }
  const word = args.atom();
  const set = parseSequenceSet(word);
  if (set) return ({ seq }) => isInSet(set, seq, context.largestSeq);
  const name = word.toUpperCase();
  return (
    parseLogic(name, parser) ?? parseFlag(name, args) ?? parseFact(name, args) ?? parseText(name, args) ?? unknown()
  );
}

function unknown(): never {
  throw new ImapRefusal('BAD Unknown search key');
}

function parseLogic(name: string, parser: Parser): Predicate | null {
  const { args, context } = parser;
  switch (name) {
    case 'ALL':
      return () => true;
    case 'NOT': {
      const key = parseKey(parser);
      return (candidate) => !key(candidate);
    }
    case 'OR': {
      const [one, other] = [parseKey(parser), parseKey(parser)];
      return (candidate) => one(candidate) || other(candidate);
    }
    case 'UID': {
      const set = args.sequenceSet();
      return ({ message }) => isInSet(set, message.uid, context.largestUid);
    }
    case 'MODSEQ': {
      if (!context.condstore) return null;
      parser.usesModseq = true;
      const least = args.number();
      return ({ message }) => message.modseq >= least;
    }
    default:
      return null;
  }
}

function parseFlag(name: string, args: ImapArguments): Predicate | null {
  if (name === 'NEW' || name === 'RECENT') return () => false;
  if (name === 'OLD') return () => true;
  const wanted = FLAG_KEYS[name] ?? (name === 'KEYWORD' ? args.atom() : undefined);
  if (wanted !== undefined) return ({ message }) => message.flags.has(wanted);
  if (!name.startsWith('UN')) return null;
  const unwanted = FLAG_KEYS[name.slice(2)] ?? (name === 'UNKEYWORD' ? args.atom() : undefined);
  return unwanted === undefined ? null : ({ message }) => !message.flags.has(unwanted);
}

/** Dates are whole days, in UTC. */
function parseFact(name: string, args: ImapArguments): Predicate | null {
  if (name === 'LARGER' || name === 'SMALLER') {
    const size = args.number();
    return ({ message }) => (name === 'LARGER' ? message.raw.length > size : message.raw.length < size);
  }
  const match = /^(SENT)?(BEFORE|ON|SINCE)$/.exec(name);
  if (!match) return null;
  const day = parseDateTime(args.text())?.getTime();
  if (day === undefined) throw new ImapRefusal('BAD Expected a date');
  return ({ message }) => {
    const time = match[1] ? Date.parse(header(message, 'date')) : message.internalDate.getTime();
    if (match[2] === 'BEFORE') return time < day;
    return match[2] === 'SINCE' ? time >= day : time >= day && time < day + DAY;
  };
}

function parseText(name: string, args: ImapArguments): Predicate | null {
  switch (name) {
    case 'FROM':
    case 'TO':
    case 'CC':
    case 'BCC':
    case 'SUBJECT': {
      const text = args.text();
      return ({ message }) => has(header(message, name.toLowerCase()), text);
    }
    case 'HEADER': {
      const [field, text] = [args.text().toLowerCase(), args.text()];
      return ({ message }) => {
        const value = fieldValue(headerFields(splitMessage(message.raw).header), field);
        return value !== null && has(decodeWords(value), text);
      };
    }
    case 'BODY': {
      const text = args.text();
      return ({ message }) => has(splitMessage(message.raw).body.toString('utf8'), text);
    }
    case 'TEXT': {
      const text = args.text();
      return ({ message }) => has(decodeWords(message.raw.toString('latin1')), text);
    }
    default:
      return null;
  }
}

function header(message: StoredMessage, name: string): string {
  return decodeWords(fieldValue(headerFields(splitMessage(message.raw).header), name) ?? '');
}

function has(value: string, text: string): boolean {
  return value.toLowerCase().includes(text.toLowerCase());
}
