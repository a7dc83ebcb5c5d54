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
import { messageKey } from './message-key.ts';

/** Of each account and filter: more than are drawn first. */
const FIRST_ROWS = 60;
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
  /** Only the rows that are seen first are there yet. */
  partial: boolean;
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

/** Reads at first what is seen first, so that this is there at once; from then on everything. */
export function makeSnapshotReader(): (store: Store) => Promise<Snapshot> {
  let first = true;
  return async (store) => {
    const partial = first;
    first = false;
    // The outbox is read first: a mark that is confirmed meanwhile is then shown twice over, and never not at all.
    const [outbox, { accounts, folders }, statuses, mailboxes, messages, link] = await Promise.all([
      readOutbox(store),
      readAccountsAndFolders(store),
      readStatuses(store),
      readMailboxes(store),
      partial ? readFirstMessages(store) : readMessages(store, { unreadOnly: false, limit: MAX_ROWS }),
      readLink(store),
    ]);
    const statusOf = new Map(statuses.map((row) => [row.account, row]));
    return { accounts, statuses: statusOf, folders, mailboxes, messages, outbox, link, partial };
  };
}

/** Newest first: of each account the newest, and the newest unread ones. */
async function readFirstMessages(store: Store): Promise<Message[]> {
  const accounts = await readAccounts(store);
  const queries = accounts.flatMap(({ id }) =>
    [true, false].map((unreadOnly) => readMessages(store, { account: id, unreadOnly, limit: FIRST_ROWS })),
  );
  const messages = new Map((await Promise.all(queries)).flat().map((message) => [messageKey(message), message]));
  return [...messages.values()].sort((a, b) => b.date - a.date || b.uid - a.uid);
}

async function readAccountsAndFolders(store: Store): Promise<Pick<Snapshot, 'accounts' | 'folders'>> {
  const accounts = await readAccounts(store);
  const folders = accounts.map(async ({ id }) => [id, await readFolders(store, id)] as const);
  return { accounts, folders: new Map(await Promise.all(folders)) };
}
