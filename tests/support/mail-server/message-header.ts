/** Where a message's header ends and what fields it has (RFC 5322 section 2.2). Works on bytes: they may be anything. */

export interface HeaderField {
  /** In lower case. */
  name: string;
  /** The whole field as it stands, with its line ends. */
  bytes: Buffer;
}

/** `header` has the empty line that ends it. */
export function splitMessage(raw: Buffer): { header: Buffer; body: Buffer } {
  if (raw.indexOf('\r\n') === 0) return { header: raw.subarray(0, 2), body: raw.subarray(2) };
  const end = raw.indexOf('\r\n\r\n');
  return end < 0
    ? { header: raw, body: raw.subarray(raw.length) }
    : { header: raw.subarray(0, end + 4), body: raw.subarray(end + 4) };
}

export function headerFields(header: Buffer): HeaderField[] {
  // One character a byte: the slices below stay the bytes that came.
  const lines = header.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const fields: { name: string; text: string }[] = [];
  for (const line of lines) {
    const last = fields.at(-1);
    const name = /^([\x21-\x39\x3b-\x7e]+)[ \t]*:/.exec(line)?.[1];
    if (/^[ \t]/.test(line) && last) last.text += line;
    else if (name !== undefined) fields.push({ name: name.toLowerCase(), text: line });
  }
  return fields.map(({ name, text }) => ({ name, bytes: Buffer.from(text, 'latin1') }));
}

/** The first field of that name, unfolded and trimmed, one character a byte; null when there is none. */
export function fieldValue(fields: readonly HeaderField[], name: string): string | null {
  const field = fields.find((other) => other.name === name);
  if (!field) return null;
  const text = field.bytes.toString('latin1');
  return text
    .slice(text.indexOf(':') + 1)
    .replace(/\r?\n(?=[ \t])/g, '')
    .trim();
}

/** Encoded-words made readable (RFC 2047), for searching; the rest as UTF-8. */
export function decodeWords(value: string): string {
  const joined = value.replace(/(\?=)[ \t]+(?==\?)/g, '$1');
  return joined
    .split(/(=\?[^?\s]+\?[BbQq]\?[^?\s]*\?=)/)
    .map((part) => decodeWord(part) ?? Buffer.from(part, 'latin1').toString('utf8'))
    .join('');
}

function decodeWord(word: string): string | null {
  const match = /^=\?([^?*\s]+)[^?]*\?([BbQq])\?([^?\s]*)\?=$/.exec(word);
  if (!match) return null;
  const [, charset = '', encoding = '', text = ''] = match;
  const quoted = (): string =>
    text.replaceAll('_', ' ').replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  const bytes = encoding.toUpperCase() === 'B' ? Buffer.from(text, 'base64') : Buffer.from(quoted(), 'latin1');
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return null;
  }
}
