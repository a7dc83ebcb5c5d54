/** FETCH and UID FETCH (RFC 9051 section 6.4.5, RFC 7162 section 3.1.4). */
import type { ImapArguments } from './imap-arguments.ts';
import type { ImapCommand } from './imap-command.ts';
import { type FetchItem, parseFetchItems } from './imap-fetch-items.ts';
import { formatList } from './imap-format.ts';
import { ImapRefusal } from './imap-refusal.ts';
import type { ImapSession } from './imap-session.ts';
import { isInSet } from './sequence-set.ts';

export const fetchCommands: readonly ImapCommand[] = [fetch('FETCH', false), fetch('UID FETCH', true)];

function fetch(name: string, byUid: boolean): ImapCommand {
  return {
    name,
    state: 'selected',
    keepsNumbers: !byUid,
    run(session, args) {
      const { selected } = session;
      if (!selected) throw new ImapRefusal('BAD Nothing selected');
      const set = args.sequenceSet();
      const items = parseFetchItems(args, session.can('CONDSTORE'));
      const changedSince = parseChangedSince(session, args);
      args.end();
      if (items.some((item) => item.name === 'MODSEQ')) session.condstore = true;
      if (byUid) addItem(items, 'UID', (message) => String(message.uid));
      // RFC 7162 section 3.1.4.1: asked for changes, the answer has MODSEQ.
      if (changedSince !== null) addItem(items, 'MODSEQ', (message) => `(${message.modseq})`);
      const largest = selected.largest(byUid);
      for (const { seq, message } of selected.known()) {
        if (!isInSet(set, byUid ? message.uid : seq, largest)) continue;
        if (changedSince !== null && message.modseq <= changedSince) continue;
        markSeen(session, items, message.uid);
        const current = selected.folder.message(message.uid) ?? message;
        const values = items.flatMap((item) => [item.name, item.value(current)]);
        session.untagged(Buffer.concat([Buffer.from(`${seq} FETCH `), formatList(values)]));
      }
      return 'OK Done';
    },
  };
}

function addItem(items: FetchItem[], name: string, value: FetchItem['value']): void {
  if (!items.some((item) => item.name === name)) items.unshift({ name, marksSeen: false, value });
}

/** Null without CHANGEDSINCE. */
function parseChangedSince(session: ImapSession, args: ImapArguments): number | null {
  const modifiers = args.listIfAny();
  if (!modifiers) return null;
  if (!session.can('CONDSTORE') || !modifiers.takeWord('CHANGEDSINCE')) throw new ImapRefusal('BAD Unknown modifier');
  const modseq = modifiers.number();
  modifiers.end();
  session.condstore = true;
  return modseq;
}

/** BODY[] without PEEK reads the message, and says so (RFC 9051 section 6.4.5). */
function markSeen(session: ImapSession, items: FetchItem[], uid: number): void {
  const { selected } = session;
  if (!selected || selected.readOnly || !items.some((item) => item.marksSeen)) return;
  const before = selected.folder.message(uid)?.flags.has('\\Seen');
  selected.folder.setFlags(uid, 'add', ['\\Seen'], session);
  if (!before) addItem(items, 'FLAGS', (message) => `(${[...message.flags].join(' ')})`);
}
