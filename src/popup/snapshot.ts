/** All that the popup shows, read from the store in one go. */
import type { Account, AccountStatus, Message } from '../model.ts';
import {
  type Area,
  type Link,
  type Mailbox,
  type OutboxRow,
  readAccounts,
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
  mailboxes: Mailbox[];
  /** Newest first, as the bridge has them. */
  messages: Message[];
  outbox: OutboxRow[];
  link: Link | null;
}

export const SNAPSHOT_AREAS: readonly Area[] = ['accounts', 'statuses', 'mailboxes', 'messages', 'outbox', 'link'];

export async function readSnapshot(store: Store): Promise<Snapshot> {
  // The outbox is read first: a mark that is confirmed meanwhile is then shown twice over, and never not at all.
  const [outbox, accounts, statuses, mailboxes, messages, link] = await Promise.all([
    readOutbox(store),
    readAccounts(store),
    readStatuses(store),
    readMailboxes(store),
    readMessages(store, { unreadOnly: false, limit: MAX_ROWS }),
    readLink(store),
  ]);
  return { accounts, statuses: new Map(statuses.map((row) => [row.account, row])), mailboxes, messages, outbox, link };
}
