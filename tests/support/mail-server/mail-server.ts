/** A small mail server of the project's own: real sockets on 127.0.0.1, mail in memory, faults on demand. */
import { Faults } from './faults.ts';
import { serveImap } from './imap-connection.ts';
import { ImapSession, type ImapSettings } from './imap-session.ts';
import { Listener } from './listener.ts';
import { type MailAccountOptions, MailboxStore } from './mailbox-store.ts';
import { Transcript } from './transcript.ts';
import type { TlsKeyPair, Wire } from './wire.ts';

/** What the server can do unless told otherwise; take some out to meet a poorer server. */
export const CAPABILITIES: readonly string[] = [
  'IMAP4rev1',
  'LITERAL+',
  'SASL-IR',
  'ID',
  'ENABLE',
  'IDLE',
  'NAMESPACE',
  'UIDPLUS',
  'MOVE',
  'UNSELECT',
  'CHILDREN',
  'SPECIAL-USE',
  'LIST-EXTENDED',
  'LIST-STATUS',
  'ESEARCH',
  'CONDSTORE',
];

export interface MailServerOptions {
  accounts: readonly MailAccountOptions[];
  security: 'tls' | 'starttls' | 'none';
  /** Needed unless `security` is `none`. */
  tls?: TlsKeyPair;
  /** 0, the default, for any free one. */
  port?: number;
  /** Faults to be there from the first connection on. */
  faults?: Faults;
  /** Default: `CAPABILITIES`. */
  capabilities?: readonly string[];
  /** Milliseconds since 1970; dates mail that is delivered without a date. Default: the clock. */
  now?: () => number;
}

export interface MailServer {
  readonly port: number;
  readonly store: MailboxStore;
  readonly faults: Faults;
  readonly transcript: Transcript;
  /** How many connections are open. */
  readonly connections: number;
  /** Drops all connections; the server stays. */
  cut(options?: { reset?: boolean }): void;
  /** Sends these bytes on every connection, as in `* BYE Shutting down` and CRLF. */
  send(bytes: string | Buffer): void;
  /** The server goes away: all connections dropped, the port closed, the mail kept. */
  stop(): Promise<void>;
  /** It comes back on the same port with the same mail; with another certificate if one is given. */
  start(tls?: TlsKeyPair): Promise<void>;
  /** Stops for good; frozen connections too. */
  close(): Promise<void>;
}

/** Starts a server; it listens when this resolves. */
export async function startMailServer(options: MailServerOptions): Promise<MailServer> {
  const { accounts, security, tls = null, port = 0, capabilities = CAPABILITIES, now = Date.now } = options;
  if (security !== 'none' && !tls) throw new Error(`security ${security} needs a certificate`);
  const faults = options.faults ?? new Faults();
  const transcript = new Transcript();
  const store = new MailboxStore(now);
  for (const account of accounts) store.addAccount(account);
  const settings: ImapSettings = { store, faults, transcript, security, tls, capabilities };
  const listener = new Listener(port, (wire) => void serve(wire, settings));
  faults.onFreeze = (frozen) => {
    for (const wire of listener.wires) frozen ? wire.hold() : wire.release();
  };
  await listener.start();
  return {
    store,
    faults,
    transcript,
    get port() {
      return listener.port;
    },
    get connections() {
      return listener.wires.size;
    },
    cut: (how) => {
      for (const wire of listener.wires) wire.cut(how);
    },
    send: (bytes) => {
      for (const wire of listener.wires) wire.write(bytes);
    },
    stop: () => listener.stop(),
    start: async (newTls) => {
      if (newTls) settings.tls = newTls;
      await listener.start();
    },
    close: () => listener.stop(),
  };
}

/** One connection from its first byte to its last. */
async function serve(wire: Wire, settings: ImapSettings): Promise<void> {
  const { transcript, faults, security, tls } = settings;
  const connection = wire.number;
  transcript.add({ connection, event: 'connected', command: '', text: '' });
  void wire.closed.then(() => transcript.add({ connection, event: 'closed', command: '', text: '' }));
  if (faults.frozen) wire.hold();
  if (security === 'tls' && tls) {
    if (!(await wire.startTls(tls))) return;
    transcript.add({ connection, event: 'encrypted', command: '', text: '' });
  } else {
    wire.listen();
  }
  await serveImap(new ImapSession(wire, settings));
}
