/** A believable mailbox for demonstrations and pictures, and more mail to arrive in it. Same random, same mail. */
import { type Attachment, type Composition, composeMessage } from './compose-message.ts';
import type { DemoLetter } from './demo-letter.ts';
import { ARRIVING_LETTERS, UNREAD_LETTERS } from './demo-new-letters.ts';
import { OLDER_LETTERS } from './demo-older-letters.ts';
import type { Folder } from './folder.ts';

export interface DemoMail {
  raw: Buffer;
  /** When the server received it. */
  date: Date;
  flags: string[];
}

export interface DemoOptions {
  /** Whose mailbox it is. */
  to: { name: string; address: string };
  /** As Math.random. */
  random: () => number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The older letters reach back so far, the unread ones so far. */
const OLDER_SPAN = 40 * DAY;
const UNREAD_SPAN = 2 * DAY;

/**
 * About sixty messages, oldest first.
 * @param now milliseconds since 1970; all dates lie before it
 */
export function demoMailbox(options: DemoOptions & { now: number }): DemoMail[] {
  const { random, now } = options;
  const older = spread(OLDER_LETTERS, now - OLDER_SPAN, now - UNREAD_SPAN, random).map(([letter, date]) => {
    const flags = ['\\Seen'];
    if (random() < 0.2) flags.push('\\Answered');
    if (random() < 0.1) flags.push('\\Flagged');
    return { raw: compose(letter, date, options), date, flags };
  });
  const unread = spread(UNREAD_LETTERS, now - UNREAD_SPAN, now - 5 * MINUTE, random).map(([letter, date]) => {
    return { raw: compose(letter, date, options), date, flags: [] };
  });
  return [...older, ...unread];
}

/** Puts mail into a folder of the server. */
export function fillFolder(folder: Folder, mails: Iterable<DemoMail>): void {
  for (const { raw, date, flags } of mails) folder.deliver(raw, { date, flags });
}

/** Makes the next new mail each time it is called, for ever. `now` is when it arrives, in milliseconds since 1970. */
export function demoArrivals(options: DemoOptions): (now: number) => DemoMail {
  let count = 0;
  return (now) => {
    const letter = ARRIVING_LETTERS[count % ARRIVING_LETTERS.length];
    if (!letter) throw new Error('there are no letters to arrive');
    count += 1;
    const subject = letter.subject.toString().replace('#', String(count).padStart(2, '0'));
    const date = new Date(now);
    return { raw: compose({ ...letter, subject }, date, options), date, flags: [] };
  };
}

/** Gives each letter a time between the two, in their order, with some unevenness. */
function spread(
  letters: readonly DemoLetter[],
  from: number,
  to: number,
  random: () => number,
): [letter: DemoLetter, date: Date][] {
  const step = (to - from) / letters.length;
  return letters.map((letter, index) => {
    // Whole seconds: that is what INTERNALDATE can say.
    const time = Math.floor((from + (index + random()) * step) / 1000) * 1000;
    return [letter, new Date(time)];
  });
}

function compose(letter: DemoLetter, date: Date, { to, random }: DemoOptions): Buffer {
  const domain = letter.from?.[1].split('@')[1] ?? 'unknown.test';
  const composition: Composition = {
    to,
    subject: letter.subject,
    date,
    messageId: `${date.getTime().toString(36)}.${Math.floor(random() * 1e9).toString(36)}@${domain}`,
    text: `${letter.text}\n`,
    ...(letter.from ? { from: { name: letter.from[0], address: letter.from[1] } } : {}),
    ...(letter.wordCharset ? { wordCharset: letter.wordCharset } : {}),
    ...shaped(letter, date),
  };
  if (letter.shape === 'no-date') delete composition.date;
  return composeMessage(composition);
}

function shaped({ shape, text, subject, from }: DemoLetter, date: Date): Partial<Composition> {
  switch (shape) {
    case 'newsletter':
      return {
        html: `<h1>${subject.toString()}</h1><p>${text}</p><img src="https://pixel.example.test/o.gif" width="1" height="1">`,
        headers: { 'List-Unsubscribe': `<mailto:leave@${from?.[1].split('@')[1]}>`, Precedence: 'bulk' },
      };
    case 'order':
      return { html: `<table><tr><td>${text.replaceAll('\n', '</td></tr><tr><td>')}</td></tr></table>` };
    case 'invitation':
      return { calendar: invitation(subject.toString(), date) };
    case 'attachment':
      return { attachments: [PAPER] };
    default:
      return {};
  }
}

/** RFC 5545; the day after the mail. */
function invitation(summary: string, sent: Date): string {
  const stamp = (time: number): string => `${new Date(time).toISOString().replace(/[-:]|\.\d+/g, '')}`;
  const start = Math.ceil(sent.getTime() / DAY) * DAY + 10 * HOUR;
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'METHOD:REQUEST',
    'BEGIN:VEVENT',
    `UID:${sent.getTime()}@calendar.test`,
    `DTSTAMP:${stamp(sent.getTime())}`,
    `DTSTART:${stamp(start)}`,
    `DTEND:${stamp(start + HOUR)}`,
    `SUMMARY:${summary}`,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}

/** The smallest thing that says it is a PDF. */
const PAPER: Attachment = {
  name: 'Übersicht 2026.pdf',
  type: 'application/pdf',
  content: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'),
};
