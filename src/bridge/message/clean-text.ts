/** Makes text of strangers safe to show: nothing invisible, nothing that moves or hides its neighbours, no more than fits. */

/** White space of every kind; U+2800 looks like a space and is none. */
const SPACES = /[\t-\r\x85\p{Z}\u2800]+/gu;

/**
 * What is not seen but acts: control characters, bidi controls, zero-width characters, tags, fillers (all "default
 * ignorable", Unicode chapter 5.21), interlinear annotation. Kept for now: joiners and variation selectors. Tabs and line
 * feeds are for the caller to judge.
 */
const INVISIBLE = /(?!\t|\n|\u200c|\u200d|\ufe0e|\ufe0f)[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/**
 * Joiners shape letters in these scripts, and make one emoji of several; anywhere else they hide in a text that then
 * looks like another.
 */
const JOINED =
  '\\p{scx=Arab}\\p{scx=Syrc}\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Guru}\\p{scx=Gujr}\\p{scx=Orya}\\p{scx=Taml}' +
  '\\p{scx=Telu}\\p{scx=Knda}\\p{scx=Mlym}\\p{scx=Sinh}\\p{scx=Khmr}\\p{scx=Mymr}\\p{scx=Mong}';
const STRAY_JOINER = new RegExp(
  `\\u200c(?<![${JOINED}]\\u200c(?=[${JOINED}]))` +
    `|\\u200d(?<!(?:[${JOINED}]\\u200d(?=[${JOINED}])|[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f]\\u200d(?=\\p{Extended_Pictographic})))`,
  'gu',
);
/** Variation selectors choose between text and emoji; after anything but a symbol, digit or key they do nothing. */
const STRAY_SELECTOR = /(?<![\p{Extended_Pictographic}\p{So}\p{Sm}\d#*])[\ufe0e\ufe0f]/gu;

/** Piled marks paint over the rows above and below, and make normalisation quadratic. No script needs so many. */
const PILED_MARKS = /(\p{M}{8})\p{M}+/gu;

/** A letter with its marks, an emoji sequence or a flag: near enough to a grapheme (UAX 29) and linear. */
const GRAPHEMES_64 = /^(?:\p{RI}{2}|.(?:\p{M}|\p{Emoji_Modifier}|\u200d.)*){0,64}/su;

const PLAIN = /^(?:[\x21-\x7e]+(?: [\x21-\x7e]+)*)?$/;

/** The longest name of the protocol's rows, in UTF-16 units. */
export const MAX_NAME = 300;
/** A list row has no room for more graphemes of a name. */
export const MAX_NAME_GRAPHEMES = 64;
/** The longest subject of the protocol's rows, in UTF-16 units: the longest line of RFC 5322 (998) and a little. */
export const MAX_SUBJECT = 1000;

/** One clean line in NFC of at most `max` UTF-16 units; what was cut ends with an ellipsis. */
export function cleanText(text: string, max: number): string {
  if (PLAIN.test(text)) return cut(text, max);
  const visible = withoutInvisible(text.replace(SPACES, ' ')).replace(/ {2,}/g, ' ').trim();
  // Twice the room, for what composing makes shorter.
  return cut(
    visible
      .slice(0, 2 * max)
      .normalize('NFC')
      .replace(/\p{Cs}/gu, ''),
    max,
  );
}

/** Takes away what is not seen but acts; tabs and line feeds stay. What is left can be normalised in linear time. */
export function withoutInvisible(text: string): string {
  return text
    .replace(INVISIBLE, '')
    .replace(STRAY_JOINER, '')
    .replace(STRAY_SELECTOR, '')
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(PILED_MARKS, '$1');
}

/** Cuts a cleaned name to what a row shows. */
export function cutName(name: string): string {
  if (name.length <= MAX_NAME_GRAPHEMES) return name;
  const short = GRAPHEMES_64.exec(name)?.[0] ?? '';
  return short.length === name.length ? name : `${cut(short, MAX_NAME - 1).trimEnd()}…`;
}

function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text
    .slice(0, max - 1)
    .replace(/\p{Cs}$/u, '')
    .trimEnd()}…`;
}
