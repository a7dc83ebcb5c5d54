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
  /** RFC 5258 section 3: several, where LIST-EXTENDED is there. */
  patterns: string[];
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
      if (request.patterns.join() === '') session.untagged('LIST (\\Noselect) "/" ""');
      else for (const folder of matching(session.account, request)) tellFolder(session, 'LIST', folder, request);
      return 'OK Done';
    },
  },
  {
    name: 'LSUB',
    state: 'authenticated',
    run(session, args) {
      const patterns = [args.mailbox() + args.mailbox()];
      args.end();
      const request = { patterns, onlySubscribed: true, onlySpecialUse: false, tellSubscribed: false, status: [] };
      for (const folder of matching(session.account, request)) tellFolder(session, 'LSUB', folder, request);
      return 'OK Done';
    },
  },
];

function parseList(session: ImapSession, args: ImapArguments): ListRequest {
  const selection = extended(session, args.listIfAny());
  const reference = args.mailbox();
  const request: ListRequest = {
    patterns: mailboxes(session, args).map((pattern) => reference + pattern),
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

/** One pattern, or a list of them. */
function mailboxes(session: ImapSession, args: ImapArguments): string[] {
  const list = args.listIfAny();
  if (!list) return [args.mailbox()];
  if (!session.can('LIST-EXTENDED')) throw new ImapRefusal('BAD No list of patterns here');
  const patterns: string[] = [];
  while (!list.isEmpty) patterns.push(list.mailbox());
  return patterns;
}

function parseStatusOption(session: ImapSession, options: ImapArguments): string[] {
  if (!session.can('LIST-STATUS')) throw new ImapRefusal('BAD No STATUS here');
  const items = options.list().atoms();
  if (items.some((item) => !STATUS_ITEMS.has(item.toUpperCase()))) throw new ImapRefusal('BAD Unknown status item');
  return items;
}

function matching(account: MailAccount | null, request: ListRequest): Folder[] {
  const patterns = request.patterns.map(toRegExp);
  return (account?.folders ?? []).filter((folder) => {
    if (request.onlySubscribed && !folder.subscribed) return false;
    if (request.onlySpecialUse && folder.specialUse === null) return false;
    return patterns.some((pattern) => pattern.test(folder.name));
  });
}

function toRegExp(pattern: string): RegExp {
  const source = pattern.replace(/[*%]|[^*%]+/g, (run) => {
    if (run === '*') return '.*';
    return run === '%' ? '[^/]*' : run.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source.replace(/^inbox$/i, 'INBOX')}$`, 's');
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
