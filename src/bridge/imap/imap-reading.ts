/** Opening a folder and fetching from it. Nothing here changes anything: bodies are read by PEEK alone. */
import type { ImapFlow } from 'imapflow';
import type { Flags } from '../../model.ts';
import { BridgeError } from '../errors.ts';
import { readBodyStructure } from '../message/body-structure.ts';
import type { Part } from '../message/part.ts';
import { COMMAND_TIMEOUT, type ImapConnection, LONG_COMMAND_TIMEOUT } from './imap-connection.ts';
import { atom, type Token, textOf } from './imapflow-client.ts';
import { isUid } from './uid-ranges.ts';

/** Bytes of a header that are kept: many times what a row shows. A hundred rows wait together to be decoded. */
const MAX_HEADER = 64 * 1024;
/** A slow line brings this many bytes a millisecond; less is no line. */
const LEAST_SPEED = 20;

/** What SELECT said (RFC 9051 section 6.3.2). */
export interface Selected {
  uidValidity: number;
  /** null where the server does not tell (163.com). */
  uidNext: number | null;
  /** How many messages there are. */
  exists: number;
  /** HIGHESTMODSEQ (RFC 7162 section 3.1.2.1); null where there is none, or none to rely on. */
  modseq: bigint | null;
}

export interface FetchedFlags extends Flags {
  deleted: boolean;
  /** RFC 7162 section 3.1.4.2. */
  modseq: bigint | null;
  /** The same for all copies of a message (RFC 8474 section 5.1, X-GM-MSGID); '' where the server has none. */
  emailId: string;
}

/** One message as fetched: everything but the decoding. */
export interface FetchedHeader extends FetchedFlags {
  /** INTERNALDATE, milliseconds since 1970. */
  date: number;
  size: number;
  /** The header fields that were asked for, as bytes. */
  header: Uint8Array;
}

export interface ImapReading {
  /** SELECT, or EXAMINE for reading alone. @throws {BridgeError} `folder-missing` */
  select(folder: string, forWriting: boolean): Promise<Selected>;
  /** Whether the selected folder was opened for reading alone. */
  readOnly(): boolean;
  /** How many messages the selected folder has, as far as the server has told. */
  exists(): number;
  /** `set` is a UID set, or a set of sequence numbers with `bySequence`. In no particular order. */
  fetchHeaders(set: string, fields: readonly string[], bySequence?: boolean): Promise<FetchedHeader[]>;
  /** Flags of the UIDs in the set; since a mod-sequence: of those that have changed after it. */
  fetchFlags(set: string, since?: bigint): Promise<FetchedFlags[]>;
  /** The parts of each message (BODYSTRUCTURE), by UID. */
  fetchStructures(set: string): Promise<Map<number, Part>>;
  /** What the server says in short of each message (RFC 8970), by UID. */
  fetchPreviews(set: string): Promise<Map<number, string>>;
  /** The bytes of one section from `start` on, at most `length`, of each message of the set, by UID. */
  fetchSection(set: string, section: string, start: number, length: number): Promise<Map<number, Uint8Array>>;
}

type Query = Parameters<ImapFlow['fetch']>[1];

