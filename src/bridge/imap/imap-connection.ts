/**
 * One signed-in IMAP connection: its life, what the server can do, and the deadline of every command. Its errors are
 * ours; its commands are in `imap-reading`, `imap-changing` and `imap-folders`.
 */
import type { Account, ErrorCode } from '../../model.ts';
import { within } from '../deadline.ts';
import { BridgeError } from '../errors.ts';
import { checkServer, TLS_OPTIONS } from '../tls.ts';
import { toBridgeError } from './imap-errors.ts';
import { ImapflowClient } from './imapflow-client.ts';
import type { UidRanges } from './uid-ranges.ts';

/** DNS, TCP and TLS together; a server that takes longer is not there (the same limit as for the greeting). */
const CONNECT_TIMEOUT = 15_000;
/** The greeting comes at once from any server that works. */
const GREETING_TIMEOUT = 15_000;
/** Connecting, greeting and signing in; some servers delay the answer to a sign-in by many seconds. */
const OPEN_TIMEOUT = 50_000;
/** A command without data to speak of. */
export const COMMAND_TIMEOUT = 30_000;
/** A FETCH, SEARCH or STORE over thousands of messages on a slow server. */
export const LONG_COMMAND_TIMEOUT = 60_000;
/** A BAD without a tag (RFC 9051 section 7.1.3) may be all that the command gets for an answer. */
const TAIL_OF_BAD = 5_000;
/** Goodbyes are a courtesy. */
const LOGOUT_TIMEOUT = 1_000;

const LIMITS = {
  /** imapflow waits 15 s before it listens again, and hears nothing meanwhile. */
  autoIdleDelay: 50,
  /**
   * imapflow's own remedy for silence: a NOOP while it listens, the end of the line while it does not. Ours come first:
   * the deadline of each command, and a sign of life every four minutes at the latest.
   */
  socketTimeout: 300_000,
  /**
   * The library's own limits are 1 GiB. Past these the line is cut, so no message that a server accepts may come near
   * them: a sender could shut the account with one of many megabytes of subject; and a SEARCH that names a million
   * messages is one line of 8 MiB.
   */
  maxLineLength: 16 * 1024 * 1024,
  maxLiteralSize: 16 * 1024 * 1024,
  maxResponseSize: 40 * 1024 * 1024,
  maxResponseTokens: 300_000,
} as const;

/** What the server told without being asked. `gone` names the UIDs where the server does (RFC 7162), else null. */
export type News = { kind: 'exists' } | { kind: 'flags' } | { kind: 'gone'; uids: UidRanges | null };

/** What can be relied on in this session: offered by the server, and switched on where that is needed. */
export interface Abilities {
  /** RFC 7162: mod-sequences. False where ENABLE was not confirmed (iCloud). */
  condstore: boolean;
  /** RFC 7162: the UIDs of what is gone. For servers known to do it right alone. */
  qresync: boolean;
  /** RFC 6851. */
  move: boolean;
  /** RFC 4315: UID EXPUNGE, COPYUID. */
  uidplus: boolean;
  /** RFC 5465. */
  notify: boolean;
  /** RFC 5258 and 5819: several folders' STATUS in one round trip. */
  listStatus: boolean;
  /** RFC 8970. */
  preview: boolean;
  /** RFC 8474 or X-GM-EXT-1: one id for all copies of a message. */
  emailIds: boolean;
  /** Labels instead of folders: what is archived stays in All Mail. */
  gmail: boolean;
  idle: boolean;
  /** Something of what IMAP has learnt since 1997 (UIDPLUS, MOVE, CONDSTORE); several sessions share a mailbox safely. */
  modern: boolean;
}

/** Whose QRESYNC keeps its word; others lose mail with it (iCloud, some clones). Looked for in greeting and ID. */
const QRESYNC_SERVERS = /\b(dovecot|cyrus|stalwart|fastmail)\b/i;

export interface ConnectionOptions {
  account: Account;
  secret: string;
  /** The version that is told to the server by ID (RFC 2971). */
  version: string;
  /** The server's name, as an earlier connection has learnt it; '' for none. */
  serverName: string;
  /** Called before a name and a password go out. */
  onSignIn: () => void;
  onNews: (news: News) => void;
  /** Called once, whoever ended the connection. */
  onEnd: (code: ErrorCode) => void;
}

