/** Puts in what rows lack, a few at a time, whenever the line has nothing better to do. */
import type { ErrorCode } from '../../model.ts';
import type { ImapFolder } from './imap-folder.ts';
import type { ImapLine } from './imap-line.ts';
import type { ImapSession } from './imap-session.ts';
import { fillIn, glanceAtEach, unlooked } from './snippets.ts';

/** Begins to look at the rows of a folder that nobody has looked at yet. */
export type FillRows = (line: ImapLine, path: string) => void;

export function makeRowFilling(
  folders: ReadonlyMap<string, ImapFolder>,
  note: (error: unknown) => ErrorCode,
): FillRows {
  function fillRows(line: ImapLine, path: string): void {
    const folder = folders.get(path);
    if (!folder?.held || unlooked(folder.held.state).length === 0) return;
    const job = async (session: ImapSession) => {
      const uids = folder.held ? unlooked(folder.held.state) : [];
      if (uids.length === 0) return;
      const seen = await glanceAtEach(session, uids);
      folder.change((state) => fillIn(state, uids, seen));
      fillRows(line, path);
    };
    void line.run(path, job, 'filling').catch((error: unknown) => {
      // A line that is gone is followed by another, which goes on.
      if (note(error) !== 'connection-lost') folder.change((state) => fillIn(state, unlooked(state), new Map()));
    });
  }
  return fillRows;
}
