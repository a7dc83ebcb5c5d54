/** The Date field (RFC 5322 sections 3.3 and 4.3), the forms of older and careless mailers, and ISO 8601. */
import type { ByteString } from './byte-string.ts';

/** A date with a comment has some 50 characters; longer ones are no dates. */
const MAX_LENGTH = 200;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const TIME = '(\\d{1,2})[:.](\\d{1,2})(?:[:.](\\d{1,2})(?:[.,]\\d{1,9})?)?';
/** `GMT+0200` and `(CEST)` count by their digits; a POSIX name, `EST5EDT`, by its first letters. */
const ZONE = '(?: ?(?:utc|gmt|ut)?([+-]\\d{1,2}:?\\d{2})| ?([a-z]+)\\S*)?';

/** `[Tue,] 1 Jul 2003 10:52:37 +0200`, also `1-Jul-03`. The day's name is not believed. */
const MAIL_DATE = new RegExp(
  `^(?:[a-z]{2,9}\\.?,? ?)?(\\d{1,2})[ -]?${MONTH}[ -]?(\\d{4}|\\d{2,3}),? ${TIME}${ZONE}`,
  'i',
);
/** C's asctime, `Tue Jul  1 10:52:37 2003`, with or without a zone before or after the year. */
const C_DATE = new RegExp(`^[a-z]{2,9}\\.?,? ${MONTH} (\\d{1,2}),? ${TIME}(?: ([a-z]+))? (\\d{4})${ZONE}`, 'i');
const ISO_DATE = new RegExp(`^(\\d{4})-(\\d{2})-(\\d{2})[t ]${TIME}(?: ?(z|[+-]\\d{2}:?\\d{2}))?`, 'i');

/** Minutes east of Greenwich. RFC 5322 section 4.3, and the ones in Europe and Asia that mean one zone only. */
const ZONES: Record<string, number> = {
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
  wet: 0,
  west: 60,
  cet: 60,
  met: 60,
  cest: 120,
  mest: 120,
  eet: 120,
  eest: 180,
  msk: 180,
  kst: 540,
  jst: 540,
};

/** No place on Earth is further from Greenwich; a zone beyond is a mistake, and so is the date. */
const MAX_OFFSET = 14 * 60;
/** Mail is younger. */
const MIN_YEAR = 1900;

/** Milliseconds since 1970; null for what is no date. Without a zone, or with an unknown one, it is taken as UTC. */
export function readDate(value: ByteString): number | null {
  if (value.length > MAX_LENGTH) return null;
  const text = withoutComments(value);
  if (text === null) return null;
  const mail = MAIL_DATE.exec(text);
  if (mail) return time(readYear(mail[3]), readMonth(mail[2]), mail[1], mail.slice(4, 7), mail[7] ?? mail[8]);
  const c = C_DATE.exec(text);
  if (c) return time(Number(c[7]), readMonth(c[1]), c[2], c.slice(3, 6), c[8] ?? c[9] ?? c[6]);
  const iso = ISO_DATE.exec(text);
  if (iso) return time(Number(iso[1]), Number(iso[2]) - 1, iso[3], iso.slice(4, 7), iso[7]);
  return null;
}

type Part = string | undefined;

function time(year: number, month: number, dayPart: Part, clock: Part[], zone: Part): number | null {
  const day = Number(dayPart);
  const [hour = 0, minute = 0, second = 0] = clock.map((part) => Number(part ?? 0));
  const offset = readZone(zone);
  // 60 is a leap second (RFC 5322 section 3.3).
  if (year < MIN_YEAR || hour > 23 || minute > 59 || second > 60 || offset === null) return null;
  const midnight = new Date(Date.UTC(year, month, day));
  // A day that the month does not have falls into another month.
  if (midnight.getUTCMonth() !== month) return null;
  return midnight.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000;
}

function readMonth(name: Part): number {
  return MONTHS.indexOf((name ?? '').slice(0, 3).toLowerCase());
}

/** RFC 5322 section 4.3: two digits are 1950 to 2049, three count from 1900. */
function readYear(digits: Part): number {
  const year = Number(digits);
  if (digits?.length === 4) return year;
  return digits?.length === 2 && year < 50 ? 2000 + year : 1900 + year;
}

/** Minutes east of Greenwich; null for an impossible number and for a clock of twelve hours, which no mailer should use. */
function readZone(zone: Part): number | null {
  if (/^[ap]m$/i.test(zone ?? '')) return null;
  const numeric = /^([+-])(\d{1,2}):?(\d{2})$/.exec(zone ?? '');
  if (!numeric) return ZONES[(zone ?? '').toLowerCase()] ?? 0;
  const offset = Number(numeric[2]) * 60 + Number(numeric[3]);
  if (Number(numeric[3]) > 59 || offset > MAX_OFFSET) return null;
  return numeric[1] === '-' ? -offset : offset;
}

/** Comments and runs of white space become single spaces; null when a comment does not end. */
function withoutComments(value: ByteString): string | null {
  let text = '';
  let depth = 0;
  for (let index = 0; index < value.length; index++) {
    const char = value[index] ?? '';
    if (char === '(') depth++;
    else if (char === ')' && depth > 0) {
      depth--;
      text += ' ';
    } else if (char === '\\' && depth > 0) index++;
    else if (depth === 0) text += char;
  }
  return depth > 0 ? null : text.replace(/\s+/g, ' ').trim();
}
