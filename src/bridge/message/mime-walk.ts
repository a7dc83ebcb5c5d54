/** The parts of a whole message, found in its bytes (RFC 2046 section 5.1.1). */
import type { ByteString } from './byte-string.ts';
import { findCharset } from './charset-names.ts';
import { type Charsets, DEFAULT_FALLBACK } from './charsets.ts';
import { type ContentField, readContentField } from './content-field.ts';
import { type HeaderField, readHeaderBlock } from './header-block.ts';
import { isMessage, MAX_DEPTH, MAX_PARTS, makePart, numberOf, type Part, sectionOf } from './part.ts';

/** RFC 2046 allows a boundary of 70 characters; mailers go further. */
const MAX_BOUNDARY = 250;
/** The longest line of RFC 5322 section 2.1.1: room for the boundary and its padding. */
const MAX_DELIMITER_LINE = 1000;

const LF = 10;
const CR = 13;
const DASH = 45;

export interface RawPart extends Part {
  children: RawPart[];
  /** Where the body is, from `start` up to and without `end`. */
  start: number;
  end: number;
}

/** The line that ends a part; at the end of the message it belongs to none. */
interface Delimiter {
  /** Which of the open boundaries it is, counted from the outermost; -1 at the end of the message. */
  owner: number;
  /** It is the last one of its multipart. */
  closes: boolean;
  /** Where the line break before it starts, which is part of it. */
  before: number;
  start: number;
  next: number;
}

/** Finds the parts. Bytes are looked at a bounded number of times whatever they say. Never throws. */
export function walkMime(raw: Uint8Array, fallback = DEFAULT_FALLBACK): RawPart {
  return new Walker(raw, fallback).root();
}

/** The bytes of a part's body, still encoded. */
export function bytesOf(raw: Uint8Array, part: RawPart): Uint8Array {
  return raw.subarray(part.start, part.end);
}

class Walker {
  private readonly bytes: Buffer;
  /** The open boundaries, each with the number of its multipart, counted from the outermost. */
  private readonly open = new Map<ByteString, number>();
  private openCount = 0;
  private count = 0;

  constructor(
    raw: Uint8Array,
    private readonly fallback: Charsets['fallback'],
  ) {
    this.bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  }

  root(): RawPart {
    return this.part(0, '', 0, 'text/plain', true).part;
  }

  /** Reads one part with its header; `number` is what its section is made of. */
  private part(
    start: number,
    number: string,
    depth: number,
    defaultType: string,
    isMessageRoot: boolean,
  ): { part: RawPart; after: Delimiter } {
    this.count++;
    const bodyStart = this.headerEnd(start, isMessageRoot);
    const part = this.describe(readHeaderBlock(this.bytes.subarray(start, bodyStart)), defaultType);
    const boundary = part.type === 'multipart' ? part.boundary : '';
    part.section = isMessageRoot ? sectionOf(number, part.type === 'multipart') : number;
    part.start = bodyStart;
    const opens = depth < MAX_DEPTH;
    let after: Delimiter | null = null;
    if (opens && boundary !== '') after = this.multipart(part, boundary, depth);
    else if (opens && isMessage(part) && this.holdsMessage(part) && this.count < MAX_PARTS) {
      const inner = this.part(bodyStart, numberOf(part), depth + 1, 'text/plain', true);
      part.children.push(inner.part);
      after = inner.after;
    }
    after ??= this.nextDelimiter(bodyStart);
    part.end = Math.max(bodyStart, after.before);
    part.size = part.end - bodyStart;
    // A multipart without parts is read as the text that it was before somebody mislabelled it.
    if (part.type === 'multipart' && part.children.length === 0 && opens && this.count < MAX_PARTS) {
      part.type = 'text';
      part.subtype = 'plain';
      if (isMessageRoot) part.section = sectionOf(number, false);
    }
    const { boundary: _, ...rest } = part;
    return { part: rest, after };
  }

  private multipart(part: RawPart, boundary: ByteString, depth: number): Delimiter {
    const mine = this.openCount++;
    // A boundary used twice belongs to the multipart that was opened last.
    const outer = this.open.get(boundary);
    this.open.set(boundary, mine);
    const childType = part.subtype === 'digest' ? 'message/rfc822' : 'text/plain';
    const number = numberOf(part);
    let delimiter = this.nextDelimiter(part.start);
    while (delimiter.owner === mine && !delimiter.closes) {
      // The message ends here, or it has had enough parts: what follows is not looked at any more.
      const isEmpty = delimiter.next >= this.bytes.length;
      if (isEmpty || this.count >= MAX_PARTS) delimiter = this.endOfMessage();
      else {
        const childNumber = `${number === '' ? '' : `${number}.`}${part.children.length + 1}`;
        const child = this.part(delimiter.next, childNumber, depth + 1, childType, false);
        part.children.push(child.part);
        delimiter = child.after;
      }
    }
    this.openCount--;
    if (outer === undefined) this.open.delete(boundary);
    else this.open.set(boundary, outer);
    return delimiter.owner === mine ? this.nextDelimiter(delimiter.next) : delimiter;
  }