export function makeImapReading({ client, run, stray }: ImapConnection, identify: () => Promise<unknown>): ImapReading {
  async function fetchAll<T>(
    set: string,
    query: Query,
    options: FetchOptions,
    read: (row: Row) => T | null,
  ): Promise<T[]> {
    const { bySequence = false, since, timeout = LONG_COMMAND_TIMEOUT } = options;
    return run(async () => {
      const rows: T[] = [];
      // No command may run inside this loop: imapflow would wait for itself.
      for await (const row of client.fetch(set, query, {
        uid: !bySequence,
        ...(since === undefined ? {} : { changedSince: since }),
      })) {
        const known = read(row);
        // imapflow hands on what the server tells unasked meanwhile, and no event tells of it then.
        if (known) rows.push(known);
        else stray();
      }
      return rows;
    }, timeout);
  }

  async function fetchByUid<T>(set: string, query: Query, timeout: number, read: (row: Row) => T | null) {
    const pairs = await fetchAll(set, query, { timeout }, (row) => {
      const found = isUid(row.uid) ? read(row) : null;
      return found === null ? null : ([row.uid ?? 0, found] as const);
    });
    return new Map(pairs);
  }

  return {
    async select(folder, forWriting) {
      client.knowFolder(folder);
      const open = () => run(() => client.mailboxOpen(folder, { readOnly: !forWriting }), COMMAND_TIMEOUT);
      const mailbox = await open().catch(async (error: unknown) => {
        // Some servers want to know who asks before they open anything (163.com, 126.com).
        if (!(error instanceof BridgeError) || error.code !== 'server-refused') throw error;
        await identify();
        return open();
      });
      const uidValidity = Number(mailbox.uidValidity);
      if (!isUid(uidValidity)) throw new BridgeError('server-nonsense');
      const { exists, highestModseq } = mailbox;
      const modseq = client.enabled.has('CONDSTORE') && !mailbox.noModseq ? (highestModseq ?? null) : null;
      return { uidValidity, uidNext: isUid(mailbox.uidNext) ? mailbox.uidNext : null, exists, modseq };
    },
    readOnly: () => client.mailbox !== false && client.mailbox.readOnly === true,
    exists: () => (client.mailbox ? client.mailbox.exists : 0),
    fetchHeaders: (set, fields, bySequence = false) =>
      fetchAll(
        set,
        { uid: true, flags: true, internalDate: true, size: true, headers: [...fields] },
        { bySequence },
        readHeader,
      ),
    fetchFlags: (set, since) => fetchAll(set, { uid: true, flags: true }, { since }, readFlags),
    fetchStructures: (set) =>
      fetchByUid(set, { uid: true, bodyStructure: true }, LONG_COMMAND_TIMEOUT, ({ bodyStructure }) =>
        readBodyStructure(bodyStructure),
      ),
    async fetchPreviews(set) {
      const previews = new Map<number, string>();
      const read = async ({ attributes = [] }: { attributes?: Token[] }) => {
        const items = attributes.find((one) => Array.isArray(one)) ?? [];
        const uid = Number(valueAfter(items, 'UID'));
        const preview = valueAfter(items, 'PREVIEW');
        if (isUid(uid) && preview !== null) previews.set(uid, preview);
        else if (!items.some((item) => textOf(item)?.toUpperCase() === 'PREVIEW')) stray();
      };
      const attributes = [{ type: 'SEQUENCE', value: set }, [atom('UID'), atom('PREVIEW')]];
      await run(() => client.command('UID FETCH', attributes, { FETCH: read }), LONG_COMMAND_TIMEOUT);
      return previews;
    },
    fetchSection: (set, section, start, length) =>
      fetchByUid(
        set,
        { uid: true, bodyParts: [{ key: section, start, maxLength: length }] },
        COMMAND_TIMEOUT + length / LEAST_SPEED,
        // imapflow has `false` for NIL: the server has such a part, and nothing in it.
        ({ bodyParts }) => (bodyParts ? bodyParts.values().next().value || new Uint8Array() : null),
      ),
  };
}

interface FetchOptions {
  bySequence?: boolean;
  since?: bigint | undefined;
  timeout?: number;
}

interface Row {
  uid?: number | undefined;
  flags?: Set<string> | undefined;
  internalDate?: Date | string | undefined;
  size?: number | undefined;
  headers?: Uint8Array | undefined;
  modseq?: bigint | undefined;
  emailId?: string | undefined;
  bodyStructure?: unknown;
  bodyParts?: Map<string, Uint8Array> | undefined;
}

/** null for a row that was not asked for: imapflow hands on unsolicited ones without a UID. */
function readFlags(row: Row): FetchedFlags | null {
  if (!isUid(row.uid) || !row.flags) return null;
  return {
    uid: row.uid,
    seen: row.flags.has('\\Seen'),
    flagged: row.flags.has('\\Flagged'),
    answered: row.flags.has('\\Answered'),
    deleted: row.flags.has('\\Deleted'),
    modseq: row.modseq ?? null,
    emailId: (row.emailId ?? '').slice(0, MAX_EMAIL_ID),
  };
}

/** RFC 8474 section 4.2 allows 255 characters. */
const MAX_EMAIL_ID = 255;

function readHeader(row: Row): FetchedHeader | null {
  const flags = readFlags(row);
  if (!flags || !row.headers) return null;
  const date = new Date(row.internalDate ?? 0).getTime();
  const size = row.size !== undefined && row.size >= 0 && row.size <= 4294967295 ? row.size : 0;
  return { ...flags, date: Number.isNaN(date) ? 0 : date, size, header: cut(row.headers) };
}

/** A copy where it is cut: a view would keep all of it in memory. */
function cut(header: Uint8Array): Uint8Array {
  return header.length > MAX_HEADER ? new Uint8Array(header.subarray(0, MAX_HEADER)) : header;
}

function valueAfter(items: Token, name: string): string | null {
  if (!Array.isArray(items)) return null;
  const at = items.findIndex((item, index) => index % 2 === 0 && textOf(item)?.toUpperCase() === name);
  return at < 0 ? null : textOf(items[at + 1]);
}
