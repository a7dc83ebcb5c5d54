/** The list's shape: one group an account, each with its number and its rows. Pure. */
import { expectedUnread, overlay } from '../counting.ts';
import type { Account, AccountStatus, Folder, Message } from '../model.ts';
import type { OutboxRow } from '../store.ts';
import { type RemoveAct, removalsFrom } from './acts.ts';
import { messageKey } from './message-key.ts';
import type { Snapshot } from './snapshot.ts';

export interface Group {
  account: Account;
  status: AccountStatus | undefined;
  /** With the pending marks taken into account; null while it is not known. */
  unread: number | null;
  /** The account's folders by their paths; none until the bridge has told them. */
  folders: ReadonlyMap<string, Folder>;
  /** Newest first, with the pending marks taken into account. */
  messages: Message[];
}

/** @param outbox the stored one and what has been done on this page since, oldest first */
export function groupsOf(snapshot: Snapshot, outbox: readonly OutboxRow[]): Group[] {
  const cached = byAccount(snapshot.messages);
  const shown = byAccount(overlay(snapshot.messages, outbox));
  return snapshot.accounts.map((account) => {
    const status = snapshot.statuses.get(account.id);
    const unread = status ? expectedUnread(status, outbox, cached.get(account.id) ?? []) : null;
    const folders = new Map(snapshot.folders.get(account.id)?.map((folder) => [folder.path, folder]));
    return { account, status, unread, folders, messages: shown.get(account.id) ?? [] };
  });
}

/** Over all accounts that have a number; null when none has. */
export function totalUnread(groups: readonly Group[]): number | null {
  const known = groups.flatMap((group) => group.unread ?? []);
  return known.length === 0 ? null : known.reduce((sum, unread) => sum + unread, 0);
}

/** How a message of the group can be taken out of its folder. */
export function removalsOf({ status, folders }: Group, message: Message): readonly RemoveAct[] {
  return removalsFrom(status?.can, folders.get(message.folder)?.role ?? null);
}

/** The message that a row's key names, with its group; null when it is not among these. */
export function findRow(groups: readonly Group[], key: string): { group: Group; message: Message } | null {
  for (const group of groups) {
    const message = group.messages.find((one) => messageKey(one) === key);
    if (message) return { group, message };
  }
  return null;
}

function byAccount(messages: readonly Message[]): Map<string, Message[]> {
  const map = new Map<string, Message[]>();
  for (const message of messages) {
    const list = map.get(message.account);
    if (list) list.push(message);
    else map.set(message.account, [message]);
  }
  return map;
}
