/** The socket: 127.0.0.1 only, extensions only, bounded in every direction. What is inside is `session.ts`. */
import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import { CLOSE, MAX_FRAME_TO_BRIDGE } from '../protocol.ts';
import { admit, SUBPROTOCOL } from './admission.ts';
import type { Admitted } from './handshake.ts';
import { shakeHands } from './handshake.ts';
import type { Log } from './log.ts';
import { cidText, type PairingBook } from './pairing.ts';
import type { Session, Wire } from './session.ts';

const ADDRESS = '127.0.0.1';
/** Browsers and profiles of one person, with room to spare. */
const MAX_SOCKETS = 16;
/** Sockets that have proved nothing yet. */
const MAX_UNPROVED = 4;
/** TCP connections of any kind. */
const MAX_CONNECTIONS = 32;
/** After this many failed proofs in a minute each further handshake waits, so that nobody can guess in bulk. */
const MAX_FAILURES = 10;
const FAILURE_WINDOW = 60_000;
/** Less than the five seconds after which a browser hangs up: with more, one that is let in would never get in. */
const FAILURE_DELAY = 3_000;
/** GCM's tag, which stands behind the plaintext of a frame. */
const TAG_BYTES = 16;
const SOCKET_LIMITS = {
  maxPayload: MAX_FRAME_TO_BRIDGE + TAG_BYTES,
  /** Browsers send a frame in one piece; thousands of empty fragments are an attack on memory. */
  maxFragments: 8,
  maxBufferedChunks: 64,
  /** Compressing before encrypting leaks lengths. */
  perMessageDeflate: false,
  /** Milliseconds that a browser may take to answer our goodbye. */
  closeTimeout: 2_000,
};

export interface ServerOptions {
  port: number;
  book: PairingBook;
  /** Begins a session for a browser that has proved itself. */
  startSession: (wire: Wire, admitted: Admitted, origin: string) => Session;
  log: Log;
  now: () => number;
}

export interface BridgeServer {
  readonly port: number;
  /** Puts out every browser that is no longer in the book. */
  dropRevoked(): Promise<void>;
  close(): Promise<void>;
}

/** Thrown when the port is taken. */
export class PortTaken extends Error {
  override name = 'PortTaken';
}

/** Thrown when the port is not for this user: on most systems one below 1024. */
export class PortDenied extends Error {
  override name = 'PortDenied';
}

