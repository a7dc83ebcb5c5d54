/** Which parts of a message are its text, which its page, and which are files (RFC 2046 section 5.1, RFC 2387). */
import { isMessage, type Part } from './part.ts';

/** A part whose children are of the same kind. */
export interface Tree<P> extends Part {
  children: (P & Part)[];
}

export interface ChosenParts<P> {
  /** What to read as text, in order: `text/plain` where the message offers it, else `text/html`. */
  text: P[];
  /** What to show as a page, in order; empty where the message has no HTML. */
  html: P[];
  /** Everything else that a user may want, in order: attachments, and pictures that the page may hold. */
  files: P[];
}

/** Text that is shown as it is. Other kinds (`text/csv`, `text/calendar`, `text/enriched`) are files. */
const READABLE = new Set(['plain', 'html', 'markdown', 'x-markdown']);

/** What a program checks and nobody opens. */
const SIGNATURES = new Set(['pgp-signature', 'pkcs7-signature', 'x-pkcs7-signature']);

interface Bodies<P> {
  text: P[];
  html: P[];
}

/** Sorts the parts of a message. Linear in their number. */
export function chooseParts<P extends Tree<P>>(root: P): ChosenParts<P> {
  const chooser = new Chooser<P>();
  let bodies = chooser.bodies(root, null);
  // A message that is nothing but an enclosed one: that one is read.
  while (bodies.text.length === 0 && chooser.enclosed) bodies = chooser.openEnclosed();
  const { text, html } = bodies;
  return { text, html: html.some(isHtml) ? html : [], files: chooser.files };
}

/** A picture that a page may refer to by its Content-ID (RFC 2392). */
export function isInlineImage(part: Part): boolean {
  return part.type === 'image' && part.contentId !== null && part.disposition !== 'attachment';
}

export function isHtml(part: Part): boolean {
  return part.type === 'text' && part.subtype === 'html';
}

class Chooser<P extends Tree<P>> {
  readonly files: P[] = [];
  /** The body of the first enclosed message. */
  enclosed: P | null = null;
  private found = false;

  bodies(part: P, parent: P | null): Bodies<P> {
    if (isMessage(part)) this.enclosed ??= part.children[0] ?? null;
    else if (part.children.length > 0) return this.multipart(part);
    else if (this.isBody(part)) {
      this.found = true;
      return { text: [part], html: [part] };
    }
    if (!isLeftOut(part, parent)) this.files.push(part);
    return { text: [], html: [] };
  }

  openEnclosed(): Bodies<P> {
    const { enclosed } = this;
    this.enclosed = null;
    return enclosed ? this.bodies(enclosed, null) : { text: [], html: [] };
  }

  private multipart(part: P): Bodies<P> {
    // Within alternatives each child is a first text for itself.
    const before = this.found;
    const isAlternative = part.subtype === 'alternative';
    const all = part.children.map((child) => {
      if (isAlternative) this.found = before;
      return this.bodies(child, part);
    });
    this.found = before || all.some(({ text }) => text.length > 0);
    return isAlternative ? best(all) : join(all);
  }

  /** A named text is a file, unless it is all there is to read. */
  private isBody(part: P): boolean {
    if (part.type !== 'text' || !READABLE.has(part.subtype) || part.disposition === 'attachment') return false;
    return part.filename === null || !this.found;
  }
}

function join<P>(all: readonly Bodies<P>[]): Bodies<P> {
  return { text: all.flatMap(({ text }) => text), html: all.flatMap(({ html }) => html) };
}

/** RFC 2046 section 5.1.4: the last one is the richest. */
function best<P extends Part>(all: readonly Bodies<P>[]): Bodies<P> {
  const some = all.filter(({ text }) => text.length > 0);
  const plain = some.find(({ text }) => text.some((part) => !isHtml(part) && part.size > 0));
  const rich = some.findLast(({ html }) => html.some(isHtml));
  const last = some.at(-1);
  return { text: (plain ?? rich ?? last)?.text ?? [], html: (rich ?? plain ?? last)?.html ?? [] };
}

/** Copies of the text in other forms, and signatures. An invitation among the alternatives is kept. */
function isLeftOut(part: Part, parent: Part | null): boolean {
  if (parent?.subtype === 'signed') return SIGNATURES.has(part.subtype);
  return parent?.subtype === 'alternative' && part.type === 'text' && part.subtype !== 'calendar' && !part.filename;
}
