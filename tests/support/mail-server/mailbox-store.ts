/** The mail that the server holds, in memory: accounts, their folders. Tests reach in here as "another client". */
import { Folder, type StoredMessage } from './folder.ts';

export interface MailAccountOptions {
  user: string;
  password: string;
}

/** What every account starts with. */
const FIRST_FOLDERS: readonly { name: string; specialUse?: string }[] = [
  { name: 'INBOX' },
  { name: 'Archive', specialUse: '\\Archive' },
  { name: 'Drafts', specialUse: '\\Drafts' },
  { name: 'Junk', specialUse: '\\Junk' },
  { name: 'Sent', specialUse: '\\Sent' },
  { name: 'Trash', specialUse: '\\Trash' },
];

/** Any fixed number above 1 will do; a UIDVALIDITY only ever grows (RFC 9051 section 2.3.1.1). */
const FIRST_UIDVALIDITY = 1_700_000_000;

export class MailAccount {
  readonly user: string;
  /** Can be changed while the server runs, as by a user who has set a new one elsewhere. */
  password: string;
  private readonly byName = new Map<string, Folder>();
  private readonly now: () => number;
  private nextUidValidity = FIRST_UIDVALIDITY;

  constructor({ user, password }: MailAccountOptions, now: () => number) {
    this.user = user;
    this.password = password;
    this.now = now;
    for (const { name, specialUse } of FIRST_FOLDERS) this.createFolder(name, specialUse);
  }

  get folders(): Folder[] {
    return [...this.byName.values()];
  }

  get inbox(): Folder {
    return this.folder('INBOX');
  }

  /** @throws when there is none of that name: a mistake in the test */
  folder(name: string): Folder {
    const folder = this.findFolder(name);
    if (!folder) throw new Error(`the test mail server has no folder ${name}`);
    return folder;
  }

  /** INBOX is the one name in which case does not matter (RFC 9051 section 5.1). */
  findFolder(name: string): Folder | undefined {
    return this.byName.get(name.toUpperCase() === 'INBOX' ? 'INBOX' : name);
  }

  createFolder(name: string, specialUse?: string): Folder {
    const uidValidity = this.nextUidValidity;
    this.nextUidValidity += 1;
    const folder = new Folder(name, { uidValidity, now: this.now, ...(specialUse ? { specialUse } : {}) });
    this.byName.set(name, folder);
    return folder;
  }

  /** @returns false when there was none; INBOX cannot go */
  deleteFolder(name: string): boolean {
    const folder = this.findFolder(name);
    if (!folder || folder.name === 'INBOX') return false;
    folder.remove(folder.messages.map((message) => message.uid));
    return this.byName.delete(folder.name);
  }

  /** Copies messages with their flags and dates; answers with pairs of old and new UID, in order. */
  copy(uids: Iterable<number>, from: Folder, to: Folder, by?: unknown): [from: number, to: number][] {
    const found = [...uids].map((uid) => from.message(uid)).filter((message): message is StoredMessage => !!message);
    return found.map(({ uid, raw, internalDate, flags }) => {
      return [uid, to.deliver(raw, { date: internalDate, flags }, by).uid];
    });
  }

  /** As `copy`, and the messages leave the first folder (RFC 6851). */
  move(uids: Iterable<number>, from: Folder, to: Folder, by?: unknown): [from: number, to: number][] {
    const pairs = this.copy(uids, from, to, by);
    from.remove(
      pairs.map(([uid]) => uid),
      by,
    );
    return pairs;
  }
}

export class MailboxStore {
  private readonly byUser = new Map<string, MailAccount>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  addAccount(options: MailAccountOptions): MailAccount {
    const account = new MailAccount(options, this.now);
    this.byUser.set(options.user, account);
    return account;
  }

  /** @throws when there is no such user: a mistake in the test */
  account(user: string): MailAccount {
    const account = this.byUser.get(user);
    if (!account) throw new Error(`the test mail server has no account ${user}`);
    return account;
  }

  /** The account when user and password fit, else null. */
  signIn(user: string, password: string): MailAccount | null {
    const account = this.byUser.get(user);
    return account?.password === password ? account : null;
  }
}
