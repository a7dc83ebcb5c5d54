/** One IMAP account without a browser: what a line to it tells, and what can be asked of it. */
import { makeConnectionBudget } from '../../src/bridge/connection-budget.ts';
import { openImapAccount } from '../../src/bridge/imap/imap-account.ts';
import { silent } from '../../src/bridge/log.ts';
import type { MailAccount, MailSource } from '../../src/bridge/mail-source.ts';
import type { MailboxState } from '../../src/bridge/mailbox-state.ts';
import type { Account, Folder, Message } from '../../src/model.ts';

/** Real servers answer within milliseconds; Dovecot waits half a second before it tells anyone. */
const DEADLINE = 10_000;

export interface TestAccountOptions {
  port: number;
  user?: string;
  password?: string;
  folders?: string[];
  now?: () => number;
  budget?: ReturnType<typeof makeConnectionBudget>;
  security?: Account['server']['security'];
}

export class TestAccount {
  /** What was told last; null while not everything was counted. */
  unread: number | null = null;
  readonly mailboxes = new Map<string, MailboxState>();
  folders: Folder[] = [];
  /** How often something was told. */
  changes = 0;
  readonly account: MailAccount;
  source: MailSource;
  private readonly password: string;
  private readonly watchers = new Set<() => void>();

  /** Signs in and resolves when every folder was read. */
  static async open(options: TestAccountOptions): Promise<TestAccount> {
    const one = new TestAccount(options);
    await one.source.open();
    return one;
  }

  /** How far its clock is ahead. */
  private ahead = 0;

  constructor({ port, user = 'anna', password = 'pw', folders, budget, security, ...options }: TestAccountOptions) {
    this.password = password;
    const now = options.now ?? (() => Date.now() + this.ahead);
    this.account = openImapAccount({
      account: {
        id: 'a',
        protocol: 'imap',
        name: 'Test',
        address: `${user}@example.test`,
        user,
        server: { host: '127.0.0.1', port, security: security ?? 'none' },
        ...(folders ? { folders } : {}),
      },
      version: '0',
      budget: budget ?? makeConnectionBudget(now),
      log: silent,
      now,
    });
    this.source = this.connect();
  }

  /** A new line, with what the last one has learnt; it is not opened yet. */
  connect(): MailSource {
    const source = this.account.connect(this.password);
    source.onChange = ({ unread, mailbox }) => {
      this.changes += 1;
      if (unread !== null) this.unread = unread;
      if (mailbox) this.mailboxes.set(mailbox.ref.folder, mailbox.state);
      this.look();
    };
    source.onFolders = (folders) => {
      this.folders = folders;
      this.look();
    };
    this.source = source;
    return source;
  }

  /** So much time has passed since it signed in that it may have its second connection. */
  letSignInsPass(): void {
    this.ahead += 120_000;
  }

  async reopen(): Promise<void> {
    await this.source.close();
    await this.connect().open();
  }

  rows(folder = 'INBOX'): Message[] {
    return [...(this.mailboxes.get(folder)?.rows.values() ?? [])].sort((a, b) => a.uid - b.uid);
  }

  row(uid: number, folder = 'INBOX'): Message | undefined {
    return this.mailboxes.get(folder)?.rows.get(uid);
  }

  subjects(folder = 'INBOX'): string[] {
    return this.rows(folder).map(({ subject }) => subject);
  }

  /** Resolves once it is so; looks again with each change. */
  until(isSo: () => boolean, what = 'the awaited change'): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.watchers.delete(check);
        settle();
      };
      const check = () => isSo() && end(resolve);
      const told = () => `${this.unread} unread, ${this.subjects().join(' | ')}`;
      const timer = setTimeout(() => end(() => reject(new Error(`no ${what}: ${told()}`))), DEADLINE);
      this.watchers.add(check);
      check();
    });
  }

  untilUnread(unread: number): Promise<void> {
    return this.until(() => this.unread === unread, `${unread} unread`);
  }

  async close(): Promise<void> {
    await this.source.close();
  }

  private look(): void {
    for (const check of [...this.watchers]) check();
  }
}
