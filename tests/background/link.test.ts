/** The link as the background runs it, in this process, with a real bridge on a real socket. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { type LinkHandle, makeLink } from '../../src/background/link.ts';
import { makePairingAttempt, type PairingAttempt } from '../../src/background/pairing-attempt.ts';
import { makePairingStore, type PairingStore } from '../../src/background/pairing-store.ts';
import { parsePairingCode } from '../../src/pairing-code.ts';
import type { BridgeEvent, Command, UnknownMessage } from '../../src/protocol.ts';
import type { Link } from '../../src/store.ts';
import { extensionSocket } from '../support/extension-socket.ts';
import { freePort } from '../support/free-port.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary.ts';
import { startTestBridge, type TestBridge } from '../support/test-bridge.ts';
import { ORIGIN } from '../support/test-client.ts';

let directory: TemporaryDirectory;
let running: TestBridge | null;
let pairing: PairingStore;
let link: LinkHandle;
let attempt: PairingAttempt;
let state: Link;
let history: string[];
let first: () => Promise<Command[]>;
let events: (BridgeEvent | UnknownMessage)[];

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  directory = temporaryDirectory('link');
  running = await startTestBridge(`${directory.path}/data`);
  pairing = makePairingStore();
  state = { state: 'unpaired', code: null, since: 0, port: running.bridge.port, bridgeVersion: '' };
  history = [];
  events = [];
  first = async () => [{ type: 'resume', mailboxes: [] }];
  const shared = {
    pairing,
    origin: ORIGIN,
    version: '0.0.0',
    openSocket: extensionSocket,
    now: Date.now,
    random: () => 0,
  };
  link = makeLink({
    ...shared,
    stayAwake: () => {},
    readLink: async () => state,
    async onState(next) {
      state = next;
      history.push(next.state);
    },
    firstCommands: () => first(),
    onEvents: async (list) => void events.push(...list),
  });
  attempt = makePairingAttempt({
    ...shared,
    label: 'test',
    onState: async () => {},
    onPaired: ({ cid, port }) =>
      link.restart(async () => {
        await pairing.confirm(cid);
        state = { ...state, port };
      }),
  });
});

afterEach(async () => {
  attempt.stop();
  link.stop();
  await running?.stop();
  directory.remove();
});

const becomes = (wanted: Link['state'], code: Link['code'] = null) =>
  expect.poll(() => [state.state, state.code], { timeout: 15_000 }).toEqual([wanted, code]);

async function pair(): Promise<void> {
  const code = await parsePairingCode((await running?.pairCode()) ?? '');
  if (!code) throw new Error('no code');
  await pairing.begin(code, Date.now());
  attempt.restart();
  await becomes('ready');
  expect(await pairing.readPending()).toBeNull();
}

it('is unpaired at first, and says so once', async () => {
  link.wake();
  await becomes('unpaired');
  expect(link.send([{ type: 'ping' }])).toBe(false);
});

it('redeems a code, keeps a key that cannot be exported, and uses the line', async () => {
  await pair();
  const key = (await pairing.read())?.pairedKey;
  if (!key) throw new Error('no key');
  await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
  expect(link.send([{ type: 'ping' }])).toBe(true);
  await expect.poll(() => events.some((event) => event.type === 'pong')).toBe(true);
});

it('comes back by itself when the bridge does, and nothing blinks meanwhile', async () => {
  await pair();
  const { port } = state;
  await running?.stop();
  await becomes('lost', 'bridge-unreachable');
  const lost = state.since;
  history = [];
  running = await startTestBridge(`${directory.path}/data`, port);
  await becomes('ready');
  expect(history.filter((one) => one === 'connecting')).toEqual([]);
  expect(state.since).toBeGreaterThan(lost);
});

it('finds the bridge on the port it is told', async () => {
  await pair();
  await running?.stop();
  await becomes('lost', 'bridge-unreachable');
  running = await startTestBridge(`${directory.path}/data`, await freePort());
  await pairing.setPort(running.bridge.port);
  void link.restart();
  await becomes('ready');
});

it('says that it was revoked', async () => {
  await pair();
  await running?.book.revoke('all');
  await becomes('refused', 'pairing-revoked');
});

it('does what has to be done without a line between two lines', async () => {
  await pair();
  let between = '';
  await link.restart(async () => {
    between = link.send([{ type: 'ping' }]) ? 'a line' : 'no line';
  });
  expect(between).toBe('no line');
  await becomes('ready');
  await expect(link.restart(() => Promise.reject(new Error('the disk is full')))).rejects.toThrow('the disk is full');
  await becomes('ready');
});

it('once stopped it stays so', async () => {
  await pair();
  link.stop();
  await expect.poll(() => running?.lines.some((line) => line.includes('session-ended'))).toBe(true);
  link.wake();
  await link.restart();
  expect(link.send([{ type: 'ping' }])).toBe(false);
  expect(running?.lines.filter((line) => line.includes('session-started'))).toHaveLength(2);
});

it('knows a stranger on its port, and goes on trying', async () => {
  await pair();
  const { port } = state;
  await running?.stop();
  running = null;
  const squatter = new WebSocketServer({ host: '127.0.0.1', port });
  const heard: string[] = [];
  squatter.on('connection', (socket) =>
    socket.on('message', (data) => {
      const hello = JSON.parse(String(data)) as { t: string; e: string };
      heard.push(hello.t);
      socket.send(JSON.stringify({ t: 'server', n: 'A'.repeat(43), e: hello.e, tag: 'A'.repeat(43) }));
    }),
  );
  await becomes('lost', 'bridge-unknown');
  for (const socket of squatter.clients) socket.terminate();
  await new Promise((resolve) => squatter.close(resolve));
  running = await startTestBridge(`${directory.path}/data`, port);
  await becomes('ready');
  expect(new Set(heard)).toEqual(new Set(['hello']));
});

const operation = (id: number, uids: number): Command => ({
  type: 'operate',
  id: `o${id}`,
  operation: {
    kind: 'seen',
    account: 'nobody',
    folder: 'INBOX',
    uidValidity: 1,
    target: { uids: Array.from({ length: uids }, (_, at) => at + 1) },
  },
});
const settledIds = () => events.flatMap((event) => (event.type === 'settled' ? [event.id] : []));

it('brings an outbox of any size across', async () => {
  const outbox = Array.from({ length: 300 }, (_, at) => operation(at, 200));
  first = async () => [{ type: 'resume', mailboxes: [] }, ...outbox];
  await pair();
  await expect.poll(() => new Set(settledIds()).size, { timeout: 10_000 }).toBe(outbox.length);
});

it('what is written down while the outbox is being read goes out on this line', async () => {
  const outbox: Command[] = [operation(1, 1)];
  first = async () => {
    const read: Command[] = [{ type: 'resume', mailboxes: [] }, ...outbox];
    if (outbox.length === 1) {
      outbox.push(operation(2, 1));
      expect(link.send([operation(2, 1)])).toBe(false);
    }
    return read;
  };
  await pair();
  await expect.poll(() => settledIds().sort()).toEqual(['o1', 'o2']);
});

it('goes on trying when the store fails', async () => {
  await pair();
  const { port } = state;
  await running?.stop();
  let failed = 0;
  first = async () => {
    failed += 1;
    if (failed === 1) throw new Error('the disk is full');
    return [{ type: 'resume', mailboxes: [] }];
  };
  running = await startTestBridge(`${directory.path}/data`, port);
  await becomes('ready');
  expect(failed).toBe(2);
});

it('once unpaired it lets go', async () => {
  await pair();
  await pairing.forget();
  void link.restart();
  await becomes('unpaired');
  expect(link.send([{ type: 'ping' }])).toBe(false);
});
