/** One connection of the background, with a bridge that does what the test wants. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { openLinkSession, type SessionEnd } from '../../src/background/link-session.ts';
import { type BridgeEvent, CLOSE, encodeFrame, type UnknownMessage } from '../../src/protocol.ts';
import { answerHello, importKey, makeEphemeral, type SecureChannel } from '../../src/secure-channel.ts';
import { ORIGIN } from '../support/test-client.ts';

const CID = new Uint8Array(8).fill(1);
const SECRET = new Uint8Array(32).fill(2);
let server: WebSocketServer;
let port: number;
let events: (BridgeEvent | UnknownMessage)[];

beforeEach(async () => {
  events = [];
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterEach(async () => {
  for (const socket of server.clients) socket.terminate();
  await new Promise((resolve) => server.close(resolve));
});

/** Proves itself, then does what it is told to. */
function bridge(after: (socket: WebSocket, channel: SecureChannel) => Promise<void>): void {
  server.on('connection', async (socket) => {
    const next = async () => String((await once(socket, 'message'))[0]);
    const binding = { cid: CID, origin: ORIGIN, host: `127.0.0.1:${port}` };
    const answer = await answerHello(await next(), binding, await importKey(SECRET), await makeEphemeral());
    socket.send(answer.answer);
    await after(socket, (await answer.finish(await next())).channel);
  });
}

/** @param slow true: the line has gone before the browser gets to what came over it */
async function dial(slow = false): Promise<SessionEnd> {
  let gone: Promise<unknown> = Promise.resolve();
  const session = openLinkSession({
    port,
    cid: CID,
    key: await importKey(SECRET),
    origin: ORIGIN,
    version: '0',
    openSocket(url, protocol) {
      const socket = new WebSocket(url, protocol, { origin: ORIGIN });
      gone = once(socket, 'close');
      return socket as unknown as globalThis.WebSocket;
    },
    now: Date.now,
    async onProved() {
      if (slow) await gone;
      return [];
    },
    onReady: async () => {},
    onEvents: async (list) => {
      await new Promise((resolve) => setImmediate(resolve));
      events.push(...list);
    },
  });
  return session.ended;
}

const hello = (major: number) => encodeFrame([{ type: 'hello', version: '9', major, minor: 0 }]);

it.each([
  [0, 'bridge-too-old'],
  [2, 'extension-too-old'],
])('a bridge of major %i is named as %s, however soon it hangs up', async (major, code) => {
  bridge(async (socket, channel) => {
    socket.send(await channel.seal(hello(major)));
    socket.close(CLOSE.version);
  });
  expect(await dial(true)).toEqual({ code, final: true });
});

it('what arrived before the line went is handled before the end is told', async () => {
  bridge(async (socket, channel) => {
    const frames = [hello(1), ...['a', 'b', 'c'].map((id) => encodeFrame([{ type: 'settled', id, code: null }]))];
    for (const frame of frames) socket.send(await channel.seal(frame));
    socket.close(1001);
  });
  expect(await dial(true)).toEqual({ code: 'bridge-unreachable', final: false });
  expect(events.flatMap((event) => (event.type === 'settled' ? [event.id] : []))).toEqual(['a', 'b', 'c']);
});

it.each<[string, (channel: SecureChannel) => Promise<Uint8Array | string>]>([
  ['text instead of a frame', async () => '[]'],
  ['a frame that does not open', async () => new Uint8Array(40)],
  ['a frame that is larger than allowed', async () => new Uint8Array(300 * 1024)],
  ['something before its hello', async (channel) => channel.seal(encodeFrame([{ type: 'pong' }]))],
  ['what is no list', async (channel) => channel.seal(new TextEncoder().encode('{}'))],
])('a bridge that sends %s is hung up on', async (_, make) => {
  bridge(async (socket, channel) => socket.send(await make(channel)));
  expect(await dial()).toEqual({ code: 'link-broken', final: false });
  expect(events).toEqual([]);
});
