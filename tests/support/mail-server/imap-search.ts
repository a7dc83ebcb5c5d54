/** SEARCH and UID SEARCH with RETURN (RFC 9051 section 6.4.4, RFC 4731). */
import type { ImapArguments } from './imap-arguments.ts';
import type { ImapCommand } from './imap-command.ts';
import { ImapRefusal } from './imap-refusal.ts';
import { parseSearchKeys } from './imap-search-keys.ts';
import type { ImapSession } from './imap-session.ts';
import { formatSequenceSet } from './sequence-set.ts';

export const searchCommands: readonly ImapCommand[] = [search('SEARCH', false), search('UID SEARCH', true)];

function search(name: string, byUid: boolean): ImapCommand {
  return {
    name,
    state: 'selected',
    keepsNumbers: !byUid,
    run(session, args, tag) {
      const returned = parseReturn(session, args);
      if (args.takeWord('CHARSET')) args.text();
      const { selected } = session;
      if (!selected) throw new ImapRefusal('BAD Nothing selected');
      const keys = parseSearchKeys(args, {
        largestSeq: selected.largest(false),
        largestUid: selected.largest(true),
        condstore: session.can('CONDSTORE'),
      });
      if (keys.usesModseq) session.condstore = true;
      const found = [...selected.known()].filter(keys.fits).slice(0, session.settings.faults.searchLimit);
      const numbers = found.map(({ seq, message }) => (byUid ? message.uid : seq));
      const modseq = keys.usesModseq ? Math.max(0, ...found.map(({ message }) => message.modseq)) : 0;
      if (returned) session.untagged(formatEsearch(tag, byUid, returned, numbers, modseq));
      else session.untagged(['SEARCH', ...numbers, ...(modseq ? [`(MODSEQ ${modseq})`] : [])].join(' '));
      return 'OK Done';
    },
  };
}

/** Null without RETURN. */
function parseReturn(session: ImapSession, args: ImapArguments): string[] | null {
  if (!args.takeWord('RETURN')) return null;
  if (!session.can('ESEARCH')) throw new ImapRefusal('BAD No RETURN here');
  const options = args
    .list()
    .atoms()
    .map((option) => option.toUpperCase());
  for (const option of options) {
    if (!['MIN', 'MAX', 'COUNT', 'ALL'].includes(option)) throw new ImapRefusal('BAD Unknown RETURN option');
  }
  return options.length ? options : ['ALL'];
}

function formatEsearch(
  tag: string,
  byUid: boolean,
  options: readonly string[],
  numbers: readonly number[],
  modseq: number,
): string {
  const parts = [`ESEARCH (TAG "${tag}")`];
  if (byUid) parts.push('UID');
  for (const option of options) {
    if (option === 'COUNT') parts.push(`COUNT ${numbers.length}`);
    else if (numbers.length === 0) continue;
    else if (option === 'MIN') parts.push(`MIN ${numbers[0]}`);
    else if (option === 'MAX') parts.push(`MAX ${numbers.at(-1)}`);
    else parts.push(`ALL ${formatSequenceSet(numbers)}`);
  }
  if (modseq) parts.push(`MODSEQ ${modseq}`);
  return parts.join(' ');
}
