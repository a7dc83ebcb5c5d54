/** Text of several lines, made safe to show like a single line is, with its lines and its indentation kept. */
import { withoutInvisible } from './clean-text.ts';

/** What starts a new line, besides a line feed; U+0085 is NEL. */
const LINE_ENDS = /\r\n?|[\v\f\x85\u2028\u2029]/g;
/** Spaces that are none of ASCII; U+2800 looks like one. A run of them is a row of columns or an indentation. */
const ODD_SPACES = /(?! )[\p{Zs}\u2800]/gu;
/** A letter for which anything has to be done. */
const ODD = /[^\t\n\x20-\x7e]/;
/** More empty lines than these say nothing and push what follows out of sight. */
const EMPTY_LINES = /\n{4,}/g;

/** Cleaned text in NFC; lines end with a line feed and no space. Never throws; linear. */
export function cleanMultiline(text: string): string {
  const clean = ODD.test(text) ? cleanOdd(text) : text;
  return withoutTrailingSpace(clean).replace(EMPTY_LINES, '\n\n\n');
}

function cleanOdd(text: string): string {
  return withoutInvisible(text.replace(LINE_ENDS, '\n').replace(ODD_SPACES, ' ')).normalize('NFC');
}

/** A regular expression would try each space of a long run anew. */
function withoutTrailingSpace(text: string): string {
  if (!text.includes(' \n') && !text.includes('\t\n')) return trimEnd(text);
  return text.split('\n').map(trimEnd).join('\n');
}

/** `trimEnd` of the language takes line ends too. */
function trimEnd(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--;
  return line.slice(0, end);
}
