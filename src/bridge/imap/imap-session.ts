/**
 * One signed-in IMAP connection. The only place that knows imapflow: its events become one callback, its `false` and
 * `undefined` become errors, and every command has a deadline after which the connection is thrown away.
 */
import { ImapFlow } from 'imapflow';
import type { Account, ErrorCode, Flags } from '../../model.ts';
import { within } from '../deadline.ts';
import { BridgeError } from '../errors.ts';
import { checkServer, TLS_OPTIONS } from '../tls.ts';
import { toBridgeError } from './imap-errors.ts';

/** DNS, TCP and TLS together; a server that takes longer is not there. */
const CONNECT_TIMEOUT = 15_000;
/** The greeting comes at once from any server that works (the same limit as for connecting). */
const GREETING_TIMEOUT = 15_000;
/** Connecting, greeting and signing in; some servers delay the answer to a sign-in by many seconds. */
const OPEN_TIMEOUT = 50_000;
/** A command without data to speak of. */
const COMMAND_TIMEOUT = 30_000;
/** A FETCH or SEARCH over thousands of messages on a slow server. */
const LONG_COMMAND_TIMEOUT = 60_000;
/** Goodbyes are a courtesy. */
const LOGOUT_TIMEOUT = 1_000;

const LIMITS = {
  /** imapflow waits 15 s before it listens again, and hears nothing meanwhile. */
  autoIdleDelay: 100,
  /** Firewalls forget a silent connection after 5 minutes and more. */
  maxIdleTime: 4 * 60_000,
  /** A silent peer is noticed after this long without a byte while an answer is due. */
  socketTimeout: 120_000,
  /**
   * The library's own limits are 1 GiB. Past these the line is cut, so no message that a server accepts may come near
   * them: a sender could shut the account with one of many megabytes of subject.
   */
  maxLineLength: 16 * 1024 * 1024,
  maxLiteralSize: 16 * 1024 * 1024,
  maxResponseSize: 40 * 1024 * 1024,
  maxResponseTokens: 300_000,
} as const;

/** Bytes of a header that are kept: many times what a row shows. A hundred rows wait together to be decoded. */
const MAX_HEADER = 64 * 1024;

/** What SELECT said (RFC 9051 section 6.3.2). */
export interface Selected {
  uidValidity: number;
  uidNext: number;
  /** How many messages there are. */
  exists: number;
}

/** One message as fetched: everything but the decoding. */
export interface FetchedHeader extends Flags {
  deleted: boolean;
  /** INTERNALDATE, milliseconds since 1970. */
  date: number;
  size: number;
  /** The header fields that were asked for, as bytes. */
  header: Uint8Array;
}

export type FetchedFlags = Flags & { deleted: boolean };

/** What the server told without being asked. */
export type News = 'new' | 'flags' | 'gone';

export interface ImapSession {
  /** @throws {BridgeError} */
  open(): Promise<void>;
  select(folder: string): Promise<Selected>;
  /** UIDs of all messages that are unseen and not deleted. */
  searchUnseen(): Promise<number[]>;
  /** `set` is a UID set, or a set of sequence numbers with `bySequence`. In no particular order. */
  fetchHeaders(set: string, bySequence?: boolean): Promise<FetchedHeader[]>;
  fetchFlags(set: string): Promise<FetchedFlags[]>;
  setSeen(set: string, seen: boolean): Promise<void>;
  /** NOOP: makes the server tell what is new. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

export interface SessionOptions {
  account: Account;
  secret: string;
  headerFields: readonly string[];
  /** The version that is told to the server by ID (RFC 2971). */
  version: string;
  onNews: (news: News) => void;
  /** Called once, whoever ended the connection. */
  onEnd: (code: ErrorCode) => void;
}

