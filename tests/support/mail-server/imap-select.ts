/** SELECT, EXAMINE, CLOSE, UNSELECT, CHECK (RFC 9051 section 6.3.2, 6.4; RFC 3691). */
import type { ImapCommand } from './imap-command.ts';
import { folderOf } from './imap-folder-commands.ts';
import { expungeDeleted } from './imap-message-commands.ts';
import { ImapRefusal } from './imap-refusal.ts';

const FLAGS = '\\Answered \\Flagged \\Deleted \\Seen \\Draft';

export const selectCommands: readonly ImapCommand[] = [
  opening('SELECT', false),
  opening('EXAMINE', true),
  {
    name: 'CLOSE',
    state: 'selected',
    run(session, args) {
      args.end();
      const { selected } = session;
      session.deselect();
      if (selected && !selected.readOnly) expungeDeleted(session, selected.folder, () => true);
      return 'OK Done';
    },
  },
  {
    name: 'UNSELECT',
    state: 'selected',
    capability: 'UNSELECT',
    run(session, args) {
      args.end();
      session.deselect();
      return 'OK Done';
    },
  },
  {
    name: 'CHECK',
    state: 'selected',
    run: () => 'OK Done',
  },
];

function opening(name: string, readOnly: boolean): ImapCommand {
  return {
    name,
    state: 'authenticated',
    run(session, args) {
      // A failed SELECT leaves nothing selected (RFC 9051 section 6.3.2).
      session.deselect();
      const folder = folderOf(session, args.mailbox());
      const parameters = args.listIfAny()?.atoms() ?? [];
      args.end();
      for (const parameter of parameters) {
        if (parameter.toUpperCase() !== 'CONDSTORE' || !session.can('CONDSTORE')) {
          throw new ImapRefusal('BAD Unknown parameter');
        }
        session.condstore = true;
      }
      const selected = session.select(folder, readOnly);
      const firstUnseen = folder.messages.findIndex((message) => !message.flags.has('\\Seen')) + 1;
      session.untagged(`FLAGS (${FLAGS})`);
      session.untagged(`OK [PERMANENTFLAGS (${readOnly ? '' : `${FLAGS} \\*`})] Flags permitted`);
      session.untagged(`${selected.exists} EXISTS`);
      session.untagged('0 RECENT');
      const { bareSelect } = session.settings.faults;
      if (firstUnseen && !bareSelect) session.untagged(`OK [UNSEEN ${firstUnseen}] First unseen`);
      session.untagged(`OK [UIDVALIDITY ${folder.uidValidity}] UIDs valid`);
      if (!bareSelect) session.untagged(`OK [UIDNEXT ${folder.uidNext}] Predicted next UID`);
      if (session.can('CONDSTORE')) session.untagged(`OK [HIGHESTMODSEQ ${folder.highestModseq}] Highest`);
      return readOnly ? 'OK [READ-ONLY] Done' : 'OK [READ-WRITE] Done';
    },
  };
}
