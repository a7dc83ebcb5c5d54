/** Clients and servers for the tests of the mail server; closed after each test. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ImapFlow, type ImapFlowOptions } from 'imapflow';
import { afterEach } from 'vitest';
import { testCertificates } from '../certificates.ts';
import { type MailServer, type MailServerOptions, startMailServer } from './mail-server.ts';

/** The one account of every server that `serve` starts. */
export const USER = 'ada@example.org';
export const PASSWORD = 'correct horse';

const certificates = await testCertificates();
const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const thing of opened.splice(0).reverse()) await thing.close();
});

/** A server for this test alone. */
export async function serve(options: Partial<MailServerOptions> = {}): Promise<MailServer> {
  const server = await startMailServer({
    accounts: [{ user: USER, password: PASSWORD }],
    security: 'none',
    tls: certificates.good,
    ...options,
  });
  opened.push(server);
  return server;
}

/** Not connected yet; waits are short. */
export function client(server: MailServer, options: Partial<ImapFlowOptions> = {}): ImapFlow {
  const flow = new ImapFlow({
    host: '127.0.0.1',
    port: server.port,
    secure: false,
    doSTARTTLS: false,
    auth: { user: USER, pass: PASSWORD },
    tls: { ca: certificates.ca },
    logger: false,
    autoIdleDelay: 5,
    connectionTimeout: 2_000,
    greetingTimeout: 300,
    socketTimeout: 2_000,
    ...options,
  } as ImapFlowOptions);
  // The promise that was called fails as well; without a listener the process would end.
  flow.on('error', () => {});
  opened.push(flow);
  return flow;
}

export async function signedIn(server: MailServer, options: Partial<ImapFlowOptions> = {}): Promise<ImapFlow> {
  const flow = client(server, options);
  await flow.connect();
  return flow;
}

/** Unlike `once`, which fails when an error comes first. */
export function closing(emitter: { once(event: 'close', listener: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => void emitter.once('close', resolve));
}

/** How many messages the client believes to be there. */
export function existsIn(flow: ImapFlow): number | null {
  return flow.mailbox ? flow.mailbox.exists : null;
}

export interface PlainLine {
  send(text: string): void;
  /** Everything heard so far, as soon as the pattern fits it; fails after two seconds. */
  hears(pattern: RegExp): Promise<string>;
  closed: Promise<void>;
  socket: Socket;
}

/** A client without a library: what is on the wire, byte by byte. */
export async function plainLine(server: MailServer): Promise<PlainLine> {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  opened.push({ close: () => socket.destroy() });
  let heard = '';
  socket.on('data', (bytes) => {
    heard += bytes.toString('latin1');
    socket.emit('heard');
  });
  const hears = async (pattern: RegExp): Promise<string> => {
    while (!pattern.test(heard)) await once(socket, 'heard', { signal: AbortSignal.timeout(2_000) });
    return heard;
  };
  await hears(/^\* OK .*\r\n/);
  return { hears, send: (text: string) => socket.write(text, 'latin1'), closed: closing(socket), socket };
}

export function letter(subject: string, body = 'Hello\r\n', from = 'Grace <grace@example.org>'): string {
  return `From: ${from}\r\nTo: ${USER}\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@example.org>\r\n\r\n${body}`;
}
