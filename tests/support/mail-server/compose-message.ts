/** Builds messages as a mail program would send them: encoded-words, alternatives, attachments (RFC 5322, 2045, 2047). */

export interface Composition {
  /** Absent: a message with no From at all. */
  from?: Mailbox;
  to: Mailbox;
  /** Encoded where it is not ASCII; bytes are written as they are, right or wrong. */
  subject: string | Buffer;
  /** Absent: a message without a Date. */
  date?: Date;
  messageId: string;
  text: string;
  html?: string;
  /** A text/calendar part with METHOD:REQUEST. */
  calendar?: string;
  attachments?: readonly Attachment[];
  /** Further fields, as they are to stand. */
  headers?: Readonly<Record<string, string>>;
  /** How words that are not ASCII are encoded. */
  wordCharset?: WordCharset;
}

export interface Mailbox {
  /** '' for none; may be encoded already. */
  name: string;
  address: string;
}

export interface Attachment {
  name: string;
  type: string;
  content: Buffer;
}

/** Q in the first, B in the second: both occur in the wild and read differently. */
export type WordCharset = 'iso-8859-1' | 'utf-8';

/** An encoded-word has at most 75 characters (RFC 2047 section 2); what is left of that for bytes in base64. */
const BYTES_A_WORD = 42;

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

export function composeMessage(composition: Composition): Buffer {
  const { from, to, subject, date, messageId, headers = {}, wordCharset = 'utf-8' } = composition;
  const lines: (string | Buffer)[] = [];
  if (from) lines.push(`From: ${formatMailbox(from, wordCharset)}`);
  lines.push(`To: ${formatMailbox(to, wordCharset)}`);
  lines.push(
    Buffer.concat([
      Buffer.from('Subject: '),
      typeof subject === 'string' ? Buffer.from(encodeWords(subject, wordCharset)) : subject,
    ]),
  );
  if (date) lines.push(`Date: ${formatDate(date)}`);
  lines.push(`Message-ID: <${messageId}>`);
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  lines.push('MIME-Version: 1.0', composeBody(composition));
  return Buffer.concat(
    lines.flatMap((line) => [typeof line === 'string' ? Buffer.from(line) : line, Buffer.from('\r\n')]),
  );
}

/** `=?utf-8?B?…?=` where it has to be, folded where it is long. */
export function encodeWords(text: string, charset: WordCharset): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length > 70 ? text.replace(/(.{40,68}) /g, '$1\r\n ') : text;
  if (charset === 'iso-8859-1') {
    const quoted = [...Buffer.from(text, 'latin1')].map((byte) => {
      if (byte === 0x20) return '_';
      return /[A-Za-z0-9!*+/-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `=${hex(byte)}`;
    });
    return runs(quoted, 50)
      .map((run) => `=?ISO-8859-1?Q?${run.join('')}?=`)
      .join('\r\n ');
  }
  const words: string[] = [''];
  for (const character of text) {
    const last = words.at(-1) ?? '';
    if (Buffer.byteLength(last + character) > BYTES_A_WORD) words.push(character);
    else words[words.length - 1] = last + character;
  }
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ');
}

function runs(quoted: readonly string[], length: number): string[][] {
  const result: string[][] = [];
  for (const piece of quoted) {
    const last = result.at(-1);
    if (last && last.join('').length + piece.length <= length) last.push(piece);
    else result.push([piece]);
  }
  return result;
}

function formatMailbox({ name, address }: Mailbox, charset: WordCharset): string {
  if (name === '') return address;
  const isPlain = /^[A-Za-z0-9 !'*+/=?^_-]+$/.test(name);
  const phrase = isPlain
    ? name
    : /^[\x20-\x7e]+$/.test(name)
      ? `"${name.replace(/["\\]/g, '\\$&')}"`
      : encodeWords(name, charset);
  return `${phrase} <${address}>`;
}

/** RFC 5322 section 3.3, in UTC. */
function formatDate(date: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? [];
  return `${WEEKDAYS[date.getUTCDay()]}, ${Number(day)} ${month} ${year} ${time} +0000`;
}

/** The Content-Type field, the other ones about the body, the empty line and the body. */
function composeBody({ text, html, calendar, attachments = [], messageId }: Composition): string {
  const boundary = `=_${messageId.replace(/[^A-Za-z0-9]/g, '')}`;
  const readings = [textPart('text/plain', text)];
  if (html !== undefined) readings.push(textPart('text/html', html));
  if (calendar !== undefined) readings.push(textPart('text/calendar; method=REQUEST', calendar));
  const reading = multipart('alternative', `${boundary}.1`, readings);
  return multipart('mixed', `${boundary}.0`, [reading, ...attachments.map(attachmentPart)]);
}

/** One part stays as it is. */
function multipart(subtype: string, boundary: string, parts: readonly string[]): string {
  if (parts.length === 1) return parts[0] ?? '';
  const bodies = parts.map((part) => `--${boundary}\r\n${part}\r\n`);
  return `Content-Type: multipart/${subtype}; boundary="${boundary}"\r\n\r\n${bodies.join('')}--${boundary}--`;
}

function textPart(type: string, text: string): string {
  const body = text.replace(/\r?\n/g, '\r\n');
  if (Buffer.byteLength(body) === body.length) return `Content-Type: ${type}; charset=us-ascii\r\n\r\n${body}`;
  return `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64Lines(Buffer.from(body))}`;
}

function attachmentPart({ name, type, content }: Attachment): string {
  return [
    `Content-Type: ${type}; name="${encodeWords(name, 'utf-8')}"`,
    `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(name)}`,
    'Content-Transfer-Encoding: base64',
    '',
    base64Lines(content),
  ].join('\r\n');
}

function base64Lines(bytes: Buffer): string {
  return (bytes.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n');
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}
