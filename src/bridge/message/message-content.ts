/** What a reader sees of one message: its text, its page, its pictures and its files. */
import type { Attachment, InlineImage, MessageContent, TextLink } from '../../message-content.ts';
import type { Charset } from './charset-names.ts';
import { DEFAULT_FALLBACK } from './charsets.ts';
import { type ChosenParts, chooseParts, isHtml, isInlineImage, type Tree } from './choose-parts.ts';
import { cleanMultiline } from './clean-multiline.ts';
import { decodePart, MAX_TEXT } from './decode-text.ts';
import { unwrapFlowed } from './flowed-text.ts';
import { decodeEntities } from './html-entities.ts';
import { htmlToText } from './html-to-text.ts';
import { bytesOf, walkMime } from './mime-walk.ts';
import type { Part } from './part.ts';
import { isRiskyFile } from './risky-file.ts';
import { safeFileName } from './safe-file-name.ts';
import { MAX_LINKS } from './text-layout.ts';
import { decodedSize, estimateDecodedSize } from './transfer-decoding.ts';
import { findVerificationCode } from './verification-code.ts';

/** What the body of a message holds; its header is decoded elsewhere. */
export type BodyContent = Pick<
  MessageContent,
  'text' | 'links' | 'html' | 'inlineImages' | 'attachments' | 'cut' | 'code'
>;

export interface ContentOptions {
  /** Decoded; a code may stand in it. */
  subject?: string;
  /** The charset of bytes that are not UTF-8 in parts that name none; windows-1252 unless told. */
  fallback?: Charset;
}

/** What is known of a message: the tree, and the bytes of some parts. */
interface Source<P> {
  /** The encoded body, or its start; null when it was not fetched. */
  bytes: (part: P) => Uint8Array | null;
  size: (part: P) => number;
}

/** Reads a message of which a server has told the parts and sent some, by section. Never throws. */
export function readContent(
  root: Part,
  fetched: ReadonlyMap<string, Uint8Array>,
  options: ContentOptions = {},
): BodyContent {
  const source: Source<Part> = {
    bytes: (part) => fetched.get(part.section) ?? null,
    size: (part) => estimateDecodedSize(part.size, part.encoding),
  };
  return assemble(chooseParts(root), source, options);
}

/** Reads a whole message. Never throws; linear. */
export function readRawContent(raw: Uint8Array, options: ContentOptions = {}): BodyContent {
  const root = walkMime(raw, options.fallback);
  return assemble(
    chooseParts(root),
    { bytes: (part) => bytesOf(raw, part), size: (part) => decodedSize(bytesOf(raw, part), part.encoding) },
    options,
  );
}

function assemble<P extends Tree<P>>(
  chosen: ChosenParts<P>,
  source: Source<P>,
  { subject = '', fallback = DEFAULT_FALLBACK }: ContentOptions,
): BodyContent {
  const page = readPage(chosen.html, source, fallback);
  let body = readText(chosen.text, source, fallback);
  // Some mailers send an empty text beside the page.
  if (body.text.trim() === '' && page) body = readText(chosen.html, source, fallback);
  const wanted = page && contentIds(page.html);
  const isInline = (part: P): boolean => isInlineImage(part) && (!wanted || wanted.has(part.contentId ?? ''));
  return {
    ...body,
    text: body.cut ? `${body.text}\n…` : body.text,
    html: page?.html ?? null,
    inlineImages: chosen.files.filter(isInline).map((part) => describeImage(part, source.size(part))),
    attachments: chosen.files
      .filter((part) => !isInline(part))
      .map((part, index) => describeFile(part, source.size(part), index)),
    cut: body.cut || (page?.cut ?? false),
    code: findVerificationCode(subject, body.text),
  };
}

interface Body {
  text: string;
  links: TextLink[];
  cut: boolean;
}

function readText<P extends Part>(parts: readonly P[], source: Source<P>, fallback: Charset): Body {
  const body: Body = { text: '', links: [], cut: false };
  for (const part of parts) {
    const bytes = source.bytes(part);
    if (!bytes) continue;
    const { text, links, cut } = readPart(bytes, part, fallback);
    if (text.trim() === '') continue;
    if (body.text !== '') body.text += '\n\n';
    const start = body.text.length;
    body.text += text;
    body.cut ||= cut || body.text.length > MAX_TEXT;
    for (const link of links)
      if (body.links.length < MAX_LINKS && start + link.end <= MAX_TEXT)
        body.links.push({ ...link, start: start + link.start, end: start + link.end });
    if (body.text.length >= MAX_TEXT) break;
  }
  body.text = body.text.slice(0, MAX_TEXT).replace(/[\ud800-\udbff]$/, '');
  return body;
}

/** One text part as cleaned text. */
export function readPart(bytes: Uint8Array, part: Part, fallback: Charset = DEFAULT_FALLBACK): Body {
  const decoded = decodePart(bytes, part, fallback);
  if (isHtml(part)) {
    const { text, links, cut } = htmlToText(decoded.text);
    return { text, links, cut: cut || decoded.cut };
  }
  const text = part.flowed ? unwrapFlowed(decoded.text, part.delSp) : decoded.text;
  return { text: withoutEmptyEnds(cleanMultiline(text)), links: [], cut: decoded.cut };
}

/** Empty lines before and after a text; the indentation of its first line stays. */
function withoutEmptyEnds(text: string): string {
  let start = 0;
  while (text[start] === '\n') start++;
  let end = text.length;
  while (end > start && text[end - 1] === '\n') end--;
  return text.slice(start, end);
}

function readPage<P extends Part>(
  parts: readonly P[],
  source: Source<P>,
  fallback: Charset,
): { html: string; cut: boolean } | null {
  if (!parts.some((part) => isHtml(part) && source.bytes(part))) return null;
  const page = { html: '', cut: false };
  for (const part of parts) {
    const bytes = source.bytes(part);
    if (!bytes) continue;
    const { text, cut } = decodePart(bytes, part, fallback);
    page.html += isHtml(part) ? text : `<pre>${escapeHtml(text)}</pre>`;
    page.cut ||= cut || page.html.length > MAX_TEXT;
    if (page.html.length >= MAX_TEXT) break;
  }
  return { ...page, html: page.html.slice(0, MAX_TEXT) };
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Which pictures a page refers to. */
function contentIds(html: string): Set<string> {
  const ids = new Set<string>();
  for (const [, id = ''] of html.matchAll(/cid:([^\s"'<>()]{1,1000})/gi)) {
    const text = decodeEntities(id);
    ids.add(text);
    try {
      ids.add(decodeURIComponent(text));
    } catch {
      // A percent sign that encodes nothing is part of the id.
    }
  }
  return ids;
}

function describeImage(part: Part, size: number): InlineImage {
  return { contentId: part.contentId ?? '', part: part.section, type: `${part.type}/${part.subtype}`, size };
}

function describeFile(part: Part, size: number, index: number): Attachment {
  const type = `${part.type}/${part.subtype}`;
  const fileName = safeFileName(part.filename ?? `attachment ${index + 1}`, type);
  const risky = isRiskyFile(fileName, type) || isRiskyFile(part.filename ?? '', type);
  return { part: part.section, name: part.filename ?? fileName, fileName, type, size, risky };
}
