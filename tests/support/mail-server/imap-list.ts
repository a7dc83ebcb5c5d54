/** LIST with RETURN (RFC 9051 section 6.3.9, RFC 5258, 5819, 6154) and LSUB. */
import type { Folder } from './folder.ts';
import type { ImapArguments } from './imap-arguments.ts';
import type { ImapCommand } from './imap-command.ts';
import { formatString } from './imap-format.ts';
import { ImapRefusal } from './imap-refusal.ts';
import type { ImapSession } from './imap-session.ts';
import { formatStatus, STATUS_ITEMS } from './imap-status.ts';
import { encodeMailboxName } from './mailbox-name.ts';
import type { MailAccount } from './mailbox-store.ts';

interface ListRequest {
  pattern: string;
  onlySubscribed: boolean;
  onlySpecialUse: boolean;
  tellSubscribed: boolean;
  /** Empty for none. */
  status: string[];
}

export const listCommands: readonly ImapCommand[] = [
  {
    name: 'LIST',
    state: 'authenticated',
    run(session, args) {
      const request = parseList(session, args);
      args.end();
      if (request.pattern === '') session.untagged('LIST (\\Noselect) "/" ""');
      else for (const folder of matching(session.account, request)) tellFolder(session, 'LIST', folder, request);
      return 'OK Done';
    },
  },
  {
    name: 'LSUB',
    state: 'authenticated',
    run(session, args) {
      const pattern = args.mailbox() + args.mailbox();
      args.end();
      const request = { pattern, onlySubscribed: true, onlySpecialUse: false, tellSubscribed: false, status: [] };
      for (const folder of matching(session.account, request)) tellFolder(session, 'LSUB', folder, request);
      return 'OK Done';
    },
  },
];

function parseList(session: ImapSession, args: ImapArguments): ListRequest {
  const selection = extended(session, args.listIfAny());
  const pattern = args.mailbox() + args.mailbox();
  const request: ListRequest = {
    pattern,
    onlySubscribed: selection.some((word) => word.toUpperCase() === 'SUBSCRIBED'),
    onlySpecialUse: selection.some((word) => word.toUpperCase() === 'SPECIAL-USE'),
    tellSubscribed: false,
    status: [],
  };
  if (!args.takeWord('RETURN')) return request;
  if (!session.can('LIST-EXTENDED') && !session.can('LIST-STATUS')) throw new ImapRefusal('BAD No RETURN here');
  const options = args.list();
  while (!options.isEmpty) {
    if (options.takeWord('SUBSCRIBED')) request.tellSubscribed = true;
    else if (options.takeWord('STATUS')) request.status = parseStatusOption(session, options);
    else if (!options.takeWord('CHILDREN') && !options.takeWord('SPECIAL-USE')) {
      throw new ImapRefusal('BAD Unknown RETURN option');
    }
  }
  return request;
}

function extended(session: ImapSession, selection: ImapArguments | null): string[] {
  if (!selection) return [];
  if (!session.can('LIST-EXTENDED')) throw new ImapRefusal('BAD No selection options here');
  return selection.atoms();
}

function parseStatusOption(session: ImapSession, options: ImapArguments): string[] {
  if (!session.can('LIST-STATUS')) throw new ImapRefusal('BAD No STATUS here');
  const items = options.list().atoms();
  if (items.some((item) => !STATUS_ITEMS.has(item.toUpperCase()))) throw new ImapRefusal('BAD Unknown status item');
  return items;
}

function matching(account: MailAccount | null, request: ListRequest): Folder[] {
  const source = request.pattern.replace(/[*%]|[^*%]+/g, (run) => {
    if (run === '*') return '.*';
    return run === '%' ? '[^/]*' : run.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  const pattern = new RegExp(`^${source.replace(/^inbox$/i, 'INBOX')}$`, 's');
  return (account?.folders ?? []).filter((folder) => {
    if (request.onlySubscribed && !folder.subscribed) return false;
    if (request.onlySpecialUse && folder.specialUse === null) return false;
    return pattern.test(folder.name);
  });
}

function tellFolder(session: ImapSession, response: string, folder: Folder, request: ListRequest): void {
  const attributes: string[] = [];
  if (session.can('CHILDREN')) attributes.push(hasChildren(session, folder) ? '\\HasChildren' : '\\HasNoChildren');
  if (session.can('SPECIAL-USE') && folder.specialUse !== null) attributes.push(folder.specialUse);
  if (request.tellSubscribed && folder.subscribed) attributes.push('\\Subscribed');
  const name = formatString(encodeMailboxName(folder.name)).toString('latin1');
  session.untagged(`${response} (${attributes.join(' ')}) "/" ${name}`);
  if (request.status.length) session.untagged(formatStatus(session, folder, request.status));
}

function hasChildren(session: ImapSession, folder: Folder): boolean {
  return (session.account?.folders ?? []).some((other) => other.name.startsWith(`${folder.name}/`));
}
