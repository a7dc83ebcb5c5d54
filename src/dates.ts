/** Moments as a reader wants them. All times are milliseconds since 1970; days are the computer's own. */

const DAY = 24 * 60 * 60 * 1000;
/** A weekday alone is unambiguous for this many days back; the seventh has today's name. */
const WEEKDAYS_BACK = 6;

// Making a formatter costs more than using it a hundred times; a list has a thousand dates.
const formatters = new Map<string, Intl.DateTimeFormat>();

/** For a list: the time today, the weekday in the last six days, then day and month, then with the year. */
export function listDate(date: number, now: number, language: string): string {
  const days = Math.round((startOfDay(now) - startOfDay(date)) / DAY);
  if (days === 0) return format(date, language, { timeStyle: 'short' });
  if (days > 0 && days <= WEEKDAYS_BACK) return format(date, language, { weekday: 'long' });
  if (new Date(date).getFullYear() === new Date(now).getFullYear())
    return format(date, language, { day: 'numeric', month: 'short' });
  return format(date, language, { dateStyle: 'short' });
}

/** For details: everything. */
export function fullDate(date: number, language: string): string {
  return format(date, language, { dateStyle: 'full', timeStyle: 'short' });
}

/** For "as of": the time today, else day and time. */
export function momentOf(date: number, now: number, language: string): string {
  if (startOfDay(date) === startOfDay(now)) return format(date, language, { timeStyle: 'short' });
  return format(date, language, { dateStyle: 'short', timeStyle: 'short' });
}

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

function format(time: number, language: string, options: Intl.DateTimeFormatOptions): string {
  const key = language + JSON.stringify(options);
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(language, options);
    formatters.set(key, formatter);
  }
  return formatter.format(time);
}
