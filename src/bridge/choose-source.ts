/** The one place where an account's protocol decides anything: everything else asks `source.can`. */
import type { Account, Can } from '../model.ts';
import { BridgeError } from './errors.ts';
import { IMAP_CAN, makeImapSource } from './imap/imap-source.ts';
import type { MailSource } from './mail-source.ts';

export interface SourceOptions {
  account: Account;
  secret: string;
  version: string;
  now: () => number;
}

export type MakeSource = (options: SourceOptions) => MailSource;

/** What an account can do, known before it has ever connected. */
export function canOf(_account: Account): Can {
  return IMAP_CAN;
}

/** @throws {BridgeError} `unsupported`, or for settings that must never be tried */
export const chooseSource: MakeSource = (options) => {
  if (options.account.protocol === 'pop3') throw new BridgeError('unsupported');
  return makeImapSource(options);
};
