/** Finds the one-time code of a message that is sent to sign in or to confirm something. */
import { CODE_WORDS, IS, MEETING, TRADE } from './verification-words.ts';

/** Such messages are short, and the code stands near their start. UTF-16 units. */
const MAX_TEXT = 8000;
const MAX_SUBJECT = 500;

/** Digits: 4 to 8, in one piece or in groups of the same length. Not part of a longer number, a word, a date or a price. */
const BEFORE =
  '(?<![\\p{sc=Latin}\\p{sc=Cyrillic}\\p{sc=Greek}\\p{N}.,/\\\\#@&=_%+$€£¥₹₩₽₺*•~^-]|\\d[ :-]|[$€£¥₹₩₽₺] |\\b(?:USD|EUR|GBP|CHF|Rs\\.?|INR|PLN|JPY|CNY|BRL|R\\$) )';
const AFTER =
  '(?![\\p{sc=Latin}\\p{sc=Cyrillic}\\p{sc=Greek}\\p{N}/@_%°*+#]|[.,:-]\\d| ?[%$€£¥₹₩₽₺]|[ -]\\d|' +
  ' ?(?:usd|eur|euros?|gbp|chf|kr|z[łl]|pln|k[čc]|ft|lei|tl|руб|грн|р\\.|usd|dollars?|points?|miles|km|kg|mb|gb|users?|people|days|hours|minutes)(?!\\p{L})|' +
  ' ?(?:年|月|日|元|円|圓|원|块|人|件|点|ポイント|時|时|秒|년|월|일|명|분|점))';
const DIGITS = new RegExp(
  `${BEFORE}(?:[A-Z]{1,3}-)?(\\d{3}[ -]\\d{3}|\\d{4}[ -]\\d{4}|\\d{2} \\d{2} \\d{2}|\\d(?: \\d){3,7}|\\d{4,8})${AFTER}`,
  'giu',
);
/** Letters and digits, all capitals; or two groups of such. */
const MIXED = new RegExp(`${BEFORE}([A-Z0-9]{3,5}-[A-Z0-9]{3,5}|[A-Z0-9]{5,10})${AFTER}`, 'gu');

