/** Content-Type and Content-Disposition: a word and its parameters (RFC 2045 section 5.1, RFC 2183, RFC 2231). */
import { type ByteString, isAscii } from './byte-string.ts';
import { type Charsets, decodeLabelled } from './charsets.ts';
import { decodeText } from './encoded-words.ts';

export interface ContentField {
  /** As written, without white space around it; '' where there is none. */
  value: string;
  /** By lower-case name, decoded, not cleaned. */
  parameters: Map<string, string>;
}

/** A file name in pieces of 60 letters has some twenty. */
const MAX_PARAMETERS = 200;

const VALUE = /^[\s;]*([^\s;,"()=]+(?:\s{0,9}\/\s{0,9}[^\s;,"()=]+)?)(?![^\s;,"()=]|\s*=)/;
const NAME = /[^\s=;,"()]+/y;

/** What is known of one parameter: the plain value, and the pieces of RFC 2231 by their place. */
interface Pieces {
  plain: ByteString | null;
  pieces: Map<number, { bytes: ByteString; extended: boolean }>;
}

/** Reads a field value; what is malformed is passed over. Never throws; linear. */
export function readContentField(raw: ByteString, charsets: Charsets): ContentField {
  const match = VALUE.exec(raw);
  const all = new Map<string, Pieces>();
  const reader = new ParameterReader(raw, match?.[0].length ?? 0);
  for (let count = 0; count < MAX_PARAMETERS; count++) {
    const parameter = reader.next();
    if (!parameter) break;
    addParameter(all, parameter.name, parameter.value);
  }
  const parameters = new Map<string, string>();
  for (const [name, pieces] of all) parameters.set(name, decodeParameter(pieces, charsets));
  return { value: (match?.[1] ?? '').replace(/\s+/g, ''), parameters };
}

class ParameterReader {
  /** Set when a closing mark was looked for in vain; the opening ones that follow stand for themselves. */
  private noQuoteCloses = false;

  constructor(
    private readonly raw: ByteString,
    private index: number,
  ) {}

  next(): { name: string; value: ByteString } | null {
    while (this.index < this.raw.length) {
      NAME.lastIndex = this.index;
      const name = NAME.exec(this.raw)?.[0];
      if (name === undefined) {
        this.skipMark();
        continue;
      }
      this.index += name.length;
      this.skipSpace();
      if (this.raw[this.index] !== '=') continue;
      this.index++;
      this.skipSpace();
      return { name: name.toLowerCase(), value: this.raw[this.index] === '"' ? this.quoted() : this.bare(name) };
    }
    return null;
  }

  private skipMark(): void {
    const close = this.raw[this.index] === '(' ? this.raw.indexOf(')', this.index) : -1;
    this.index = close < 0 ? this.index + 1 : close + 1;
    // Looking for the end of each of many open comments would be quadratic; none of them ends.
    if (close < 0 && this.raw[this.index - 1] === '(') while (this.raw[this.index] === '(') this.index++;
  }

  private skipSpace(): void {
    while (/\s/.test(this.raw[this.index] ?? '')) this.index++;
  }

  /** A backslash before an ordinary letter stays: it is of a path, written by a mailer that does not escape. */
  private quoted(): ByteString {
    const start = this.index + 1;
    if (!this.noQuoteCloses)
      for (let index = start; index < this.raw.length; index++) {
        if (this.raw[index] === '\\') index++;
        else if (this.raw[index] === '"') {
          this.index = index + 1;
          return this.raw.slice(start, index).replace(/\\(["\\])/g, '$1');
        }
      }
    this.noQuoteCloses = true;
    this.index = start;
    return this.bare('filename');
  }

  /** Up to the semicolon: file names are written with spaces and without quotes. Other values have no spaces. */
  private bare(name: string): ByteString {
    const start = this.index;
    const semicolon = this.raw.indexOf(';', start);
    const end = semicolon < 0 ? this.raw.length : semicolon;
    const text = this.raw.slice(start, end);
    if (/^(?:file)?name/i.test(name)) {
      this.index = end;
      return text.trim();
    }
    const word = /^[^\s,()]*/.exec(text)?.[0] ?? '';
    this.index = start + word.length;
    return word;
  }
}

/** RFC 2231: `name*0`, `name*1*`: pieces of a value; a star at the end: percent-encoded, the first one with its charset. */
function addParameter(all: Map<string, Pieces>, name: string, value: ByteString): void {
  const match = /^([^*]+)(?:\*(\d{1,3}))?(\*)?$/.exec(name);
  const base = match?.[1];
  if (!match || base === undefined) return;
  const known = all.get(base) ?? { plain: null, pieces: new Map() };
  all.set(base, known);
  const extended = match[3] !== undefined;
  if (match[2] === undefined && !extended) known.plain ??= value;
  else {
    const place = Number(match[2] ?? 0);
    if (!known.pieces.has(place)) known.pieces.set(place, { bytes: value, extended });
  }
}

function decodeParameter({ plain, pieces }: Pieces, charsets: Charsets): string {
  if (pieces.size === 0) return decodeText(plain ?? '', charsets);
  let label = '';
  const ordered = [...pieces].sort(([a], [b]) => a - b);
  const bytes = ordered.map(([, piece], index) => {
    if (!piece.extended) return piece.bytes;
    const start = index === 0 ? /^([^']*)'[^']*'/.exec(piece.bytes) : null;
    label = start?.[1] ?? label;
    return decodePercent(piece.bytes.slice(start?.[0].length ?? 0));
  });
  const whole = bytes.join('');
  // Pieces that are not percent-encoded hold encoded words, against RFC 2231 and as some mailers write them.
  if (ordered.every(([, piece]) => !piece.extended) && isAscii(whole)) return decodeText(whole, charsets);
  return decodeLabelled(whole, label, charsets);
}

function decodePercent(text: ByteString): ByteString {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
