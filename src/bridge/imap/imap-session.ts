/** One signed-in IMAP connection with all that is asked of it. The only files that know imapflow are below this one. */

import { type ImapChanging, makeImapChanging } from './imap-changing.ts';
import { COMMAND_TIMEOUT, type ConnectionOptions, type ImapConnection, makeImapConnection } from './imap-connection.ts';
import { type ImapFolders, makeImapFolders } from './imap-folders.ts';
import { type ImapReading, makeImapReading } from './imap-reading.ts';
import { type ImapSearching, makeImapSearching } from './imap-searching.ts';

export interface ImapSession extends ImapReading, ImapSearching, ImapChanging, ImapFolders {
  readonly abilities: ImapConnection['abilities'];
  open(): Promise<void>;
  probe(milliseconds?: number): Promise<void>;
  /** Says who asks (RFC 2971) and resolves with the server's own name, '' where it tells none. */
  identify(): Promise<string>;
  close(): Promise<void>;
}

/** @throws {BridgeError} for settings that must never be tried */
export function makeImapSession(options: ConnectionOptions): ImapSession {
  const connection = makeImapConnection(options);
  const { client, run, open, probe, close } = connection;

  async function identify(): Promise<string> {
    if (!client.capabilities.has('ID')) return '';
    const answer = await run(() => client.run('ID', client.clientInfo), COMMAND_TIMEOUT);
    const name = typeof answer === 'object' && answer !== null && 'name' in answer ? answer.name : '';
    return typeof name === 'string' ? name : '';
  }

  return {
    ...makeImapReading(connection, identify),
    ...makeImapSearching(connection),
    ...makeImapChanging(connection),
    ...makeImapFolders(connection),
    get abilities() {
      return connection.abilities;
    },
    open,
    probe,
    identify,
    close,
  };
}