export interface ImapConnection {
  readonly client: ImapflowClient;
  /** As of `open`; before, all false. */
  readonly abilities: Abilities;
  /** @throws {BridgeError} */
  open(): Promise<void>;
  /**
   * Runs a command; past its deadline the connection is gone, since an answer could come at any time later.
   * @throws {BridgeError}
   */
  run<T>(work: () => Promise<T>, milliseconds: number): Promise<T>;
  /** What a false answer means: imapflow gives the same for a NO and for a line that is gone. */
  refused(): BridgeError;
  /** An answer that nobody has asked for: flags that have changed while something else was fetched. */
  stray(): void;
  /** NOOP: makes the server tell what is new. @param milliseconds how long a live server may take */
  probe(milliseconds?: number): Promise<void>;
  close(): Promise<void>;
}

/** @throws {BridgeError} for settings that must never be tried */
export function makeImapConnection(options: ConnectionOptions): ImapConnection {
  const { account, secret, version, onNews, onEnd } = options;
  checkServer(account.server);
  const client = new ImapflowClient({
    host: account.server.host,
    port: account.server.port,
    secure: account.server.security === 'tls',
    // Unset, imapflow would go on in plaintext where the server offers no STARTTLS.
    doSTARTTLS: account.server.security === 'tls' ? undefined : account.server.security === 'starttls',
    auth: { user: account.user, pass: secret },
    tls: TLS_OPTIONS,
    connectionTimeout: CONNECT_TIMEOUT,
    greetingTimeout: GREETING_TIMEOUT,
    disableCompression: true,
    disableAutoEnable: true,
    logger: false,
    emitLogs: false,
    // All four: imapflow adds its own where one is missing.
    clientInfo: { name: 'Letterbox', version, vendor: 'Letterbox', 'support-url': '' },
    onSignIn: options.onSignIn,
    onVanished: (uids) => onNews({ kind: 'gone', uids }),
    ...LIMITS,
  });

  let abilities: Abilities = NOTHING;
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
  client.on('exists', () => onNews({ kind: 'exists' }));
  client.on('flags', () => onNews({ kind: 'flags' }));
  client.on('expunge', () => onNews({ kind: 'gone', uids: null }));

  /** What the server is being asked; one at a time. */
  let question: object | null = null;
  client.onUntagged('BAD', () => {
    const asked = question;
    const giveUp = () => {
      if (asked && asked === question) client.close();
    };
    setTimeout(giveUp, TAIL_OF_BAD).unref();
  });

  async function run<T>(work: () => Promise<T>, milliseconds: number): Promise<T> {
    const mine = {};
    question = mine;
    try {
      return await within(work(), milliseconds);
    } catch (error) {
      const failure = toBridgeError(error);
      if (failure.code === 'timed-out') {
        ending ??= 'timed-out';
        client.close();
      }
      throw failure;
    } finally {
      if (question === mine) question = null;
    }
  }

  return {
    client,
    get abilities() {
      return abilities;
    },
    run,
    stray: () => onNews({ kind: 'flags' }),
    refused: () => new BridgeError(client.usable ? 'server-refused' : 'connection-lost'),
    async open() {
      await run(() => client.connect(), OPEN_TIMEOUT);
      if (account.server.security !== 'none' && !client.secureConnection) {
        client.close();
        throw new BridgeError('tls-failed');
      }
      const trusted = QRESYNC_SERVERS.test(`${client.greeting ?? ''} ${options.serverName}`);
      const wanted = trusted ? ['CONDSTORE', 'QRESYNC'] : ['CONDSTORE'];
      // RFC 5161 section 3.1: before a mailbox is selected, so it cannot wait until the count is there.
      await run(() => client.run('ENABLE', wanted), COMMAND_TIMEOUT);
      abilities = readAbilities(client);
    },
    async probe(milliseconds = COMMAND_TIMEOUT) {
      // noop() resolves with false on a dead line.
      await run(() => client.noop(), milliseconds);
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

const NOTHING: Abilities = {
  condstore: false,
  qresync: false,
  move: false,
  uidplus: false,
  notify: false,
  listStatus: false,
  preview: false,
  emailIds: false,
  gmail: false,
  idle: false,
  modern: false,
};

function readAbilities({ capabilities, enabled }: ImapflowClient): Abilities {
  const has = (name: string) => capabilities.has(name);
  return {
    condstore: enabled.has('CONDSTORE'),
    qresync: enabled.has('QRESYNC'),
    move: has('MOVE'),
    uidplus: has('UIDPLUS'),
    notify: has('NOTIFY'),
    listStatus: has('LIST-STATUS') && has('LIST-EXTENDED'),
    preview: has('PREVIEW'),
    emailIds: has('OBJECTID') || has('X-GM-EXT-1'),
    gmail: has('X-GM-EXT-1'),
    idle: has('IDLE'),
    modern: has('UIDPLUS') || has('MOVE') || has('CONDSTORE'),
  };
}
