/** APPEND (RFC 9051 section 6.3.12, RFC 4315). */
import type { ImapCommand } from './imap-command.ts';
import { folderOf } from './imap-folder-commands.ts';
import { parseDateTime } from './imap-format.ts';
import { ImapRefusal } from './imap-refusal.ts';

export const appendCommand: ImapCommand = {
  name: 'APPEND',
  state: 'authenticated',
  run(session, args) {
    const folder = folderOf(session, args.mailbox(), 'TRYCREATE');
    const flags = args.listIfAny()?.atoms() ?? [];
    const first = args.bytes();
    // Date and message are both strings: what is followed by another one was the date.
    const date = args.isEmpty ? null : parseDateTime(first.toString('latin1'));
    if (!args.isEmpty && !date) throw new ImapRefusal('BAD Malformed date');
    const raw = date ? args.bytes() : first;
    args.end();
    const { uid } = folder.deliver(Buffer.from(raw), { flags, ...(date ? { date } : {}) }, session);
    return session.can('UIDPLUS') ? `OK [APPENDUID ${folder.uidValidity} ${uid}] Done` : 'OK Done';
  },
};
