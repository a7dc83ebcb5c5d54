/** An IMAP account: what is learnt on one line is there on the next. */
import type { MailAccount } from '../mail-source.ts';
import { type MemoryOptions, makeImapMemory } from './imap-memory.ts';
import { makeImapSource } from './imap-source.ts';

export function openImapAccount(options: MemoryOptions): MailAccount {
  const memory = makeImapMemory(options);
  return {
    connect: (secret) => makeImapSource(memory, secret),
    pause: () => memory.logins.wait(),
  };
}
