/** STATUS, CREATE, DELETE, SUBSCRIBE, UNSUBSCRIBE (RFC 9051 section 6.3). */
import type { Folder } from './folder.ts';
import type { ImapCommand } from './imap-command.ts';
import { ImapRefusal } from './imap-refusal.ts';
import type { ImapSession } from './imap-session.ts';
import { formatStatus } from './imap-status.ts';

/** @throws {ImapRefusal} NO when there is none; with TRYCREATE where the client could make it */
export function folderOf(
  session: ImapSession,
  name: string,
  code: 'NONEXISTENT' | 'TRYCREATE' = 'NONEXISTENT',
): Folder {
  const folder = session.account?.findFolder(name);
  if (!folder) throw new ImapRefusal(`NO [${code}] No such mailbox`);
  return folder;
}

export const folderCommands: readonly ImapCommand[] = [
  {
    name: 'STATUS',
    state: 'authenticated',
    run(session, args) {
      const folder = folderOf(session, args.mailbox());
      const items = args.list().atoms();
      args.end();
      session.untagged(formatStatus(session, folder, items));
      return 'OK Done';
    },
  },
  {
    name: 'CREATE',
    state: 'authenticated',
    run(session, args) {
      const name = args.mailbox().replace(/\/$/, '');
      if (name === '' || session.account?.findFolder(name)) throw new ImapRefusal('NO [ALREADYEXISTS] It is there');
      session.account?.createFolder(name);
      return 'OK Done';
    },
  },
  {
    name: 'DELETE',
    state: 'authenticated',
    run(session, args) {
      const folder = folderOf(session, args.mailbox());
      if (!session.account?.deleteFolder(folder.name)) throw new ImapRefusal('NO [CANNOT] Not this one');
      return 'OK Done';
    },
  },
  subscription('SUBSCRIBE', true),
  subscription('UNSUBSCRIBE', false),
];

function subscription(name: string, subscribed: boolean): ImapCommand {
  return {
    name,
    state: 'authenticated',
    run(session, args) {
      folderOf(session, args.mailbox()).subscribed = subscribed;
      args.end();
      return 'OK Done';
    },
  };
}
