/** Every IMAP command that the server knows, by name. */
import { appendCommand } from './imap-append.ts';
import type { ImapCommand } from './imap-command.ts';
import { connectionCommands } from './imap-connection-commands.ts';
import { fetchCommands } from './imap-fetch.ts';
import { folderCommands } from './imap-folder-commands.ts';
import { listCommands } from './imap-list.ts';
import { messageCommands } from './imap-message-commands.ts';
import { searchCommands } from './imap-search.ts';
import { selectCommands } from './imap-select.ts';
import { signInCommands } from './imap-sign-in.ts';

const all: readonly ImapCommand[] = [
  ...connectionCommands,
  ...signInCommands,
  ...listCommands,
  ...folderCommands,
  ...selectCommands,
  ...searchCommands,
  ...fetchCommands,
  ...messageCommands,
  appendCommand,
];

export const imapCommands: ReadonlyMap<string, ImapCommand> = new Map(all.map((command) => [command.name, command]));
