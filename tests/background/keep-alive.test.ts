/** What keeps the background alive and the line honest while nothing happens; hours pass in no time. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { type LinkHandle, makeLink } from '../../src/background/link.ts';
import { type LinkSession, openLinkSession, type SessionEnd } from '../../src/background/link-session.ts';
import type { PairingStore } from '../../src/background/pairing-store.ts';
import { encodeFrame, parseCommands } from '../../src/protocol.ts';
import { answerHello, importKey, makeEphemeral, type SecureChannel } from '../../src/secure-channel.ts';
import { newLink, type Pairing } from '../../src/store.ts';
import { eventually } from '../support/eventually.ts';
import { extensionSocket } from '../support/extension-socket.ts';
import { ORIGIN } from '../support/test-client.ts';

const CID = new Uint8Array(8).fill(1);
const SECRET = new Uint8Array(32).fill(2);
/** Both browsers end a background that has done nothing for this long. */
const IDLE_LIMIT = 30_000;

let clock: number;

beforeEach(() => {
  clock = 1_000_000;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function pass(milliseconds: number): Promise<void> {
  clock += milliseconds;
  await vi.advanceTimersByTimeAsync(milliseconds);
}

describe('a line', () => {
  let server: WebSocketServer;
  /** The types of the commands that the bridge has heard. */
  let heard: string[];
  let answers: boolean;
  let session: LinkSession;
  let end: SessionEnd | null;

  beforeEach(async () => {
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    heard = [];
    answers = true;
    end = null;
    server.on('connection', (socket) => {
      let step: Promise<(data: Buffer) => Promise<void>> = Promise.resolve(takeHello);
      // One message after the other, each by what the one before it has come to.
      socket.on('message', (data: Buffer) => {
        step = step.then(async (take) => {
          await take(data);
          return following;
        });
      });
      let following = takeHello;
      let channel: SecureChannel;

      async function takeHello(data: Buffer): Promise<void> {
        const binding = { cid: CID, origin: ORIGIN, host: `127.0.0.1:${port}` };
        const hello = await answerHello(String(data), binding, await importKey(SECRET), await makeEphemeral());
        following = async (proof) => {
          ({ channel } = await hello.finish(String(proof)));
          following = takeFrame;
          socket.send(await channel.seal(encodeFrame([{ type: 'hello', version: '9', major: 1, minor: 0 }])));
        };
        socket.send(hello.answer);
      }

      async function takeFrame(data: Buffer): Promise<void> {
        for (const { type } of parseCommands(await channel.open(data))) {
          heard.push(type);
          if (type === 'ping' && answers) socket.send(await channel.seal(encodeFrame([{ type: 'pong' }])));
        }
      }
    });
    session = openLinkSession({
      port,
      cid: CID,
      key: await importKey(SECRET),
      origin: ORIGIN,
      version: '0',
      openSocket: extensionSocket,
      now: () => clock,
      onProved: async () => [],
      onReady: async () => void heard.push('(ready)'),
      onEvents: async (events) => void heard.push(...events.map(({ type }) => `(${type})`)),
    });
    void session.ended.then((reason) => {
      end = reason;
    });
    await eventually(() => heard.includes('hello') && heard.includes('(ready)'));
    heard = [];
  });

  afterEach(async () => {
    session.close();
    await session.ended;
    for (const socket of server.clients) socket.terminate();
    await new Promise((resolve) => server.close(resolve));
  });

  it('that is quiet sends data often enough for the browser to keep the background', async () => {
    for (let minutes = 0; minutes < 3; minutes += 1) {
      heard = [];
      await pass(IDLE_LIMIT - 1);
      await eventually(() => heard.includes('ping') && heard.at(-1) === '(pong)', { what: () => heard.join() });
    }
    expect(end).toBeNull();
  });

  it('on which nothing is answered any more is given up within a minute, and not at the first ping', async () => {
    answers = false;
    await pass(40_000);
    await eventually(() => heard.join() === 'ping,ping', { what: () => heard.join() });
    expect(end).toBeNull();
    await pass(20_000);
    await eventually(() => end);
    expect(end).toEqual({ code: 'link-broken', final: false });
  });

  it('on which answers come again in time is kept', async () => {
    answers = false;
    await pass(20_000);
    await eventually(() => heard.join() === 'ping');
    answers = true;
    for (let pings = 2; pings < 6; pings += 1) {
      await pass(20_000);
      await eventually(() => heard.filter((type) => type === '(pong)').length === pings - 1);
    }
    expect(end).toBeNull();
  });
});

describe('the background', () => {
  let pairing: Pairing | null;
  let readable: boolean;
  let awake: number;
  let link: LinkHandle;

  beforeEach(async () => {
    pairing = { cid: CID, pairedKey: await importKey(SECRET), port: 1 };
    readable = true;
    awake = 0;
    const pairings = {
      async read() {
        if (!readable) throw new DOMException('damaged', 'UnknownError');
        return pairing;
      },
    } as PairingStore;
    let state = newLink();
    link = makeLink({
      pairing: pairings,
      origin: ORIGIN,
      version: '0',
      // Nobody ever answers.
      openSocket: () => ({ close() {} }) as WebSocket,
      stayAwake: () => {
        awake += 1;
      },
      now: () => clock,
      random: () => 0,
      readLink: async () => state,
      async onState(next) {
        state = next;
      },
      firstCommands: async () => [],
      onEvents: async () => {},
    });
    link.wake();
  });
  afterEach(() => link.stop());

  it('counts as busy while there is a pairing, with a line or without', async () => {
    for (let minutes = 0; minutes < 3; minutes += 1) {
      awake = 0;
      await pass(IDLE_LIMIT - 1);
      expect(awake).toBeGreaterThanOrEqual(1);
    }
  });

  it('may be ended where there is none, or no longer', async () => {
    pairing = null;
    await pass(10 * 60_000);
    expect(awake).toBe(0);
  });

  it('is none the worse for a pairing that cannot be read for a while', async () => {
    const rejected = vi.fn();
    process.on('unhandledRejection', rejected);
    try {
      readable = false;
      await pass(60_000);
      expect(awake).toBe(0);
      readable = true;
      await pass(IDLE_LIMIT - 1);
      expect(awake).toBeGreaterThanOrEqual(1);
      await new Promise((resolve) => setImmediate(resolve));
      expect(rejected).not.toHaveBeenCalled();
    } finally {
      process.off('unhandledRejection', rejected);
    }
  });

  it('lets go when it is stopped', async () => {
    link.stop();
    await pass(10 * 60_000);
    expect(awake).toBe(0);
  });
});