const YEAR = /^(?:19|20)\d\d$/;
const DATE =
  /^(?:(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d)$/;
/** "123456 is your code", but not "98000 lines of code". */
const SAYS_THAT_IT_IS = /(?<!\p{L})(?:is|ist|est|es|é|è|är|er|jest|je|on|это|е)(?!\p{L})|[:：–—-]|は|是|为|為/iu;
const SENTENCE_END = /[.!?。！？]\s/;

interface Candidate {
  code: string;
  start: number;
  end: number;
  /** Digits alone; a mixture with letters needs better reasons. */
  isNumber: boolean;
  /** Nothing else is on its line. */
  isAlone: boolean;
}

interface Word {
  kind: 'strong' | 'weak' | 'other';
  start: number;
  end: number;
}

/** The code without spaces, or null. Never throws; looks at the first 8,000 letters. */
export function findVerificationCode(subject: string, text: string): string | null {
  const head = plain(subject.slice(0, MAX_SUBJECT));
  const all = `${head}\n\n${plain(text.slice(0, MAX_TEXT))}`;
  const words = findWords(all);
  if (!words.some(({ kind }) => kind !== 'other') || MEETING.test(all)) return null;
  const isAnnounced = words.some(({ kind, end }) => kind === 'strong' && end <= head.length);
  let best: { code: string; score: number } | null = null;
  for (const candidate of findCandidates(all)) {
    const score = rate(candidate, words, all, isAnnounced && candidate.start > head.length);
    if (score > (best?.score ?? 0)) best = { code: candidate.code, score };
  }
  return best?.code ?? null;
}

/** Without addresses, links and marks of emphasis, and with the digits of ASCII. */
function plain(text: string): string {
  return (
    text
      .replace(/[a-z]{2,10}:\/\/\S+|[^\s@]{1,64}@\S+|\bwww\.\S+/gi, ' … ')
      .replace(/[０-９٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
      // Of Devanagari and Bengali, whose digits start at U+0966 and U+09E6.
      .replace(/[०-९০-৯]/g, (digit) => String((digit.charCodeAt(0) & 0xf) - 6))
      .replace(/(?<![*_`])([*_`]{1,3})([^*_`\n]{1,60})\1(?![*_`])/g, ' $2 ')
      .replace(/[\u00a0\u202f\u2007]/g, ' ')
      .replace(/[\u2010\u2011]/g, '-')
  );
}

function findWords(text: string): Word[] {
  return [...text.matchAll(CODE_WORDS)].map((match) => {
    const kind =
      match.groups?.['strong'] !== undefined ? 'strong' : match.groups?.['weak'] !== undefined ? 'weak' : 'other';
    return { kind, start: match.index, end: match.index + match[0].length };
  });
}

function findCandidates(text: string): Candidate[] {
  const numbers = [...text.matchAll(DIGITS)].map((match) => toCandidate(text, match, true));
  const mixed = [...text.matchAll(MIXED)]
    .filter(([, code = '']) => /[A-Z]/.test(code) && !/^\d+-\d+$/.test(code))
    .map((match) => toCandidate(text, match, false));
  return [...numbers, ...mixed];
}

function toCandidate(text: string, match: RegExpExecArray, isNumber: boolean): Candidate {
  const [all, found = ''] = match;
  const start = match.index;
  const end = start + all.length;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const around = text.slice(lineStart, start) + text.slice(end, newline < 0 ? text.length : newline);
  const code = isNumber ? found.replace(/[ -]/g, '') : found;
  return { code, start, end, isNumber, isAlone: !/[\p{L}\p{N}]/u.test(around) };
}

/** How sure it is; 0 for a number that is no code. */
function rate(candidate: Candidate, words: readonly Word[], text: string, isAnnounced: boolean): number {
  const { code, start, end, isNumber, isAlone } = candidate;
  const nearest = words.findLast((word) => word.end <= start);
  if (nearest?.kind === 'other' && isLabel(text.slice(nearest.end, start))) return 0;
  if (!isNumber && (!/\d/.test(code) || TRADE.test(text.slice(Math.max(0, start - 300), end + 300)))) {
    if (!(isAlone && !TRADE.test(text) && /^[A-Z]{3,4}-[A-Z]{3,4}$|^[A-Z]{6,8}$/.test(code))) return 0;
  }
  let best = 0;
  for (const word of words) {
    if (word.kind === 'other') continue;
    const score =
      word.end <= start ? rateAfter(candidate, word, text) : word.start >= end ? rateBefore(candidate, word, text) : 0;
    best = Math.max(best, score);
  }
  if (best === 0 && isAnnounced && isAlone && start < 5000) best = 50;
  // What reads like a date or a year is one, unless it is said in so many words that it is not.
  if (isNumber && best < 85 && (YEAR.test(code) || DATE.test(code))) return 0;
  return best;
}

/** The number after the word: "your code is 123456". */
function rateAfter({ code, start, isNumber, isAlone }: Candidate, word: Word, text: string): number {
  const gap = text.slice(word.end, start);
  if (/\d{4}/.test(gap)) return 0;
  const isNear = gap.length <= 40 && !gap.includes('\n\n') && !SENTENCE_END.test(gap);
  if (word.kind === 'weak') {
    if (!isNumber) return 0;
    if (gap.length <= 20 && IS.test(gap)) return 60 - gap.length;
    return isAlone && gap.length <= 80 ? 30 : 0;
  }
  if (isNear) return 100 - gap.length;
  if (isAlone && gap.length <= 400) return 70 - gap.length / 20;
  if (!isNumber || gap.includes('\n\n')) return 0;
  return gap.length <= (code.length >= 5 ? 120 : 40) ? 40 - gap.length / 10 : 0;
}

/** The number before the word: "123456 is your code". */
function rateBefore({ end, isNumber }: Candidate, word: Word, text: string): number {
  const gap = text.slice(end, word.start);
  if (gap.length > 40 || SENTENCE_END.test(gap) || gap.includes('\n\n') || /\d/.test(gap)) return 0;
  if (word.kind === 'strong') return 84 - gap.length;
  return isNumber && gap.length <= 20 && SAYS_THAT_IT_IS.test(gap) ? 50 - gap.length : 0;
}

/** True when what stands between a word and a number makes the one the name of the other. */
function isLabel(gap: string): boolean {
  return gap.length <= 25 && !SENTENCE_END.test(gap) && !gap.includes('\n\n');
}
