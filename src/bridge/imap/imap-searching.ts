/** Which messages of the selected folder are such and such: SEARCH in all the ways in which servers answer it. */
import type { ImapFlow } from 'imapflow';
import type { SearchQuery } from '../../model.ts';
import { type ImapConnection, LONG_COMMAND_TIMEOUT } from './imap-connection.ts';
import { isUid, listUids, parseUidRanges } from './uid-ranges.ts';

/** Servers that answer a SEARCH with only so many messages do so with a round number (Yahoo: 1,000). */
const ROUND_NUMBER = 1000;
/** A bound for what a server may claim; nobody has so many unread messages. */
const MAX_FOUND = 5_000_000;

export interface ImapSearching {
  /** UIDs of all messages that are unseen and not deleted, ascending. */
  searchUnseen(): Promise<number[]>;
  /** Which UIDs of the set there are. */
  searchUids(set: string): Promise<number[]>;
  search(query: SearchQuery): Promise<number[]>;
  /** UIDs of messages with this Message-ID. */
  searchMessageId(messageId: string): Promise<number[]>;
}

type Criteria = Exclude<Parameters<ImapFlow['search']>[0], boolean>;

export function makeImapSearching({ client, run, refused }: ImapConnection): ImapSearching {
  async function plainly(criteria: Criteria): Promise<number[]> {
    const uids = await run(() => client.search(criteria, { uid: true }), LONG_COMMAND_TIMEOUT);
    if (!Array.isArray(uids)) throw refused();
    return uids.filter(isUid);
  }

  /** By ESEARCH where there is one: its answer is a set, short however much it names (RFC 4731 section 3.1). */
  async function find(criteria: Criteria): Promise<number[]> {
    if (!client.capabilities.has('ESEARCH')) return plainly(criteria);
    const options = { uid: true, returnOptions: ['ALL', 'COUNT'] };
    const answer: unknown = await run(() => client.search(criteria, options), LONG_COMMAND_TIMEOUT);
    if (typeof answer !== 'object' || answer === null) throw refused();
    const { all = '', count } = answer as { all?: string; count?: number };
    if (count === 0) return [];
    const ranges = parseUidRanges(all);
    const uids = ranges && listUids(ranges, MAX_FOUND);
    // A count that is not the set's own: this server's ESEARCH cannot be relied on (Purelymail, iCloud).
    return uids && uids.length === count ? uids : plainly(criteria);
  }

  /** All of them, also where the server stops at a round number: what lies below and above is asked for too. */
  async function findAll(criteria: Criteria): Promise<number[]> {
    const found = await find(criteria);
    const more = async (rest: string | null) => {
      const [first, last] = rest === null ? [] : rest.split(':');
      const within = (uid: number) => uid >= Number(first) && (last === '*' || uid <= Number(last));
      // `n:*` names the last message even when it is older than n.
      return rest === null ? [] : (await find({ ...criteria, uid: rest })).filter(within);
    };
    const all = [found];
    for (let part = found; isRound(part); all.push(part)) part = await more(below(part));
    for (let part = found; isRound(part); all.push(part)) part = await more(`${(part.at(-1) ?? 0) + 1}:*`);
    return all.flat().sort((a, b) => a - b);
  }

  return {
    searchUnseen: () => findAll({ seen: false, deleted: false }),
    searchUids: (set) => find({ uid: set }),
    search: ({ text, from, subject, unread, since }) =>
      find({
        deleted: false,
        ...(text === undefined ? {} : { text }),
        ...(from === undefined ? {} : { from }),
        ...(subject === undefined ? {} : { subject }),
        ...(unread ? { seen: false } : {}),
        ...(since === undefined ? {} : { since: new Date(since) }),
      }),
    searchMessageId: (messageId) => find({ header: { 'Message-ID': messageId } }),
  };
}

function isRound(uids: readonly number[]): boolean {
  return uids.length > 0 && uids.length % ROUND_NUMBER === 0;
}

/** @param uids ascending */
function below(uids: readonly number[]): string | null {
  const [lowest = 1] = uids;
  return lowest > 1 ? `1:${lowest - 1}` : null;
}
