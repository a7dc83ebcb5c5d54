/** `BODY[section]` (RFC 9051 section 6.4.5.1): which bytes of a message a section names. */
import { ImapRefusal } from './imap-refusal.ts';
import { headerFields, splitMessage } from './message-header.ts';
import { type MimePart, parseMime } from './mime-part.ts';

/**
 * @param section what stands between the brackets, as in `HEADER.FIELDS (From Subject)` or `1.2.MIME`
 * @returns null for a part that is not there
 * @throws {ImapRefusal} BAD for what is no section
 */
export function sectionBytes(raw: Buffer, section: string): Buffer | null {
  const match =
    /^((?:[1-9]\d{0,8})(?:\.[1-9]\d{0,8})*)?\.?(HEADER\.FIELDS(?:\.NOT)?|HEADER|TEXT|MIME)?(?: \((.*)\))?$/i.exec(
      section,
    );
  if (!match) throw new ImapRefusal('BAD Unknown section');
  const [, path, specifier = '', names = ''] = match;
  if (path === undefined) return ofMessage(raw, specifier.toUpperCase(), names);
  const part = findPart(parseMime(raw), path.split('.').map(Number));
  if (!part) return null;
  if (specifier === '') return part.body;
  if (specifier.toUpperCase() === 'MIME') return part.header;
  return part.message ? ofMessage(part.body, specifier.toUpperCase(), names) : null;
}

function ofMessage(raw: Buffer, specifier: string, names: string): Buffer {
  const { header, body } = splitMessage(raw);
  switch (specifier) {
    case '':
      return raw;
    case 'HEADER':
      return header;
    case 'TEXT':
      return body;
    case 'HEADER.FIELDS':
    case 'HEADER.FIELDS.NOT':
      return someFields(header, names, specifier === 'HEADER.FIELDS');
    default:
      throw new ImapRefusal('BAD Unknown section');
  }
}

function someFields(header: Buffer, names: string, wanted: boolean): Buffer {
  const named = new Set(names.toLowerCase().replaceAll('"', '').split(' ').filter(Boolean));
  const fields = headerFields(header).filter((field) => named.has(field.name) === wanted);
  return Buffer.concat([...fields.map((field) => field.bytes), Buffer.from('\r\n')]);
}

/** Part 1 of a message that is no multipart is its body (RFC 9051 section 6.4.5.1). */
function findPart(root: MimePart, path: readonly number[]): MimePart | null {
  let part = root;
  for (const [depth, number] of path.entries()) {
    const container = depth > 0 && part.message ? part.message : part;
    if (container.type === 'multipart' && container.parts.length) {
      const child = container.parts[number - 1];
      if (!child) return null;
      part = child;
    } else if (number === 1 && (depth === 0 || container !== part)) {
      part = container;
    } else {
      return null;
    }
  }
  return part;
}
