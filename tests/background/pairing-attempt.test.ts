/** Pasting a pairing code, with real bridges on real sockets; what there was before has to live through all of it. */
import 'fake-indexeddb/auto';
import { once } from 'node:events';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { type ActionsOptions, act, adopt } from '../../src/background/actions.ts';
import { makeContentWriter } from '../../src/background/content-writer.ts';
import { type LinkHandle, makeLink } from '../../src/background/link.ts';
import { makePairingAttempt, type PairingAttempt } from '../../src/background/pairing-attempt.ts';
import { makePairingStore, type PairingStore } from '../../src/background/pairing-store.ts';
import { makeQuestions } from '../../src/background/questions.ts';
import { makeStoreWriter, type StoreWriter } from '../../src/background/store-writer.ts';
import { openDataFolder } from '../../src/bridge/data-folder.ts';
import { openPairingBook } from '../../src/bridge/pairing.ts';
import { formatPairingCode, parsePairingCode } from '../../src/pairing-code.ts';
import { encodeFrame, parseCommands } from '../../src/protocol.ts';
import { answerHello, importKey, makeEphemeral } from '../../src/secure-channel.ts';
import { type Attempt, type Link, newLink, openStore, readLink, readOutbox, type Store } from '../../src/store.ts';
import { eventually } from '../support/eventually.ts';
import { extensionSocket } from '../support/extension-socket.ts';
import { freePort } from '../support/free-port.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary.ts';
import { startTestBridge, type TestBridge } from '../support/test-bridge.ts';
import { ORIGIN, TestClient } from '../support/test-client.ts';

vi.mock('webextension-polyfill', () => ({ default: {} }));

let directory: TemporaryDirectory;
let running: TestBridge;
let other: TestBridge | null;
let store: Store;
let writer: StoreWriter;
let pairing: PairingStore;
let link: LinkHandle;
let attempt: PairingAttempt;
let actions: ActionsOptions;
/** Every state of the link since it was last emptied. */
let history: Link['state'][];
let clock: () => number;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  directory = temporaryDirectory('attempt');
  running = await startTestBridge(`${directory.path}/data`);
  other = null;
  store = await openStore();
  writer = makeStoreWriter(store, () => {});
  pairing = makePairingStore();
  history = [];
  clock = Date.now;
  startParts();
});

/** As the background does when it starts. */
function startParts(): void {
  const readState = async () => (await readLink(store)) ?? newLink();
  const now = () => clock();
  const shared = {
    pairing,
    origin: ORIGIN,
    version: '0.0.0',
    openSocket: extensionSocket,
    now,
    random: () => 0,
  };
  link = makeLink({
    ...shared,
    stayAwake: () => {},
    readLink: readState,
    async onState(next) {
      history.push(next.state);
      await writer.setLink(next);
    },
    firstCommands: async () => [{ type: 'resume', mailboxes: [] }],
    onEvents: async () => {},
  });
  attempt = makePairingAttempt({
    ...shared,
    label: 'test',
    onState: (state) => writer.setAttempt(state),
    onPaired: (pending, known) => adopt(pending, known, actions),
  });
  const contents = makeContentWriter(store, () => {});
  const questions = makeQuestions({ store, writer, contents, send: (commands) => link.send(commands), now });
  actions = { store, writer, pairing, attempt, link, questions, readLink: readState, now };
  link.wake();
  attempt.wake();
}

function stopParts(): void {
  attempt.stop();
  link.stop();
}

afterEach(async () => {
  stopParts();
  await other?.stop();
  await running.stop();
  directory.remove();
});

const linkIs = (state: Link['state'], rest: Partial<Link> = {}) =>
  expect.poll(() => readLink(store), { timeout: 15_000 }).toMatchObject({ state, ...rest });
const attemptIs = (wanted: Partial<Attempt> | null) =>
  expect
    .poll(async () => (await readLink(store))?.attempt ?? null, { timeout: 15_000 })
    .toEqual(wanted && expect.objectContaining(wanted));
const paste = (code: string) => act({ type: 'pair', code }, actions);
const cid = async () => Buffer.from((await pairing.read())?.cid ?? []).toString('hex');
const cidIn = async (code: string) => Buffer.from((await parsePairingCode(code))?.cid ?? []).toString('hex');

/** Pairs with the first bridge and leaves something in the store. */
async function paired(): Promise<void> {
  expect(await paste(await running.pairCode())).toBeNull();
  await linkIs('ready', { port: running.bridge.port });
  await attemptIs(null);
  await writer.addOperation('kept', { kind: 'remove-account', account: 'nobody' }, 1);
  history = [];
}