/** Listens. @throws {PortTaken} or {PortDenied} */
export async function startServer(options: ServerOptions): Promise<BridgeServer> {
  const { book, log, now } = options;
  const live = new Map<WebSocket, Uint8Array>();
  let unproved = 0;
  let failures: number[] = [];

  const http = createServer({
    maxHeaderSize: 8192,
    headersTimeout: 3000,
    requestTimeout: 3000,
    connectionsCheckingInterval: 1000,
    // Node's own answer to a request without one would tell that something listens here.
    requireHostHeader: false,
  });
  http.maxConnections = MAX_CONNECTIONS;
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: true,
    ...SOCKET_LIMITS,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });

  for (const event of ['request', 'checkContinue', 'checkExpectation'])
    http.on(event, (request: IncomingMessage) => refuse(request.socket));
  http.on('clientError', (_, socket) => refuse(socket));
  http.on('connect', (_, socket) => refuse(socket));
  http.on('upgrade', (request, socket, head) => {
    // A socket that dies in the middle of the upgrade must not end the process.
    socket.on('error', () => socket.destroy());
    try {
      upgrade(request, socket, head);
    } catch (error) {
      log('error', 'upgrade-failed', { kind: error instanceof Error ? error.name : 'unknown' });
      socket.destroy();
    }
  });

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { method, url, httpVersion, rawHeaders } = request;
    const origin = admit({ method, url, httpVersion, rawHeaders }, port);
    if (!origin || sockets.clients.size >= MAX_SOCKETS || unproved >= MAX_UNPROVED) {
      refuse(socket);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => webSocket.terminate());
      void welcome(webSocket, origin);
    });
  }

  async function welcome(webSocket: WebSocket, origin: string): Promise<void> {
    const messages = readMessages(webSocket);
    unproved += 1;
    let admitted: Admitted;
    try {
      failures = failures.filter((time) => time > now() - FAILURE_WINDOW);
      if (failures.length >= MAX_FAILURES) await new Promise((resolve) => setTimeout(resolve, FAILURE_DELAY));
      admitted = await shakeHands(
        { next: messages.nextText, send: (text) => webSocket.send(text) },
        book,
        origin,
        `${ADDRESS}:${port}`,
      );
    } catch {
      failures.push(now());
      log('warn', 'handshake-refused');
      webSocket.close(CLOSE.refused);
      return;
    } finally {
      unproved -= 1;
    }
    const client = cidText(admitted.cid);
    const session = options.startSession(wireOf(webSocket), admitted, origin);
    live.set(webSocket, admitted.cid);
    log('info', 'session-started', { client });
    webSocket.on('close', () => {
      live.delete(webSocket);
      session.end();
      log('info', 'session-ended', { client });
    });
    messages.onFrame((frame) => {
      // What still arrives after our goodbye, from a revoked browser say, is not read.
      if (webSocket.readyState !== WebSocket.OPEN) return;
      if (frame) session.receive(frame);
      else webSocket.close(CLOSE.badFrame);
    });
    if (webSocket.readyState === WebSocket.CLOSED) webSocket.emit('close');
  }

  const port = await listen();

  function listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      http.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE') reject(new PortTaken());
        else reject(error.code === 'EACCES' ? new PortDenied() : error);
      });
      http.listen({ host: ADDRESS, port: options.port, exclusive: true }, () => {
        const address = http.address();
        resolve(typeof address === 'object' && address ? address.port : options.port);
      });
    });
  }

  return {
    port,
    async dropRevoked() {
      for (const [webSocket, cid] of live) if (!(await book.find(cid))) webSocket.close(CLOSE.revoked);
    },
    async close() {
      for (const webSocket of sockets.clients) webSocket.close(1001);
      const closed = new Promise((resolve) => http.close(resolve));
      // A browser that does not answer the goodbye is not waited for.
      setTimeout(() => {
        for (const webSocket of sockets.clients) webSocket.terminate();
        http.closeAllConnections();
      }, 500).unref();
      await closed;
    },
  };
}

/** The same empty answer to everyone who is not let in: nothing to learn from it. */
function refuse(socket: Duplex): void {
  if (!socket.writable) return void socket.destroy();
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () => socket.destroy());
}

function wireOf(webSocket: WebSocket): Wire {
  return {
    send: (frame) =>
      new Promise((resolve, reject) =>
        webSocket.send(frame, { binary: true }, (error) => (error ? reject(error) : resolve())),
      ),
    close: (code) => webSocket.close(code),
  };
}

/** Messages of a socket in order, kept until somebody asks: text for the handshake, then binary frames. */
function readMessages(webSocket: WebSocket) {
  const kept: { data: RawData; isBinary: boolean }[] = [];
  let wake: (() => void) | null = null;
  let handler: ((frame: Uint8Array | null) => void) | null = null;

  webSocket.on('message', (data, isBinary) => {
    if (handler) return handler(isBinary ? toBytes(data) : null);
    kept.push({ data, isBinary });
    // The handshake is two messages and the first frames may follow at once; nobody else has that much to say.
    if (kept.length > 8) webSocket.terminate();
    wake?.();
  });
  webSocket.on('close', () => wake?.());

  return {
    async nextText(): Promise<string> {
      while (kept.length === 0) {
        if (webSocket.readyState !== WebSocket.OPEN) throw new Error('closed');
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const first = kept.shift();
      if (!first || first.isBinary) throw new Error('not text');
      return toBytes(first.data).toString('utf8');
    },
    onFrame(next: (frame: Uint8Array | null) => void): void {
      handler = next;
      for (const { data, isBinary } of kept.splice(0)) next(isBinary ? toBytes(data) : null);
    },
  };
}

function toBytes(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
