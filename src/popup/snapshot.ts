/** All that the popup shows, read from the store in one go. */
import type { Account, AccountId, AccountStatus, Folder, Message } from '../model.ts';
import {
  type Area,
  type Link,
  type Mailbox,
  type OutboxRow,
  readAccounts,
  readFolders,
  readLink,
  readMailboxes,
  readMessages,
  readOutbox,
  readStatuses,
  type Store,
} from '../store.ts';

/** More rows than this nobody scrolls through in a popup; it keeps reading below a tenth of a second. */
const MAX_ROWS = 5000;

export interface Snapshot {
  accounts: Account[];
  statuses: ReadonlyMap<string, AccountStatus>;
  folders: ReadonlyMap<AccountId, Folder[]>;
  mailboxes: Mailbox[];
  /** Newest first, as the bridge has them. */
  messages: Message[];
  outbox: OutboxRow[];
  link: Link | null;
}

export const SNAPSHOT_AREAS: readonly Area[] = [
  'accounts',
  'statuses',
  'folders',
  'mailboxes',
  'messages',
  'outbox',
  'link',
];

export async function readSnapshot(store: Store): Promise<Snapshot> {
  // The outbox is read first: a mark that is confirmed meanwhile is then shown twice over, and never not at all.
  const [outbox, { accounts, folders }, statuses, mailboxes, messages, link] = await Promise.all([
    readOutbox(store),
    readAccountsAndFolders(store),
    readStatuses(store),
    readMailboxes(store),
    readMessages(store, { unreadOnly: false, limit: MAX_ROWS }),
    readLink(store),
  ]);
  const statusOf = new Map(statuses.map((row) => [row.account, row]));
  return { accounts, statuses: statusOf, folders, mailboxes, messages, outbox, link };
}

async function readAccountsAndFolders(store: Store): Promise<Pick<Snapshot, 'accounts' | 'folders'>> {
  const accounts = await readAccounts(store);
  const folders = accounts.map(async ({ id }) => [id, await readFolders(store, id)] as const);
  return { accounts, folders: new Map(await Promise.all(folders)) };
}
