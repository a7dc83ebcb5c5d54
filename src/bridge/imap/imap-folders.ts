/** The folders of the account: which there are, how they stand, and being told when that changes. */
import type { Folder, FolderRole } from '../../model.ts';
import { BridgeError } from '../errors.ts';
import { cleanText, MAX_NAME } from '../message/clean-text.ts';
import { COMMAND_TIMEOUT, type ImapConnection, LONG_COMMAND_TIMEOUT } from './imap-connection.ts';
import { atom, type Token, textOf, type Untagged } from './imapflow-client.ts';
import { mailboxPath, mailboxToken } from './mailbox-name.ts';

/** How a folder stands (RFC 9051 section 6.3.11). A null was not told. */
export interface FolderStatus {
  messages: number | null;
  uidNext: number | null;
  uidValidity: number | null;
  unseen: number | null;
  /** RFC 7162 section 3.1.7. */
  modseq: bigint | null;
}

export interface ImapFolders {
  /** All that can be selected, with what each is for. */
  list(): Promise<Folder[]>;
  /** How these folders stand, by path; those that are gone are left out. */
  statuses(paths: readonly string[]): Promise<Map<string, FolderStatus>>;
  /**
   * Asks to be told of changes in these folders too (RFC 5465). `onStatus` is called for each of them at once, and again
   * with each change.
   * @throws {BridgeError} where the server refuses
   */
  notify(paths: readonly string[], onStatus: (path: string, status: FolderStatus) => void): Promise<void>;
  /** Makes a folder and subscribes to it. @param role what it is for (RFC 6154 section 3), told where the server wants it */
  create(path: string, role: FolderRole): Promise<void>;
  /** The prefix and the separator of the user's own folders (RFC 2342). */
  namespace(): Promise<{ prefix: string; separator: string }>;
}

const ITEMS = ['MESSAGES', 'UIDNEXT', 'UIDVALIDITY', 'UNSEEN'];

const ROLES: ReadonlyMap<string, FolderRole> = new Map<string, FolderRole>([
  ['\\inbox', 'inbox'],
  ['\\archive', 'archive'],
  ['\\drafts', 'drafts'],
  ['\\sent', 'sent'],
  ['\\junk', 'junk'],
  ['\\trash', 'trash'],
  ['\\all', 'all'],
  ['\\flagged', 'flagged'],
  ['\\important', 'important'],
]);

export function makeImapFolders(connection: ImapConnection): ImapFolders {
  const { client, run } = connection;
  const items = (): Token[] => [...ITEMS, ...(connection.abilities.condstore ? ['HIGHESTMODSEQ'] : [])].map(atom);

  async function statusesByList(paths: readonly string[]): Promise<Map<string, FolderStatus>> {
    const found = new Map<string, FolderStatus>();
    const attributes = [
      { type: 'STRING', value: '' },
      paths.map(mailboxToken),
      atom('RETURN'),
      [atom('STATUS'), items()],
    ];
    const take = takeStatus((path, status) => found.set(path, status));
    await run(() => client.command('LIST', attributes, { LIST: async () => {}, STATUS: take }), LONG_COMMAND_TIMEOUT);
    return found;
  }

  async function statusesOneByOne(paths: readonly string[]): Promise<Map<string, FolderStatus>> {
    const found = new Map<string, FolderStatus>();
    for (const path of paths) {
      const take = takeStatus((_, status) => found.set(path, status));
      await run(() => client.command('STATUS', [mailboxToken(path), items()], { STATUS: take }), COMMAND_TIMEOUT).catch(
        (error: unknown) => {
          // A folder that is gone is left out; a line that is gone is not passed over.
          if (!(error instanceof BridgeError) || !/^(server-refused|folder-missing)$/.test(error.code)) throw error;
        },
      );
    }
    return found;
  }

  return {
    async list() {
      const entries = await run(() => client.list(), LONG_COMMAND_TIMEOUT);
      return entries.filter(canBeSelected).map(toFolder);
    },
    statuses: (paths) =>
      connection.abilities.listStatus && paths.length > 1 ? statusesByList(paths) : statusesOneByOne(paths),
    async notify(paths, onStatus) {
      const events = [atom('MessageNew'), atom('MessageExpunge'), atom('FlagChange')];
      client.untaggedHandlers['STATUS'] = takeStatus(onStatus);
      const selected: Token = [atom('SELECTED'), events];
      const others: Token = [atom('MAILBOXES'), paths.map(mailboxToken), events];
      const attributes = [atom('SET'), atom('STATUS'), selected, ...(paths.length > 0 ? [others] : [])];
      await run(() => client.command('NOTIFY', attributes), LONG_COMMAND_TIMEOUT);
    },
    async create(path, role) {
      const use: Token[] = client.capabilities.has('CREATE-SPECIAL-USE')
        ? [[atom('USE'), [atom(`\\${capital(role)}`)]]]
        : [];
      await run(() => client.command('CREATE', [mailboxToken(path), ...use]), COMMAND_TIMEOUT);
      await run(() => client.command('SUBSCRIBE', [mailboxToken(path)]), COMMAND_TIMEOUT);
    },
    async namespace() {
      let found = { prefix: '', separator: '/' };
      const take = async ({ attributes = [] }: Untagged) => {
        const personal = attributes[0];
        const first = Array.isArray(personal) ? personal[0] : null;
        if (!Array.isArray(first)) return;
        found = { prefix: mailboxPath(first[0]) ?? '', separator: textOf(first[1]) ?? '' };
      };
      if (client.capabilities.has('NAMESPACE'))
        await run(() => client.command('NAMESPACE', [], { NAMESPACE: take }), COMMAND_TIMEOUT);
      return found;
    },
  };
}

/** INBOX always can (RFC 9051 section 5.1); attributes have no case (mailutils: \\NoSelect). */
function canBeSelected({ path, flags }: { path: string; flags: ReadonlySet<string> }): boolean {
  return path === 'INBOX' || ![...flags].some((flag) => /^\\(noselect|nonexistent)$/i.test(flag));
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Reads `* STATUS name (ITEM n ITEM n)`. */
function takeStatus(onStatus: (path: string, status: FolderStatus) => void): (answer: Untagged) => Promise<void> {
  return async ({ attributes = [] }) => {
    const path = mailboxPath(attributes[0]);
    const list = attributes[1];
    if (path === null || !Array.isArray(list)) return;
    const values = new Map<string, string>();
    for (let at = 0; at + 1 < list.length; at += 2)
      values.set(textOf(list[at])?.toUpperCase() ?? '', textOf(list[at + 1]) ?? '');
    const number = (name: string) => {
      const text = values.get(name) ?? '';
      return /^\d{1,10}$/.test(text) ? Number(text) : null;
    };
    const modseq = values.get('HIGHESTMODSEQ') ?? '';
    onStatus(path, {
      messages: number('MESSAGES'),
      uidNext: number('UIDNEXT'),
      uidValidity: number('UIDVALIDITY'),
      unseen: number('UNSEEN'),
      modseq: /^[1-9]\d{0,19}$/.test(modseq) ? BigInt(modseq) : null,
    });
  };
}

/** imapflow finds what a folder is for by its attributes, and by its name in the common languages where there are none. */
function toFolder(entry: { path: string; name: string; specialUse?: string | undefined }): Folder {
  return {
    path: entry.path,
    name: cleanText(entry.name, MAX_NAME) || '…',
    role: ROLES.get((entry.specialUse ?? '').toLowerCase()) ?? (entry.path === 'INBOX' ? 'inbox' : null),
  };
}
