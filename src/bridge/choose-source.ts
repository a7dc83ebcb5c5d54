/** The one place where an account's protocol decides anything: everything else asks `source.can`. */
import type { Account, Can } from '../model.ts';
import type { ConnectionBudget } from './connection-budget.ts';
import { BridgeError } from './errors.ts';
import { openImapAccount } from './imap/imap-account.ts';
import { IMAP_CAN } from './imap/imap-source.ts';
import type { Log } from './log.ts';
import type { MailAccount } from './mail-source.ts';

export interface OpenOptions {
  /** The version that a server is told. */
  version: string;
  /** Shared by all accounts. */
  budget: ConnectionBudget;
  log: Log;
  now: () => number;
}

/** Makes ready to connect; nothing is sent yet. */
export type OpenAccount = (account: Account) => MailAccount;

/** What an account can do, known before it has ever connected. */
export function canOf(_account: Account): Can {
  return IMAP_CAN;
}

export function makeOpenAccount(options: OpenOptions): OpenAccount {
  return (account) => (account.protocol === 'pop3' ? NOT_YET : openImapAccount({ ...options, account }));
}

const NOT_YET: MailAccount = {
  connect() {
    throw new BridgeError('unsupported');
  },
  pause: () => 0,
};
