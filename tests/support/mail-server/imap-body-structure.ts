/** BODYSTRUCTURE (RFC 9051 section 7.5.2): the tree of MIME parts, with its extension data. */
import { formatEnvelope } from './imap-envelope.ts';
import { formatList, formatString } from './imap-format.ts';
import { fieldValue } from './message-header.ts';
import { type MimePart, parseParameterized } from './mime-part.ts';

/** @param extended false for BODY without a section, which knows no extension data */
export function formatBodyStructure(part: MimePart, extended = true): Buffer {
  if (part.parts.length) {
    const items = part.parts.map((child) => formatBodyStructure(child, extended));
    const tail = [formatString(part.subtype)];
    if (extended)
      tail.push(formatParameters(part.parameters), formatDisposition(part), Buffer.from('NIL'), Buffer.from('NIL'));
    return Buffer.concat([
      Buffer.from('('),
      ...items,
      ...tail.flatMap((item) => [Buffer.from(' '), item]),
      Buffer.from(')'),
    ]);
  }
  // A multipart without parts cannot be written as one: the grammar wants at least one body in it.
  const isMultipart = part.type === 'multipart';
  const items = [
    formatString(isMultipart ? 'application' : part.type),
    formatString(isMultipart ? 'octet-stream' : part.subtype),
    formatParameters(part.parameters),
    field(part, 'content-id'),
    field(part, 'content-description'),
    formatString(fieldValue(part.fields, 'content-transfer-encoding') ?? '7bit'),
    String(part.body.length),
  ];
  if (part.message) {
    items.push(formatEnvelope(part.message.fields), formatBodyStructure(part.message, extended), countLines(part.body));
  } else if (part.type === 'text') {
    items.push(countLines(part.body));
  }
  if (extended) items.push(field(part, 'content-md5'), formatDisposition(part), 'NIL', 'NIL');
  return formatList(items);
}

function field(part: MimePart, name: string): Buffer {
  const value = fieldValue(part.fields, name);
  return formatString(value === null ? null : Buffer.from(value, 'latin1'));
}

function formatParameters(parameters: ReadonlyMap<string, string>): Buffer {
  if (!parameters.size) return Buffer.from('NIL');
  return formatList([...parameters].flat().map((text) => formatString(Buffer.from(text, 'latin1'))));
}

function formatDisposition(part: MimePart): Buffer {
  const value = fieldValue(part.fields, 'content-disposition');
  if (value === null) return Buffer.from('NIL');
  const disposition = parseParameterized(value);
  return formatList([formatString(disposition.value), formatParameters(disposition.parameters)]);
}

function countLines(body: Buffer): string {
  let lines = 0;
  for (let at = body.indexOf(0x0a); at >= 0; at = body.indexOf(0x0a, at + 1)) lines += 1;
  return String(lines);
}
