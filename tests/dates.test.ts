import { expect, test } from 'vitest';
import { listDate, momentOf } from '../src/dates.ts';

/** Thursday, 12 March 2026, 15:00 where the tests run. */
const now = new Date(2026, 2, 12, 15, 0).getTime();
const at = (...parts: [number, number, number, number?, number?]) => new Date(...parts).getTime();

test.each([
  ['today', at(2026, 2, 12, 9, 5), '09:05'],
  ['just after midnight', at(2026, 2, 12, 0, 0), '00:00'],
  ['late yesterday', at(2026, 2, 11, 23, 59), 'Wednesday'],
  ['six days back', at(2026, 2, 6, 1, 0), 'Friday'],
  ['seven days back has today’s weekday, so the date', at(2026, 2, 5, 23, 0), '5 Mar'],
  ['this year', at(2026, 0, 1), '1 Jan'],
  ['another year', at(2025, 11, 31), '31/12/2025'],
  ['tomorrow, by a clock that is wrong', at(2026, 2, 13, 1, 0), '13 Mar'],
])('in the list: %s', (_name, date, expected) => {
  expect(listDate(date, now, 'en-GB')).toBe(expected);
});

test('as of: the time alone on the same day', () => {
  expect(momentOf(at(2026, 2, 12, 9, 5), now, 'en-GB')).toBe('09:05');
  expect(momentOf(at(2026, 2, 11, 9, 5), now, 'en-GB')).toBe('11/03/2026, 09:05');
});

test('the reader’s language decides', () => {
  expect(listDate(at(2026, 2, 11), now, 'de')).toBe('Mittwoch');
});
