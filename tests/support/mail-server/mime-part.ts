/** A message as a tree of MIME parts (RFC 2045, 2046), every part a slice of the message's own bytes. */
import { fieldValue, type HeaderField, headerFields, splitMessage } from './message-header.ts';

export interface MimePart {
  fields: HeaderField[];
  /** With the empty line that ends it. */
  header: Buffer;
  body: Buffer;
  /** In lower case; `text` and `plain` where nothing is said. */
  type: string;
  subtype: string;
  parameters: Map<string, string>;
  /** The parts of a multipart; empty for any other. */
  parts: MimePart[];
  /** What a message/rfc822 part holds. */
  message: MimePart | null;
}

/** Deeper parts are left unread: the walk recurses, and mail is what strangers send. */
const DEEPEST_PART = 30;

export function parseMime(raw: Buffer, defaultType = 'text/plain', depth = 0): MimePart {
  const { header, body } = splitMessage(raw);
  const fields = headerFields(header);
  const given = parseParameterized(fieldValue(fields, 'content-type') ?? '');
  const { value, parameters } = /^[^\s/]+\/[^\s/]+$/.test(given.value)
    ? given
    : { value: defaultType, parameters: new Map<string, string>() };
  const [type = 'text', subtype = 'plain'] = value.split('/');
  const part: MimePart = { fields, header, body, type, subtype, parameters, parts: [], message: null };
  if (depth >= DEEPEST_PART) return part;
  const boundary = parameters.get('boundary');
  if (type === 'multipart' && boundary !== undefined) {
    const childType = subtype === 'digest' ? 'message/rfc822' : 'text/plain';
    part.parts = splitParts(body, boundary).map((bytes) => parseMime(bytes, childType, depth + 1));
  }
  if (value === 'message/rfc822') part.message = parseMime(body, 'text/plain', depth + 1);
  return part;
}

/** `text/plain; charset="utf-8"`: the value in lower case, the parameters by lower-case name. */
export function parseParameterized(text: string): { value: string; parameters: Map<string, string> } {
  const [value = '', ...rest] = text.match(/(?:[^;"]|"(?:[^"\\]|\\.)*"|")+/g) ?? [];
  const parameters = new Map<string, string>();
  for (const piece of rest) {
    const equals = piece.indexOf('=');
    if (equals < 0) continue;
    const raw = piece.slice(equals + 1).trim();
    const unquoted = raw.startsWith('"') ? raw.slice(1, raw.lastIndexOf('"')).replace(/\\(.)/g, '$1') : raw;
    parameters.set(piece.slice(0, equals).trim().toLowerCase(), unquoted);
  }
  return { value: value.trim().toLowerCase(), parameters };
}

/** RFC 2046 section 5.1.1: the CRLF before a boundary belongs to the boundary. */
function splitParts(body: Buffer, boundary: string): Buffer[] {
  const text = body.toString('latin1');
  const delimiter = `--${boundary}`;
  const parts: Buffer[] = [];
  let start = -1;
  for (let at = text.indexOf(delimiter); at >= 0; at = text.indexOf(delimiter, at + 1)) {
    if (at > 0 && text[at - 1] !== '\n') continue;
    const after = /^(--)?[ \t]*(\r?\n|$)/.exec(text.slice(at + delimiter.length, at + delimiter.length + 100));
    if (!after) continue;
    const end = at >= 2 && text[at - 2] === '\r' ? at - 2 : Math.max(at - 1, 0);
    if (start >= 0) parts.push(body.subarray(start, Math.max(start, end)));
    if (after[1]) return parts;
    start = at + delimiter.length + after[0].length;
  }
  if (start >= 0) parts.push(body.subarray(start));
  return parts;
}
