/** The raw header of a message cut into its fields (RFC 5322 section 2.2). */
import { type ByteString, toByteString } from './byte-string.ts';

/** The most bytes that are looked at: what the bridge accepts of a server as one header. */
export const MAX_HEADER_BYTES = 256 * 1024;
/** Real messages carry some 30 to 150 fields, mostly traces; what stands after a thousand is not read. */
export const MAX_FIELDS = 1000;
/** Bytes of one field's value: room for 1,000 recipients. */
export const MAX_FIELD_BYTES = 64 * 1024;

export interface HeaderField {
  /** Lower case. */
  name: string;
  /** Unfolded: line ends are gone, the white space around them stays (RFC 5322 section 2.2.3). */
  value: ByteString;
}

/** ftext without the white space that obsolete syntax allows before the colon (RFC 5322 sections 3.6.8 and 4.5). */
const FIELD_START = /^([\x21-\x39\x3b-\x7e]{1,100})[ \t]{0,100}:/;

/**
 * The fields in their order, up to the first empty line. Lines end with CRLF or LF; a lone CR is no line end, so it
 * cannot start a field. A line that is no field (mbox's "From " line, rubbish) is skipped with its continuation lines.
 */
export function readHeaderBlock(raw: Uint8Array): HeaderField[] {
  const text = toByteString(raw.subarray(0, MAX_HEADER_BYTES));
  const fields: HeaderField[] = [];
  let field: HeaderField | null = null;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const next = newline < 0 ? text.length : newline + 1;
    const line = text.slice(start, lineEnd(text, start, newline));
    start = next;
    if (line === '') break;
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (field && field.value.length < MAX_FIELD_BYTES) field.value += line;
      continue;
    }
    if (fields.length === MAX_FIELDS) break;
    field = readField(line);
    if (field) fields.push(field);
  }
  for (const each of fields) each.value = each.value.slice(0, MAX_FIELD_BYTES);
  return fields;
}

function lineEnd(text: ByteString, start: number, newline: number): number {
  if (newline < 0) return text.length;
  return newline > start && text[newline - 1] === '\r' ? newline - 1 : newline;
}

function readField(line: ByteString): HeaderField | null {
  const match = FIELD_START.exec(line);
  return match?.[1] ? { name: match[1].toLowerCase(), value: line.slice(match[0].length) } : null;
}
