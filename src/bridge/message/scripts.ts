/** Which writing systems a text mixes (after Unicode Technical Standard 39, section 5). */

/** Latin letters of living orthographies. Not the phonetic ones, which look like plain letters (`ɡ`, `ɑ`). */
const LATIN = 'a-z\\u00df-\\u00f6\\u00f8-\\u017f\\u01a0\\u01a1\\u01af\\u01b0\\u0218-\\u021b\\u0259\\u1ea0-\\u1ef9';

/** The scripts recommended for names (UAX 31, table 5), with the mixtures that East Asian writing is made of. */
const ONE_SCRIPT = [
  LATIN,
  `${LATIN}\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}`,
  `${LATIN}\\p{scx=Han}\\p{scx=Bopomofo}`,
  `${LATIN}\\p{scx=Han}\\p{scx=Hangul}`,
  ...[
    ['Arabic', 'Armenian', 'Bengali', 'Cyrillic', 'Devanagari', 'Ethiopic', 'Georgian', 'Greek', 'Gujarati'],
    ['Gurmukhi', 'Hebrew', 'Kannada', 'Khmer', 'Lao', 'Malayalam', 'Myanmar', 'Oriya', 'Sinhala', 'Tamil'],
    ['Telugu', 'Thaana', 'Thai', 'Tibetan'],
  ].flatMap((names) => names.map((name) => `\\p{scx=${name}}`)),
].map((letters) => new RegExp(`^[0-9-${letters}]+$`, 'u'));

/** Letters of Cyrillic, Greek and Armenian that pass for Latin ones (UTS 39, confusables). */
const LATIN_LOOKALIKES = /^[0-9-асԁеһіјӏорԛѕԝхуьпгѵαοικνρτυωχγηօսոհցզյ]+$/u;

/** Scripts that share letter shapes; others cannot be taken for each other. */
const LOOKALIKE_SCRIPTS = [
  /\p{sc=Latin}/u,
  /\p{sc=Cyrillic}/u,
  /\p{sc=Greek}/u,
  /\p{sc=Armenian}/u,
  /\p{sc=Cherokee}/u,
  /\p{sc=Coptic}/u,
  /\p{sc=Lisu}/u,
];

/** True when a lower-case domain label is written in one script (UTS 39: highly restrictive). */
export function isOneScript(label: string): boolean {
  return ONE_SCRIPT.some((script) => script.test(label));
}

/** True when every letter of a lower-case label passes for a Latin one (UTS 39 section 4, whole-script confusables). */
export function looksLatin(label: string): boolean {
  return LATIN_LOOKALIKES.test(label);
}

/** True when one word mixes scripts that share letter shapes. Words of different scripts side by side are no mixture. */
export function mixesLookalikes(text: string): boolean {
  const words = text.match(/[\p{L}\p{M}]+/gu) ?? [];
  return words.some((word) => LOOKALIKE_SCRIPTS.filter((script) => script.test(word)).length > 1);
}
