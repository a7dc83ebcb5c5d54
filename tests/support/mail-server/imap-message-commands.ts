/** STORE, COPY, MOVE, EXPUNGE and their UID forms (RFC 9051 section 6.4, RFC 4315, RFC 6851, RFC 7162). */
import type { Folder } from './folder.ts';
import type { ImapArguments } from './imap-arguments.ts';
import type { ImapCommand } from './imap-command.ts';
import { folderOf } from './imap-folder-commands.ts';
import { ImapRefusal } from './imap-refusal.ts';
import type { ImapSession } from './imap-session.ts';
import type { SelectedMailbox } from './selected-mailbox.ts';
import { formatSequenceSet, isInSet, type SequenceSet } from './sequence-set.ts';

export const messageCommands: readonly ImapCommand[] = [
  store('STORE', false),
  store('UID STORE', true),
  copy('COPY', false, false),
  copy('UID COPY', true, false),
  copy('MOVE', false, true),
  copy('UID MOVE', true, true),
  {
    name: 'EXPUNGE',
    state: 'selected',
    run(session, args) {
      args.end();
      expungeDeleted(session, writable(session).folder, () => true);
      return 'OK Done';
    },
  },
  {
    name: 'UID EXPUNGE',
    state: 'selected',
    capability: 'UIDPLUS',
    run(session, args) {
      const selected = writable(session);
      const set = args.sequenceSet();
      args.end();
      const largest = selected.largest(true);
      expungeDeleted(session, selected.folder, (uid) => isInSet(set, uid, largest));
      return 'OK Done';
    },
  },
];

/** Removes what is marked `\Deleted` and named. */
export function expungeDeleted(session: ImapSession, folder: Folder, isNamed: (uid: number) => boolean): void {
  const doomed = folder.messages.filter((message) => message.flags.has('\\Deleted') && isNamed(message.uid));
  folder.remove(
    doomed.map((message) => message.uid),
    session,
  );
}

function writable(session: ImapSession): SelectedMailbox {
  const { selected } = session;
  if (!selected || selected.readOnly) throw new ImapRefusal('NO [READ-ONLY] The mailbox is read-only');
  return selected;
}

function namedUids(selected: SelectedMailbox, set: SequenceSet, byUid: boolean): number[] {
  const largest = selected.largest(byUid);
  return [...selected.known()]
    .filter(({ seq, message }) => isInSet(set, byUid ? message.uid : seq, largest))
    .map(({ message }) => message.uid);
}

function store(name: string, byUid: boolean): ImapCommand {
  return {
    name,
    state: 'selected',
    keepsNumbers: !byUid,
    run(session, args) {
      const selected = writable(session);
      const uids = namedUids(selected, args.sequenceSet(), byUid);
      const unchangedSince = parseUnchangedSince(session, args);
      const [, sign = '', silent] = /^([+-]?)FLAGS(\.SILENT)?$/i.exec(args.atom()) ?? unknownItem();
      const flags = (args.listIfAny() ?? args).atoms().map(systemFlag);
      const isStale = (uid: number): boolean => (selected.folder.message(uid)?.modseq ?? 0) > unchangedSince;
      const fresh = uids.filter((uid) => !isStale(uid));
      const stale = uids.filter(isStale);
      selected.folder.setFlags(fresh, sign === '+' ? 'add' : sign === '-' ? 'remove' : 'set', flags, session);
      for (const uid of fresh) tellFlags(session, selected, uid, { byUid, silent: silent !== undefined });
      return stale.length ? `OK [MODIFIED ${numbers(selected, stale, byUid)}] Some were changed` : 'OK Done';
    },
  };
}

function unknownItem(): never {
  throw new ImapRefusal('BAD Unknown STORE item');
}

/** Infinity without UNCHANGEDSINCE (RFC 7162 section 3.1.3). */
function parseUnchangedSince(session: ImapSession, args: ImapArguments): number {
  const modifiers = args.listIfAny();
  if (!modifiers) return Number.POSITIVE_INFINITY;
  if (!session.can('CONDSTORE') || !modifiers.takeWord('UNCHANGEDSINCE')) throw new ImapRefusal('BAD Unknown modifier');
  session.condstore = true;
  return modifiers.number();
}

function numbers(selected: SelectedMailbox, uids: readonly number[], byUid: boolean): string {
  return formatSequenceSet(byUid ? uids : uids.map((uid) => selected.sequenceOf(uid)));
}

/** `.SILENT` leaves out the flags, not the mod-sequence (RFC 7162 section 3.1.3). */
function tellFlags(
  session: ImapSession,
  selected: SelectedMailbox,
  uid: number,
  { byUid, silent }: { byUid: boolean; silent: boolean },
): void {
  const message = selected.folder.message(uid);
  if (!message || (silent && !session.condstore)) return;
  const items: string[] = [];
  if (byUid) items.push(`UID ${uid}`);
  if (!silent) items.push(`FLAGS (${[...message.flags].join(' ')})`);
  if (session.condstore) items.push(`MODSEQ (${message.modseq})`);
  session.untagged(`${selected.sequenceOf(uid)} FETCH (${items.join(' ')})`);
}

/** System flags are the same in any case (RFC 9051 section 2.3.2). */
function systemFlag(flag: string): string {
  return flag.startsWith('\\') ? `\\${flag.charAt(1).toUpperCase()}${flag.slice(2).toLowerCase()}` : flag;
}

function copy(name: string, byUid: boolean, moves: boolean): ImapCommand {
  return {
    name,
    state: 'selected',
    ...(moves ? { capability: 'MOVE' } : {}),
    run(session, args) {
      const { account, selected } = session;
      if (!account || !selected) throw new ImapRefusal('BAD Nothing selected');
      const set = args.sequenceSet();
      const target = folderOf(session, args.mailbox(), 'TRYCREATE');
      args.end();
      if (moves) writable(session);
      const uids = namedUids(selected, set, byUid);
      const pairs = moves
        ? account.move(uids, selected.folder, target, session)
        : account.copy(uids, selected.folder, target, session);
      if (!session.can('UIDPLUS') || pairs.length === 0) return 'OK Done';
      const from = formatSequenceSet(pairs.map((pair) => pair[0]));
      const to = formatSequenceSet(pairs.map((pair) => pair[1]));
      const code = `[COPYUID ${target.uidValidity} ${from} ${to}]`;
      if (!moves) return `OK ${code} Done`;
      // For MOVE it comes before the EXPUNGEs (RFC 6851 section 4.3).
      session.untagged(`OK ${code} Moved`);
      return 'OK Done';
    },
  };
}
