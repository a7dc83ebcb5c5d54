/** The names of mailboxes on the wire: modified UTF-7 (RFC 3501 section 5.1.3), which every server understands. */
import iconv from 'iconv-lite';
import { type Token, textOf } from './imapflow-client.ts';

const CHARSET = 'utf-7-imap';

/** A mailbox's path as a word of a command. */
export function mailboxToken(path: string): Token {
  return { type: 'STRING', value: iconv.encode(path, CHARSET).toString('latin1') };
}

/** The path that a server has named; null where it named none. INBOX has no case of its own (RFC 9051 section 5.1). */
export function mailboxPath(token: Token | undefined): string | null {
  const name = textOf(token);
  if (name === null) return null;
  const path = iconv.decode(Buffer.from(name, 'latin1'), CHARSET);
  return path.toUpperCase() === 'INBOX' ? 'INBOX' : path;
}
