/** What is known of an IMAP account over all its connections: its folders as they were, and what its server can do. */
import type { Account, FolderRef } from '../../model.ts';
import type { ConnectionBudget } from '../connection-budget.ts';
import type { Log } from '../log.ts';
import { type LoginRate, makeLoginRate } from '../login-rate.ts';
import type { MailboxState } from '../mailbox-state.ts';
import { type ImapFolder, makeImapFolder } from './imap-folder.ts';
import { makePushTrust, type PushTrust } from './push-trust.ts';

export interface MemoryOptions {
  account: Account;
  version: string;
  budget: ConnectionBudget;
  log: Log;
  now: () => number;
}

/** Who is told of what the folders become: the line that is up. */
export interface FolderListener {
  onUnseen(path: string): void;
  onState(ref: FolderRef, state: MailboxState): void;
}

/** Lasts as long as the account's settings; lines come and go. */
export interface ImapMemory extends MemoryOptions {
  /** The folders that count, by path, the one to listen in first. */
  readonly folders: ReadonlyMap<string, ImapFolder>;
  readonly logins: LoginRate;
  readonly push: PushTrust;
  /** The same for NOTIFY (RFC 5465). */
  readonly notifies: PushTrust;
  /** As the server names itself; '' while it has not. */
  serverName: string;
  listener: FolderListener | null;
}

export function makeImapMemory(options: MemoryOptions): ImapMemory {
  const { account, now } = options;
  const paths = account.folders && account.folders.length > 0 ? account.folders : ['INBOX'];
  // New mail comes into the inbox: that is where to listen.
  const ordered = [...new Set(paths)].sort((a, b) => Number(b === 'INBOX') - Number(a === 'INBOX'));

  function folder(path: string): ImapFolder {
    const ref: FolderRef = { account: account.id, folder: path };
    return makeImapFolder({
      ref,
      now,
      wantsEmailIds: () => ordered.length > 1,
      onUnseen: () => memory.listener?.onUnseen(path),
      onState: (state) => memory.listener?.onState(ref, state),
    });
  }

  const memory: ImapMemory = {
    ...options,
    folders: new Map(ordered.map((path) => [path, folder(path)])),
    logins: makeLoginRate(now),
    push: makePushTrust(),
    notifies: makePushTrust(),
    serverName: '',
    listener: null,
  };
  return memory;
}
