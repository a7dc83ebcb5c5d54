/** One connection to the bridge, from dialling to its end: handshake, sealed frames, pings. */
import type { ErrorCode } from '../model.ts';
import {
  type BridgeEvent,
  CLOSE,
  type Command,
  encodeFrames,
  MAX_FRAME_TO_BRIDGE,
  MAX_FRAME_TO_BROWSER,
  PROTOCOL_MAJOR,
  PROTOCOL_MINOR,
  parseEvents,
  type UnknownMessage,
} from '../protocol.ts';
import { makeEphemeral, type SecureChannel, startClient } from '../secure-channel.ts';

/** Below the 30 s after which both browsers end an idle background. */
export const KEEP_ALIVE = 20_000;
/** Two pings without an answer: the bridge hangs or the line is dead. */
const SILENCE = 45_000;
/** From dialling to the bridge's first sealed frame; on one computer this takes milliseconds. */
const OPEN_TIMEOUT = 5_000;
/** Our name for this version of the handshake. */
const SUBPROTOCOL = 'mail-bridge-1';

/** Why a connection is over. */
export interface SessionEnd {
  code: ErrorCode;
  /** Only the user can mend it. */
  final: boolean;
}

export interface LinkSession {
  send(commands: Command[]): void;
  close(): void;
  /** Never rejects. Everything that has arrived was handled before it resolves. */
  readonly ended: Promise<SessionEnd>;
}

export interface LinkSessionOptions {
  port: number;
  cid: Uint8Array;
  key: CryptoKey;
  /** The extension's own origin, which the bridge binds the pairing to. */
  origin: string;
  version: string;
  openSocket: (url: string, protocol: string) => WebSocket;
  now: () => number;
  /** The bridge has proved itself: what to say first, after the hello. The new key is for keeping after a first pairing. */
  onProved: (newKey: CryptoKey) => Promise<Command[]>;
  /** The bridge speaks our version: the line can be used. */
  onReady: (bridgeVersion: string) => Promise<void>;
  /** Frames arrive one after the other: the next waits for the last. */
  onEvents: (events: (BridgeEvent | UnknownMessage)[]) => Promise<void>;
}

const UNREACHABLE: SessionEnd = { code: 'bridge-unreachable', final: false };
const BROKEN: SessionEnd = { code: 'link-broken', final: false };

/** Dials. The session is over when `ended` resolves, and may never have been ready. */
export function openLinkSession(options: LinkSessionOptions): LinkSession {
  const { cid, key, origin, now } = options;
  const host = `127.0.0.1:${options.port}`;
  // The literal address: "localhost" may be another program's [::1].
  const socket = options.openSocket(`ws://${host}`, SUBPROTOCOL);
  socket.binaryType = 'arraybuffer';
  const client = makeEphemeral().then((ephemeral) => startClient({ cid, origin, host }, key, ephemeral));
  let channel: SecureChannel | null = null;
  let greeted = false;
  let heard = now();
  let end: SessionEnd | null = null;
  let incoming: Promise<unknown> = Promise.resolve();
  let outgoing: Promise<unknown> = Promise.resolve();

  const opening = setTimeout(() => finish(UNREACHABLE), OPEN_TIMEOUT);
  const pings = setInterval(() => {
    if (now() - heard > SILENCE) finish(BROKEN);
    else if (greeted) send([{ type: 'ping' }]);
  }, KEEP_ALIVE);

  let tellEnded: (end: SessionEnd) => void = () => {};
  const ended = new Promise<SessionEnd>((resolve) => {
    tellEnded = resolve;
  });

  function finish(reason: SessionEnd): void {
    end ??= reason;
    clearTimeout(opening);
    clearInterval(pings);
    socket.close();
    void incoming.finally(() => tellEnded(end ?? reason));
  }

  function send(commands: Command[]): void {
    if (!channel) return;
    // A day without a bridge fills an outbox: all of it at once may be more than a frame.
    for (const plaintext of encodeFrames(commands, MAX_FRAME_TO_BRIDGE)) {
      // Sealed at the call, so that counters follow the order of the calls.
      const sealed = channel.seal(plaintext);
      outgoing = outgoing.then(async () => socket.send(await sealed)).catch(() => finish(BROKEN));
    }
  }

  async function receive(data: unknown): Promise<void> {
    heard = now();
    if (end) return;
    if (!channel) {
      await prove(data);
      return;
    }
    if (!(data instanceof ArrayBuffer) || data.byteLength > MAX_FRAME_TO_BROWSER)
      throw new TypeError('no sealed frame');
    const events = parseEvents(await channel.open(new Uint8Array(data)));
    if (!greeted) await greet(events);
    if (greeted) await options.onEvents(events);
  }

  async function prove(data: unknown): Promise<void> {
    if (typeof data !== 'string') throw new TypeError('no answer');
    const finished = await (await client).finish(data).catch(() => null);
    if (!finished) {
      // Not our bridge: it has learnt the hello and nothing else, and learns no more.
      finish({ code: 'bridge-unknown', final: false });
      return;
    }
    channel = finished.channel;
    socket.send(finished.proof);
    const first = await options.onProved(finished.pairedKey);
    send([{ type: 'hello', version: options.version, major: PROTOCOL_MAJOR, minor: PROTOCOL_MINOR }, ...first]);
  }

  async function greet(events: readonly (BridgeEvent | UnknownMessage)[]): Promise<void> {
    const [hello] = events;
    if (hello?.type !== 'hello') throw new TypeError('no hello');
    if (hello.major !== PROTOCOL_MAJOR) {
      finish({ code: hello.major < PROTOCOL_MAJOR ? 'bridge-too-old' : 'extension-too-old', final: true });
      return;
    }
    clearTimeout(opening);
    greeted = true;
    await options.onReady(hello.version);
  }

  socket.onopen = () => {
    client.then(({ hello }) => socket.send(hello)).catch(() => finish(BROKEN));
  };
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    incoming = incoming.then(() => receive(data)).catch(() => finish(BROKEN));
  };
  // Last words count: what arrived before the close says more about it than its code.
  socket.onclose = ({ code }) => {
    incoming = incoming.then(() => finish(endOf(code)));
  };

  return { send, close: () => finish(UNREACHABLE), ended };
}

/** What the bridge's close code means. */
function endOf(code: number): SessionEnd {
  if (code === CLOSE.refused || code === CLOSE.revoked) return { code: 'pairing-revoked', final: true };
  return code === CLOSE.badFrame ? BROKEN : UNREACHABLE;
}
