/** What a command is. */
import type { ImapArguments } from './imap-arguments.ts';
import type { ImapSession, ImapState } from './imap-session.ts';

/** What follows the tag, as in `OK Done`; with what is to be done once it has been sent. */
export type ImapAnswer = string | { status: string; afterwards: () => Promise<void> };

export interface ImapCommand {
  /** In capitals; `UID FETCH` is a command of its own. */
  name: string;
  /** When it may be given; `authenticated` means selected, too. */
  state: ImapState | 'any';
  /** The capability without which the server does not know it. */
  capability?: string;
  /** No EXPUNGE may be told while it is answered (RFC 9051 section 7.5.1). */
  keepsNumbers?: boolean;
  /**
   * Sends the untagged answers itself and gives the tagged one.
   * @throws {ImapRefusal}
   */
  run(session: ImapSession, args: ImapArguments, tag: string): ImapAnswer | Promise<ImapAnswer>;
}
