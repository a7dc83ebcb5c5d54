/** The first words of a message, for its row in a list. */
import type { Charset } from './charset-names.ts';
import { chooseParts } from './choose-parts.ts';
import { cleanText } from './clean-text.ts';
import { readPart } from './message-content.ts';
import type { Part } from './part.ts';

/** Of a snippet; in graphemes. */
export const MAX_SNIPPET = 200;
/** A grapheme of several emoji has some 20 units; more of a text is not looked at. */
const MAX_LOOKED_AT = 20 * MAX_SNIPPET;
/** What a row may weigh, whatever its graphemes are made of; UTF-16 units. */
const MAX_UNITS = 5 * MAX_SNIPPET;

/** Filler that a mailer turned from HTML to text left as it was written. */
const FILLER = /&(?:zwnj|zwj|nbsp|shy|#847|#8199|#65279|#173|#xfeff);?/gi;
/** A line that says nothing: rules, bullets, pictures without words. */
const HAS_WORDS = /[\p{L}\p{N}\p{Extended_Pictographic}\p{RI}]/u;
const PICTURE = /\[(?:image|cid): ?[^\]]{0,200}\]/gi;

/** "On … wrote:" and the like, on one line or the second of two; the word stands at its end or, in Japanese, alone. */
const WROTE =
  /(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev|kirjoitti|napisał(?:\(a\))?|napsal(?:\(a\))?|írta|a scris|yazdı|έγραψε|пишет|написал(?:а|\(а\))?|пише|כתב|كتب|写道|寫道|のメール|님이 작성)[^:：]{0,120}[:：]\s*$|^(?:Am|Op|Den|Dne)\s.{5,200}\s(?:schrieb|schreef|skrev|napsal)\b.{0,120}:$/iu;
const ORIGINAL =
  /^-{2,}\s?(?:Original Message|Ursprüngliche Nachricht|Message d'origine|Mensaje original|Messaggio originale|Mensagem original|Forwarded message|Weitergeleitete Nachricht|Oorspronkelijk bericht)/i;
/** How such a line starts when its end is on the next one. */
const ON = /^(?:On|Am|Le|El|Il|Em|Op|Den|Dne|W dniu|Pe|Am)\s.*\d/iu;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The part whose first bytes make the snippet; null for a message without text. */
export function snippetPart(root: Part): Part | null {
  return chooseParts(root).text[0] ?? null;
}

/** @param bytes the first bytes of the part, encoded as they are: 2 kB of plain text are enough */
export function snippetOf(bytes: Uint8Array, part: Part, fallback?: Charset): string {
  return makeSnippet(readPart(bytes, part, fallback).text);
}

/** One line of at most 200 graphemes: what is new in a text before what it quotes. Never throws. */
export function makeSnippet(text: string): string {
  const lines = text
    .slice(0, MAX_LOOKED_AT * 4)
    .replace(FILLER, ' ')
    .replace(PICTURE, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => HAS_WORDS.test(line));
  const own = withoutQuotes(lines);
  const shown = own.length > 0 ? own : lines.map((line) => line.replace(/^[> ]+/, ''));
  return cut(cleanText(shown.join(' ').slice(0, MAX_LOOKED_AT), MAX_LOOKED_AT));
}

function withoutQuotes(lines: readonly string[]): string[] {
  const kept: string[] = [];
  for (const line of lines) {
    if (ORIGINAL.test(line)) break;
    if (line.startsWith('>')) continue;
    if (line.length > 400 || !WROTE.test(line)) kept.push(line);
    else if (!ON.test(line) && ON.test(kept.at(-1) ?? '')) kept.pop();
  }
  return kept;
}

function cut(line: string): string {
  let units = 0;
  let count = 0;
  /** Where the line ends if it has to leave room for the ellipsis. */
  let end = 0;
  for (const { segment } of segmenter.segment(line)) {
    if (++count > MAX_SNIPPET || units + segment.length > MAX_UNITS) return `${line.slice(0, end).trimEnd()}…`;
    units += segment.length;
    if (count < MAX_SNIPPET) end = units;
  }
  return line;
}