/** The line is there, was never away, and carries what is said. */
async function worksOn(): Promise<void> {
  expect(history).toEqual([]);
  expect((await readLink(store))?.state).toBe('ready');
  expect(link.send([{ type: 'ping' }])).toBe(true);
  expect((await readOutbox(store)).map(({ id }) => id)).toEqual(['kept']);
}

async function startOther(port = 0): Promise<TestBridge> {
  other = await startTestBridge(`${directory.path}/other`, port);
  return other;
}

/** A code of a bridge that does not run. */
async function codeOf(folder: string, port: number): Promise<string> {
  await openDataFolder(folder);
  const code = await openPairingBook(folder, Date.now).addPending(port);
  if (!code) throw new Error('too many codes');
  return formatPairingCode(code);
}

/** Somebody who listens and proves nothing. Gives what it has heard. */
async function squat(port: number) {
  const server = new WebSocketServer({ host: '127.0.0.1', port });
  await once(server, 'listening');
  const heard: string[] = [];
  server.on('connection', (socket) =>
    socket.on('message', (data) => {
      const hello = JSON.parse(String(data)) as { t: string; e: string };
      heard.push(hello.t);
      socket.send(JSON.stringify({ t: 'server', n: 'A'.repeat(43), e: hello.e, tag: 'A'.repeat(43) }));
    }),
  );
  return {
    heard,
    async leave() {
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('a code that is worth nothing takes nothing away', () => {
  beforeEach(paired);

  it('a used one', async () => {
    const code = await running.pairCode();
    await (await TestClient.pair(code)).client.close();
    await paste(code);
    await attemptIs({ code: 'pairing-code-expired', over: true });
    await worksOn();
    expect(await pairing.readPending()).toBeNull();
  });

  it('a revoked one', async () => {
    const code = await running.pairCode();
    const own = await cid();
    await writeOff(code);
    await paste(code);
    await attemptIs({ code: 'pairing-code-expired', over: true });
    await worksOn();
    expect(await cid()).toBe(own);
  });

  /** `letterbox revoke --all` would put out the pairing as well. */
  async function writeOff(code: string): Promise<void> {
    const { client, identity } = await TestClient.pair(code);
    await client.close();
    await running.book.revoke(Buffer.from(identity.cid).toString('hex'));
  }

  it('one of another bridge with the port of this one', async () => {
    const code = await parsePairingCode(await codeOf(`${directory.path}/other`, 1));
    if (!code) throw new Error('no code');
    await paste(await formatPairingCode({ ...code, port: running.bridge.port }));
    await attemptIs({ code: 'pairing-code-expired', over: true });
    await worksOn();
  });

  it('one whose port is a stranger’s', async () => {
    const port = await freePort();
    const squatter = await squat(port);
    await paste(await codeOf(`${directory.path}/other`, port));
    await attemptIs({ code: 'bridge-unknown', over: true });
    await worksOn();
    expect(new Set(squatter.heard)).toEqual(new Set(['hello']));
    await squatter.leave();
  });

  it('one whose bridge does not run, and does not for ten minutes', async () => {
    const port = await freePort();
    await paste(await codeOf(`${directory.path}/other`, port));
    await attemptIs({ code: 'bridge-unreachable', over: false });
    await worksOn();
    const later = Date.now() + 10 * 60_000 + 1;
    clock = () => later;
    attempt.restart();
    await attemptIs({ code: 'pairing-code-expired', over: true });
    await worksOn();
  });

  it('also when the background dies over it', async () => {
    await paste(await codeOf(`${directory.path}/other`, await freePort()));
    await attemptIs({ code: 'bridge-unreachable' });
    stopParts();
    startParts();
    await attemptIs({ code: 'bridge-unreachable', over: false });
    await linkIs('ready', { port: running.bridge.port });
  });
});

describe('a code that is good', () => {
  it('of another bridge: nothing of the old one is left, and nothing goes to the new one', async () => {
    await paired();
    const { bridge, pairCode } = await startOther();
    const code = await pairCode();
    await paste(code);
    await linkIs('ready', { port: bridge.port });
    await attemptIs(null);
    expect(await cid()).toBe(await cidIn(code));
    expect(await readOutbox(store)).toEqual([]);
    expect(running.lines.join('')).toContain('session-ended');
  });

  it('of the same bridge: what is cached and what is still to be sent stays', async () => {
    await paired();
    const code = await running.pairCode();
    await paste(code);
    await expect.poll(cid, { timeout: 10_000 }).toBe(await cidIn(code));
    await linkIs('ready', { port: running.bridge.port });
    expect((await readOutbox(store)).map(({ id }) => id)).toEqual(['kept']);
  });

  it('of a bridge that has put us out: it cannot be known whether it is the same', async () => {
    await paired();
    await running.book.revoke('all');
    await linkIs('refused', { code: 'pairing-revoked' });
    await paste(await running.pairCode());
    await linkIs('ready');
    expect(await readOutbox(store)).toEqual([]);
  });

  it('whose bridge is started later is redeemed then, by itself', async () => {
    await paired();
    const port = await freePort();
    await paste(await codeOf(`${directory.path}/other`, port));
    await attemptIs({ code: 'bridge-unreachable', over: false });
    await worksOn();
    await startOther(port);
    await linkIs('ready', { port });
    await attemptIs(null);
  });

  it('takes the place of one that is still being tried', async () => {
    await paste(await codeOf(`${directory.path}/other`, await freePort()));
    await attemptIs({ code: 'bridge-unreachable' });
    const code = await running.pairCode();
    await paste(code);
    await linkIs('ready', { port: running.bridge.port });
    expect(await cid()).toBe(await cidIn(code));
  });

  it('is given up when the user disconnects', async () => {
    const port = await freePort();
    await paste(await codeOf(`${directory.path}/other`, port));
    await attemptIs({ code: 'bridge-unreachable' });
    await act({ type: 'unpair' }, actions);
    await attemptIs(null);
    await startOther(port);
    attempt.wake();
    await linkIs('unpaired');
    expect([await pairing.read(), await pairing.readPending()]).toEqual([null, null]);
    expect(other?.lines.join('')).not.toContain('session-started');
  });
});

describe('what is not confirmed is kept', () => {
  /** A code, with the new key of an earlier try beside it. */
  async function begun(code: string, key: CryptoKey): Promise<void> {
    const parsed = await parsePairingCode(code);
    if (!parsed) throw new Error('no code');
    await pairing.begin(parsed, Date.now());
    await pairing.keepNewKey(parsed.cid, key);
    attempt.restart();
  }

  it('the code still works when the line broke before the bridge had stored the new key', async () => {
    await begun(await running.pairCode(), await importKey(new Uint8Array(32).fill(9)));
    await linkIs('ready');
    expect(await pairing.readPending()).toBeNull();
  });

  it('the new key works when the line broke after that, and before the bridge had said so', async () => {
    const code = await running.pairCode();
    const { client, identity } = await TestClient.pair(code);
    await client.close();
    await begun(code, identity.key);
    await linkIs('ready');
    expect(await pairing.readPending()).toBeNull();
  });

  it('a bridge that takes the code and never says that it has stored it is not waited for in vain', async () => {
    const code = await parsePairingCode(await codeOf(`${directory.path}/other`, await freePort()));
    if (!code) throw new Error('no code');
    const server = new WebSocketServer({ host: '127.0.0.1', port: code.port });
    await once(server, 'listening');
    let committed = false;
    server.on('connection', (socket) => {
      let take = async (data: Buffer): Promise<void> => {
        const binding = { cid: code.cid, origin: ORIGIN, host: `127.0.0.1:${code.port}` };
        const hello = await answerHello(String(data), binding, await importKey(code.secret), await makeEphemeral());
        take = async (proof) => {
          const { channel } = await hello.finish(String(proof));
          take = async (frame) => {
            committed ||= parseCommands(await channel.open(frame)).some(({ type }) => type === 'commit-pairing');
          };
          socket.send(await channel.seal(encodeFrame([{ type: 'hello', version: '0', major: 1, minor: 0 }])));
        };
        socket.send(hello.answer);
      };
      let turn: Promise<void> = Promise.resolve();
      socket.on('message', (data: Buffer) => {
        turn = turn.then(() => take(data));
      });
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      await paste(await formatPairingCode(code));
      await eventually(() => committed);
      await vi.advanceTimersByTimeAsync(9_900);
      expect((await readLink(store))?.attempt).toMatchObject({ code: null });
      await vi.advanceTimersByTimeAsync(200);
      await eventually(async () => (await readLink(store))?.attempt?.code === 'bridge-unreachable');
      expect((await pairing.readPending())?.pairedKey).not.toBeNull();
    } finally {
      vi.useRealTimers();
      stopParts();
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('a stranger on the port does not cost it', async () => {
    const { port } = running.bridge;
    const code = await running.pairCode();
    const { client, identity } = await TestClient.pair(code);
    await client.close();
    await running.stop();
    const squatter = await squat(port);
    await begun(code, identity.key);
    await attemptIs({ code: 'bridge-unknown', over: false });
    await squatter.leave();
    running = await startTestBridge(`${directory.path}/data`, port);
    await linkIs('ready');
  });
});