/** @throws {BridgeError} for settings that must never be tried */
export function makeImapSession(options: SessionOptions): ImapSession {
  const { account, onNews, onEnd } = options;
  checkServer(account.server);
  const client = new ImapFlow({
    host: account.server.host,
    port: account.server.port,
    // Never opportunistic: with neither, credentials would go out in the clear if STARTTLS were stripped.
    secure: account.server.security === 'tls',
    doSTARTTLS: account.server.security === 'tls' ? undefined : account.server.security === 'starttls',
    auth: { user: account.user, pass: options.secret },
    tls: TLS_OPTIONS,
    connectionTimeout: CONNECT_TIMEOUT,
    greetingTimeout: GREETING_TIMEOUT,
    disableCompression: true,
    logger: false,
    emitLogs: false,
    // All four: imapflow adds its own where one is missing.
    clientInfo: { name: 'Letterbox', version: options.version, vendor: 'Letterbox', 'support-url': '' },
    ...LIMITS,
  });

  let ending: ErrorCode | null = null;
  let ended = false;
  const end = (code: ErrorCode) => {
    ending ??= code;
    if (ended) return;
    ended = true;
    onEnd(ending);
  };
  // Before connect(), and never taken off: an error event without a listener ends the process.
  client.on('error', (error: unknown) => {
    ending ??= toBridgeError(error).code;
  });
  client.on('close', () => end('connection-lost'));
  client.on('exists', ({ count, prevCount }) => onNews(count >= prevCount ? 'new' : 'gone'));
  client.on('flags', () => onNews('flags'));
  client.on('expunge', () => onNews('gone'));

  /** Runs a command; past its deadline the connection is gone, since an answer could come at any time later. */
  async function run<T>(work: () => Promise<T>, milliseconds: number): Promise<T> {
    try {
      return await within(work(), milliseconds);
    } catch (error) {
      const failure = toBridgeError(error);
      if (failure.code === 'timed-out') {
        ending ??= 'timed-out';
        client.close();
      }
      throw failure;
    }
  }

  /** What a false answer means: imapflow gives the same for a NO and for a line that is gone. */
  function refused(): BridgeError {
    return new BridgeError(client.usable ? 'server-refused' : 'connection-lost');
  }

  async function fetchAll<T>(
    set: string,
    query: Parameters<ImapFlow['fetch']>[1],
    bySequence: boolean,
    read: (row: FetchedRow) => T | null,
  ) {
    return run(async () => {
      const rows: T[] = [];
      // No command may run inside this loop: imapflow would wait for itself.
      for await (const row of client.fetch(set, query, { uid: !bySequence })) {
        const known = read(row);
        if (known) rows.push(known);
      }
      return rows;
    }, LONG_COMMAND_TIMEOUT);
  }

  return {
    async open() {
      await run(() => client.connect(), OPEN_TIMEOUT);
      if (account.server.security !== 'none' && !client.secureConnection) {
        client.close();
        throw new BridgeError('tls-failed');
      }
    },
    async select(folder) {
      const mailbox = await run(() => client.mailboxOpen(folder), COMMAND_TIMEOUT);
      const uidValidity = Number(mailbox.uidValidity);
      if (!isUid(uidValidity)) throw new BridgeError('server-nonsense');
      return { uidValidity, uidNext: mailbox.uidNext || 1, exists: mailbox.exists };
    },
    async searchUnseen() {
      const uids = await run(() => client.search({ seen: false, deleted: false }, { uid: true }), LONG_COMMAND_TIMEOUT);
      if (!Array.isArray(uids)) throw refused();
      return uids.filter(isUid);
    },
    fetchHeaders: (set, bySequence = false) =>
      fetchAll(
        set,
        { uid: true, flags: true, internalDate: true, size: true, headers: [...options.headerFields] },
        bySequence,
        readHeader,
      ),
    fetchFlags: (set) => fetchAll(set, { uid: true, flags: true }, false, readFlags),
    async setSeen(set, seen) {
      const flags = ['\\Seen'];
      const done = await run(
        () =>
          seen
            ? client.messageFlagsAdd(set, flags, { uid: true })
            : client.messageFlagsRemove(set, flags, { uid: true }),
        LONG_COMMAND_TIMEOUT,
      );
      if (!done) throw refused();
    },
    async probe() {
      // noop() resolves with false on a dead line.
      await run(() => client.noop(), COMMAND_TIMEOUT);
      if (!client.usable) throw new BridgeError('connection-lost');
    },
    async close() {
      ending ??= 'connection-lost';
      if (client.usable) await within(client.logout(), LOGOUT_TIMEOUT).catch(() => {});
      client.close();
      end('connection-lost');
    },
  };
}

interface FetchedRow {
  uid?: number | undefined;
  flags?: Set<string> | undefined;
  internalDate?: Date | string | undefined;
  size?: number | undefined;
  headers?: Uint8Array | undefined;
}

/** UIDs and UIDVALIDITY are non-zero 32-bit numbers; anything else a server says is ignored. */
function isUid(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 4294967295;
}

/** null for a row that was not asked for: imapflow hands on unsolicited ones without a UID. */
function readFlags(row: FetchedRow): FetchedFlags | null {
  if (row.uid === undefined || !isUid(row.uid) || !row.flags) return null;
  return {
    uid: row.uid,
    seen: row.flags.has('\\Seen'),
    flagged: row.flags.has('\\Flagged'),
    answered: row.flags.has('\\Answered'),
    deleted: row.flags.has('\\Deleted'),
  };
}

function readHeader(row: FetchedRow): FetchedHeader | null {
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
