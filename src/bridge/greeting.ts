/** The first line of a mail server, looked at before anything is said to it: for the test of settings a person has typed. */
import type { ErrorCode, Server, TestStep } from '../model.ts';
import { BridgeError } from './errors.ts';
import { networkCode, openSocket } from './tls.ts';

/** For the line and the greeting together; any server that works answers at once. */
const TIMEOUT = 15_000;
/** A greeting is one short line; more without an end is something else. */
const MAX_BYTES = 2048;

/** What the first line must look like, and what tells a server that has no time. */
export interface Greeting {
  expected: RegExp;
  busy: RegExp;
}

/** RFC 9051 section 7.1: `* OK`, `* PREAUTH` or `* BYE`. */
export const IMAP_GREETING: Greeting = { expected: /^\* (OK|PREAUTH)\b/i, busy: /^\* BYE\b/i };

/**
 * Connects, waits for one line and hangs up. Steps are told as they are passed.
 * @throws {BridgeError} `not-a-mail-server`, `server-silent`, `server-busy`, or what the line or its certificate lacks
 */
export async function lookAtGreeting(
  server: Server,
  greeting: Greeting,
  onStep: (step: TestStep) => void,
): Promise<void> {
  const line = await readFirstLine(server, onStep);
  if (greeting.busy.test(line)) throw new BridgeError('server-busy');
  if (!greeting.expected.test(line)) throw new BridgeError('not-a-mail-server');
}

function readFirstLine(server: Server, onStep: (step: TestStep) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const secure = server.security === 'tls';
    const socket = openSocket(server);
    let connected = false;
    let received = '';

    const end = (settle: () => void) => {
      clearTimeout(timer);
      socket.destroy();
      settle();
    };
    const fail = (code: ErrorCode) => end(() => reject(new BridgeError(code)));
    const timer = setTimeout(() => fail(connected ? 'server-silent' : 'connection-timeout'), TIMEOUT);

    socket.once('connect', () => {
      connected = true;
      onStep('connected');
    });
    socket.once('secureConnect', () => onStep('encrypted'));
    socket.on('data', (bytes: Buffer) => {
      received += bytes.toString('latin1');
      if (received.includes('\n') || received.length > MAX_BYTES) end(() => resolve(received));
    });
    socket.once('error', (error: NodeJS.ErrnoException) =>
      fail(networkCode(error.code ?? '') ?? (secure ? 'tls-failed' : 'connection-lost')),
    );
    socket.once('close', () => fail('connection-lost'));
  });
}
