/** Values as the server writes them (RFC 9051 section 9). */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A quoted string, or a literal where the bytes do not allow one; null becomes NIL. */
export function formatString(value: string | Buffer | null): Buffer {
  if (value === null) return Buffer.from('NIL');
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  const text = bytes.toString('latin1');
  // Long values come as literals from real servers as well, so clients meet both forms here.
  if (text.length > 500 || /[^\x20-\x7e]/.test(text)) return formatLiteral(bytes);
  return Buffer.from(`"${text.replace(/["\\]/g, '\\$&')}"`);
}

export function formatLiteral(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`{${bytes.length}}\r\n`), bytes]);
}

/** `(a b)`. */
export function formatList(items: readonly (string | Buffer)[]): Buffer {
  const parts: Buffer[] = [];
  for (const item of items) {
    parts.push(Buffer.from(parts.length ? ' ' : '('), typeof item === 'string' ? Buffer.from(item, 'latin1') : item);
  }
  return parts.length ? Buffer.concat([...parts, Buffer.from(')')]) : Buffer.from('()');
}

/** INTERNALDATE's form, in UTC: `" 1-Feb-2026 03:04:05 +0000"`. */
export function formatDateTime(date: Date): string {
  const day = String(date.getUTCDate()).padStart(2, ' ');
  const time = date.toISOString().slice(11, 19);
  return `"${day}-${MONTHS[date.getUTCMonth()]}-${date.getUTCFullYear()} ${time} +0000"`;
}

/** Reads `1-Feb-2026` and `1-Feb-2026 03:04:05 +0100`; null when it is neither. */
export function parseDateTime(text: string): Date | null {
  const match = /^ ?(\d{1,2})-([A-Za-z]{3})-(\d{4})(?: (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d))?$/.exec(text);
  if (!match) return null;
  const [, day = '', name = '', year, time = '00:00:00', hours = '+00', minutes = '00'] = match;
  const month = MONTHS.findIndex((known) => known.toUpperCase() === name.toUpperCase()) + 1;
  const date = new Date(`${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}T${time}${hours}:${minutes}`);
  return Number.isNaN(date.getTime()) ? null : date;
}
