/** The part tree from what an IMAP server says of a message (BODYSTRUCTURE, RFC 9051 section 7.5.2). */
import * as v from 'valibot';
import { toByteString } from './byte-string.ts';
import { DEFAULT_FALLBACK } from './charsets.ts';
import { decodeText } from './encoded-words.ts';
import { MAX_DEPTH, MAX_PARTS, makePart, numberOf, type Part, sectionOf } from './part.ts';

const text = v.optional(v.fallback(v.string(), ''), '');
const parameters = v.optional(v.fallback(v.record(v.string(), v.unknown()), {}), {});

/** One node as imapflow gives it; its own numbering is not used, since it is wrong inside an enclosed message. */
const nodeSchema = v.object({
  type: text,
  parameters,
  id: text,
  encoding: text,
  size: v.optional(v.fallback(v.number(), 0), 0),
  disposition: text,
  dispositionParameters: parameters,
  childNodes: v.optional(v.fallback(v.array(v.unknown()), []), []),
});

type Node = v.InferOutput<typeof nodeSchema>;

/** Reads imapflow's `bodyStructure`; null when it is none. Never throws, however deep or wide it is. */
export function readBodyStructure(structure: unknown): Part | null {
  const count = { parts: 0 };
  return readNode(structure, '', 0, true, count);
}

function readNode(
  structure: unknown,
  number: string,
  depth: number,
  isMessageRoot: boolean,
  count: { parts: number },
): Part | null {
  const parsed = v.safeParse(nodeSchema, structure);
  if (!parsed.success || count.parts >= MAX_PARTS) return null;
  count.parts++;
  const node = parsed.output;
  const part = describe(node);
  const isMultipart = part.type === 'multipart';
  part.section = isMessageRoot ? sectionOf(number, isMultipart) : number;
  if (depth >= MAX_DEPTH) return part;
  const base = numberOf(part);
  for (const [index, child] of node.childNodes.entries()) {
    const childNumber = isMultipart ? `${base === '' ? '' : `${base}.`}${index + 1}` : base;
    const read = readNode(child, childNumber, depth + 1, !isMultipart, count);
    if (read) part.children.push(read);
    if (count.parts >= MAX_PARTS || !isMultipart) break;
  }
  return part;
}

function describe(node: Node): Part {
  return makePart('', {
    contentType: isEmptyMultipart(node) ? 'text/plain' : node.type,
    typeParameters: decodeAll(node.parameters),
    disposition: node.disposition,
    dispositionParameters: decodeAll(node.dispositionParameters),
    encoding: node.encoding,
    contentId: node.id,
    size: node.size,
  });
}

/** A multipart in which no boundary was found has a body all the same, and Courier gives its size: it is read as text. */
function isEmptyMultipart({ type, childNodes, size }: Node): boolean {
  return /^multipart\//i.test(type) && childNodes.length === 0 && size > 0;
}

/** Parameters come with RFC 2231 undone; an encoded word (against that RFC, and common) may be left in one. */
function decodeAll(record: Record<string, unknown>): Map<string, string> {
  const decoded = new Map<string, string>();
  for (const [name, value] of Object.entries(record)) {
    if (typeof value !== 'string') continue;
    const bytes = value.includes('=?') ? toByteString(new TextEncoder().encode(value)) : null;
    const charsets = { message: null, fallback: DEFAULT_FALLBACK };
    decoded.set(name.toLowerCase(), bytes === null ? value : decodeText(bytes, charsets));
  }
  return decoded;
}
