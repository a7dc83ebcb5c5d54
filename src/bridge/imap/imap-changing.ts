/**
 * What changes messages of the selected folder. Flags are added and taken away, never replaced; nothing is expunged that
 * was not named. imapflow's own methods are not used: they swallow the reason of a refusal, and expunge whatever is
 * marked where a server lacks MOVE or UIDPLUS.
 */
import { BridgeError } from '../errors.ts';
import { type ImapConnection, LONG_COMMAND_TIMEOUT } from './imap-connection.ts';
import { atom, type Token } from './imapflow-client.ts';
import { mailboxToken } from './mailbox-name.ts';

/** The flags that are set here (RFC 9051 section 2.3.2). */
export type Flag = '\\Seen' | '\\Flagged' | '\\Deleted';

export interface ImapChanging {
  /** Adds the flag to the UIDs of the set, or takes it away. */
  setFlag(set: string, flag: Flag, on: boolean): Promise<void>;
  /** UID MOVE (RFC 6851). @throws {BridgeError} `folder-missing` where there is no such folder */
  move(set: string, to: string): Promise<void>;
  copy(set: string, to: string): Promise<void>;
  /** UID EXPUNGE (RFC 4315 section 2.1): of what is marked \Deleted, these UIDs alone. */
  expunge(set: string): Promise<void>;
}

export function makeImapChanging(connection: ImapConnection): ImapChanging {
  const { client, run } = connection;
  const carryOut = (name: string, set: string, ...rest: Token[]) =>
    run(() => client.command(name, [{ type: 'SEQUENCE', value: set }, ...rest]), LONG_COMMAND_TIMEOUT);

  return {
    setFlag: (set, flag, on) => carryOut('UID STORE', set, atom(on ? '+FLAGS.SILENT' : '-FLAGS.SILENT'), [atom(flag)]),
    async move(set, to) {
      if (!connection.abilities.move) throw new BridgeError('unsupported');
      await carryOut('UID MOVE', set, mailboxToken(to));
    },
    copy: (set, to) => carryOut('UID COPY', set, mailboxToken(to)),
    async expunge(set) {
      if (!connection.abilities.uidplus) throw new BridgeError('unsupported');
      await carryOut('UID EXPUNGE', set);
    },
  };
}
