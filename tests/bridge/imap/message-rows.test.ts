/** Rows of the list, made of what a server has told. */
import { expect, it } from 'vitest';
import { makeRows } from '../../../src/bridge/imap/message-rows.ts';

const NOW = Date.UTC(2026, 0, 10);
const HOUR = 3600_000;
const DAY = 24 * HOUR;

const row = (date: number) =>
  makeRows(
    { account: 'a', folder: 'INBOX' },
    7,
    [
      {
        uid: 1,
        date,
        size: 1,
        header: Buffer.from('Subject: Hello\r\n\r\n'),
        seen: false,
        flagged: false,
        answered: false,
        deleted: false,
        emailId: '',
        modseq: null,
      },
    ],
    NOW,
  )[0]?.date;

it.each([
  ['now', NOW, NOW],
  ['long ago', 0, 0],
  ['before 1970', -DAY, -DAY],
  ['in an hour, by a clock that is wrong', NOW + HOUR, NOW + HOUR],
  ['in a year: it does not stay on top for long', NOW + 365 * DAY, NOW + DAY],
  ['at the end of time', Date.UTC(9999, 11, 31), NOW + DAY],
])('a message that was received %s', (_, date, shown) => {
  expect(row(date)).toBe(shown);
});
