import { chownSync, existsSync, mkdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** The flags a Maildir keeps in a file's name (https://cr.yp.to/proto/maildir.html), by their IMAP names. */
const FLAG_LETTERS: Readonly<Record<string, string>> = {
  '\\Draft': 'D',
  '\\Flagged': 'F',
  '\\Answered': 'R',
  '\\Seen': 'S',
  '\\Deleted': 'T',
};

export interface DeliverOptions {
  /** By its IMAP name with `/` between levels; made when missing. INBOX when left out. */
  folder?: string;
  /** System flags that a Maildir can hold: \Seen, \Answered, \Flagged, \Deleted, \Draft. */
  flags?: readonly string[];
  /** The INTERNALDATE; now when left out. */
  date?: Date;
}

let lastMicrosecond = 0;

/**
 * Puts a message into a Maildir the way a delivery agent does: written in `tmp`, renamed into its place, which wakes
 * the server's inotify watch. Messages get their UIDs in the order of these calls.
 */
export function writeToMaildir(
  maildir: string,
  raw: string | Uint8Array,
  owner: { uid: number; gid: number },
  { folder = 'INBOX', flags = [], date }: DeliverOptions = {},
): void {
  const path = folder === 'INBOX' ? maildir : join(maildir, `.${folder.replaceAll('/', '.')}`);
  if (!existsSync(join(path, 'new'))) makeFolder(maildir, path, owner);

  const bytes = typeof raw === 'string' ? Buffer.from(raw, 'utf8') : raw;
  const name = `${uniqueName()},S=${bytes.length}`;
  const temporary = join(path, 'tmp', name);
  writeFileSync(temporary, bytes, { mode: 0o600 });
  chownSync(temporary, owner.uid, owner.gid);
  if (date) utimesSync(temporary, date, date);
  renameSync(
    temporary,
    flags.length === 0 ? join(path, 'new', name) : join(path, 'cur', `${name}:2,${letters(flags)}`),
  );
}

/** The server gives UIDs to what it finds in the order of these names: seconds, then microseconds. */
function uniqueName(): string {
  lastMicrosecond = Math.max(lastMicrosecond + 1, Date.now() * 1000);
  const seconds = Math.floor(lastMicrosecond / 1_000_000);
  return `${seconds}.M${lastMicrosecond % 1_000_000}P${process.pid}.${hostname()}`;
}

function letters(flags: readonly string[]): string {
  return flags
    .map((flag) => {
      const letter = FLAG_LETTERS[flag];
      if (!letter) throw new Error(`a Maildir's file name cannot hold the flag ${flag}`);
      return letter;
    })
    .sort()
    .join('');
}

function makeFolder(maildir: string, path: string, owner: { uid: number; gid: number }): void {
  for (const directory of [maildir, path, join(path, 'cur'), join(path, 'new'), join(path, 'tmp')]) {
    if (existsSync(directory)) continue;
    mkdirSync(directory, { mode: 0o700 });
    chownSync(directory, owner.uid, owner.gid);
  }
  if (path === maildir) return;
  // Maildir++: marks a folder inside another Maildir.
  writeFileSync(join(path, 'maildirfolder'), '', { mode: 0o600 });
  chownSync(join(path, 'maildirfolder'), owner.uid, owner.gid);
}
