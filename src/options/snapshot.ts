/** All that the options show, read from the store in one go. */
import type { Account, AccountId, AccountStatus, Folder } from '../model.ts';
import {
  type Area,
  type Link,
  type OutboxRow,
  readAccounts,
  readFolders,
  readLink,
  readOutbox,
  readStatuses,
  type Store,
} from '../store.ts';

export interface Snapshot {
  /** As the bridge has them, with what is on its way to it. */
  accounts: ListedAccount[];
  statuses: ReadonlyMap<string, AccountStatus>;
  /** Of each account that the bridge has told them of. */
  folders: ReadonlyMap<AccountId, Folder[]>;
  outbox: OutboxRow[];
  link: Link | null;
}

export interface ListedAccount extends Account {
  /** The bridge has not confirmed these settings yet. */
  saving: boolean;
}

export const SNAPSHOT_AREAS: readonly Area[] = ['accounts', 'statuses', 'folders', 'outbox', 'link'];

export async function readSnapshot(store: Store): Promise<Snapshot> {
  const [outbox, accounts, statuses, link] = await Promise.all([
    readOutbox(store),
    readAccounts(store),
    readStatuses(store),
    readLink(store),
  ]);
  const statusByAccount = new Map(statuses.map((row) => [row.account, row]));
  const folders = await Promise.all(accounts.map(async ({ id }) => [id, await readFolders(store, id)] as const));
  return {
    accounts: withPending(accounts, outbox),
    statuses: statusByAccount,
    folders: new Map(folders),
    outbox,
    link,
  };
}

/** The accounts as they will be once the outbox is done. @param outbox oldest first */
export function withPending(accounts: readonly Account[], outbox: readonly OutboxRow[]): ListedAccount[] {
  let listed = accounts.map((account): ListedAccount => ({ ...account, saving: false }));
  for (const { operation, failed } of outbox) {
    if (failed !== null) continue;
    if (operation.kind === 'remove-account') listed = listed.filter(({ id }) => id !== operation.account);
    if (operation.kind !== 'put-account') continue;
    const changed: ListedAccount = { ...operation.account, saving: true };
    const known = listed.some(({ id }) => id === changed.id);
    listed = known ? listed.map((account) => (account.id === changed.id ? changed : account)) : [...listed, changed];
  }
  return listed;
}
