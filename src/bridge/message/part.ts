/** A node of a message's tree (RFC 2045, RFC 2046), the same whether a server described it or it was read from bytes. */
import { cleanText, MAX_NAME } from './clean-text.ts';

/** Real mail nests some five levels deep; what lies deeper is one part that is not opened. */
export const MAX_DEPTH = 50;
/** A digest has some hundred parts; what comes after a thousand is left out. */
export const MAX_PARTS = 1000;
/** The longest part of a type or a charset's name that is kept; RFC 6838 section 4.2 allows 127. */
const MAX_TOKEN = 127;
/** Content-IDs are compared and never shown. A longer one is dropped: cut, it would name another part. */
const MAX_CONTENT_ID = 1000;

/** How the bytes travel (RFC 2045 section 6); `binary`: as they are, which 7bit and 8bit are too. */
export type Encoding = 'base64' | 'quoted-printable' | 'binary';

export interface Part {
  /** What to ask an IMAP server for (RFC 9051 section 6.4.5): `1.2`; `TEXT` or `1.TEXT` for a multipart body. */
  section: string;
  /** Lower case, as are `subtype` and `disposition`. */
  type: string;
  subtype: string;
  /** As the message names it; null where it does not. */
  charset: string | null;
  encoding: Encoding;
  /** Bytes, encoded. */
  size: number;
  /** `inline`, `attachment` or another word; null where there is none. */
  disposition: string | null;
  /** Decoded and cleaned, at most 300 characters: safe to show, not safe to save under; null where there is none. */
  filename: string | null;
  /** Without its brackets. */
  contentId: string | null;
  /** Text whose lines are to be joined (RFC 3676); `delSp`: without the space at which they were broken. */
  flowed: boolean;
  delSp: boolean;
  /** The parts of a multipart; the one body of an enclosed message. */
  children: Part[];
}

/** What a header or a server says of a part, not yet checked. */
export interface Description {
  /** `type/subtype`. */
  contentType: string;
  typeParameters: ReadonlyMap<string, string>;
  disposition: string;
  dispositionParameters: ReadonlyMap<string, string>;
  encoding: string;
  contentId: string;
  size: number;
}

export function makePart(section: string, description: Description): Part {
  const { typeParameters, dispositionParameters, size } = description;
  const filename = dispositionParameters.get('filename') || typeParameters.get('name') || '';
  const [type, subtype] = readType(description.contentType, filename !== '');
  return {
    section,
    type,
    subtype,
    charset: token(typeParameters.get('charset') ?? '') || null,
    encoding: readEncoding(description.encoding),
    size: Number.isSafeInteger(size) && size > 0 ? size : 0,
    disposition: token(description.disposition) || null,
    filename: cleanText(filename.slice(0, 4 * MAX_NAME), MAX_NAME) || null,
    contentId: readContentId(description.contentId),
    flowed: token(typeParameters.get('format') ?? '') === 'flowed',
    delSp: token(typeParameters.get('delsp') ?? '') === 'yes',
    children: [],
  };
}

/** True for a message enclosed in another one (RFC 2046 section 5.2.1, RFC 6532 section 3.7). */
export function isMessage(part: Part): boolean {
  return part.type === 'message' && (part.subtype === 'rfc822' || part.subtype === 'global');
}

/**
 * The sections of what a part holds. The body of an enclosed message that is no multipart is its part 1; the root has
 * the empty number.
 */
export function sectionOf(number: string, isMultipart: boolean): string {
  if (isMultipart) return number === '' ? 'TEXT' : `${number}.TEXT`;
  return number === '' ? '1' : `${number}.1`;
}

/** The number by which the children of a part count on. */
export function numberOf(part: Part): string {
  return part.section.replace(/\.?TEXT$/, '');
}

/** RFC 2045 section 5.2: what cannot be read is plain text; a file of unknown kind is bytes. */
function readType(contentType: string, isFile: boolean): [type: string, subtype: string] {
  const slash = contentType.indexOf('/');
  const type = token(slash < 0 ? contentType : contentType.slice(0, slash));
  const subtype = token(slash < 0 ? '' : contentType.slice(slash + 1));
  if (type !== '' && subtype !== '') return [type, subtype];
  if (type === 'multipart') return [type, 'mixed'];
  if (type === 'html') return ['text', 'html'];
  return isFile && type !== 'text' ? ['application', 'octet-stream'] : ['text', 'plain'];
}

function readEncoding(text: string): Encoding {
  const name = token(text);
  if (name.startsWith('base64')) return 'base64';
  return name.startsWith('quoted') ? 'quoted-printable' : 'binary';
}

function readContentId(text: string): string | null {
  const id = text.replace(/[<>\s]+/g, '');
  return id === '' || id.length > MAX_CONTENT_ID ? null : id;
}

/** The letters a name of the protocol may have (RFC 2045 section 5.1), in lower case. */
function token(text: string): string {
  return (/[!#-'*+.0-9A-Z^-~-]+/i.exec(text.slice(0, MAX_TOKEN))?.[0] ?? '').toLowerCase();
}