  private describe(fields: readonly HeaderField[], defaultType: string): RawPart & { boundary: ByteString } {
    const first = (name: string): ByteString => fields.find((field) => field.name === name)?.value ?? '';
    const charsets: Charsets = { message: null, fallback: this.fallback };
    const read = (name: string): ContentField => readContentField(first(name), charsets);
    const type = read('content-type');
    charsets.message = findCharset(type.parameters.get('charset') ?? '');
    const disposition = read('content-disposition');
    const part = makePart('', {
      contentType: type.value || (type.parameters.size > 0 ? '' : defaultType),
      typeParameters: type.parameters,
      disposition: disposition.value,
      dispositionParameters: disposition.parameters,
      encoding: first('content-transfer-encoding'),
      contentId: first('content-id').slice(0, 2000),
      size: 0,
    });
    // A trailing space cannot be told from padding (RFC 2046 section 5.1.1).
    const boundary = (type.parameters.get('boundary') ?? '').trimEnd();
    return { ...part, children: [], start: 0, end: 0, boundary: boundary.length > MAX_BOUNDARY ? '' : boundary };
  }

  /** Where the body starts: after the first empty line, or at a delimiter or a line that no header has. */
  private headerEnd(start: number, isMessageRoot: boolean): number {
    let line = start;
    while (line < this.bytes.length) {
      const newline = this.bytes.indexOf(LF, line);
      const next = newline < 0 ? this.bytes.length : newline + 1;
      const length = next - line;
      const byte = this.bytes[line];
      if (byte === LF || (byte === CR && length === 2)) return next;
      // A delimiter where the empty line is missing; it may be that of the part whose header this is.
      if (byte === DASH && this.bytes[line + 1] === DASH) return line;
      if (line === start && !isMessageRoot && !this.isField(line, next)) return line;
      line = next;
    }
    return this.bytes.length;
  }

  /** RFC 2046 section 5.2.1 allows no other encoding; and not all that is called a message is one. */
  private holdsMessage(part: RawPart): boolean {
    if (part.encoding !== 'binary') return false;
    const start = part.start;
    return this.isField(start, this.bytes.length) || /^>?From /.test(this.bytes.toString('latin1', start, start + 6));
  }

  private isField(start: number, end: number): boolean {
    return /^[!-9;-~]{1,100}[ \t]*:/.test(this.bytes.toString('latin1', start, Math.min(end, start + 200)));
  }

  /** The next delimiter of any open multipart from the start of a line on. */
  private nextDelimiter(line: number): Delimiter {
    if (this.openCount === 0) return this.endOfMessage();
    for (let start = line; start >= 0 && start < this.bytes.length; ) {
      const found = this.delimiterAt(start);
      if (found) return found;
      const newline = this.bytes.indexOf('\n--', start, 'latin1');
      start = newline < 0 ? -1 : newline + 1;
    }
    return this.endOfMessage();
  }

  private delimiterAt(start: number): Delimiter | null {
    if (this.bytes[start] !== DASH || this.bytes[start + 1] !== DASH) return null;
    const newline = this.bytes.indexOf(LF, start);
    const next = newline < 0 ? this.bytes.length : newline + 1;
    if (next - start > MAX_DELIMITER_LINE) return null;
    const text = this.bytes.toString('latin1', start + 2, next).trimEnd();
    const opens = this.open.get(text);
    const owner = opens ?? (text.endsWith('--') ? this.open.get(text.slice(0, -2)) : undefined);
    if (owner === undefined) return null;
    return { owner, closes: opens === undefined, before: this.lineBreakBefore(start), start, next };
  }

  private lineBreakBefore(start: number): number {
    if (start === 0 || this.bytes[start - 1] !== LF) return start;
    return start > 1 && this.bytes[start - 2] === CR ? start - 2 : start - 1;
  }

  private endOfMessage(): Delimiter {
    const end = this.bytes.length;
    return { owner: -1, closes: true, before: end, start: end, next: end };
  }
}
