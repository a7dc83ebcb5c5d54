/** What a page asks for, with a store in memory and a link that is there or not. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type ActionsOptions, act, firstCommands } from '../../src/background/actions.ts';
import { makeContentWriter } from '../../src/background/content-writer.ts';
import { makePairingStore, type PairingStore } from '../../src/background/pairing-store.ts';
import { makeQuestions } from '../../src/background/questions.ts';
import { makeStoreWriter } from '../../src/background/store-writer.ts';
import type { Intent } from '../../src/intents.ts';
import type { Account, Operation } from '../../src/model.ts';
import { formatPairingCode } from '../../src/pairing-code.ts';
import type { Command } from '../../src/protocol.ts';
import { type Link, openStore, readLink, readOutbox, readWant, type Store } from '../../src/store.ts';

vi.mock('webextension-polyfill', () => ({ default: {} }));

const OPERATION: Operation = { kind: 'seen', account: 'a', folder: 'INBOX', uidValidity: 1, target: { uids: [1] } };
const ACCOUNT: Account = {
  id: 'a',
  protocol: 'imap',
  name: 'n',
  address: '',
  user: 'u',
  server: { host: 'h', port: 993, security: 'tls' },
};
const LINK: Link = { state: 'ready', code: null, since: 1, port: 27993, bridgeVersion: '1' };

let store: Store;
let pairing: PairingStore;
let sent: Command[];
let connected: boolean;
let restarts: number;
let clock: number;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  store = await openStore();
  pairing = makePairingStore();
  sent = [];
  connected = true;
  restarts = 0;
  clock = 1_000;
});

function send(commands: Command[]): boolean {
  if (connected) sent.push(...commands);
  return connected;
}

function perform(intent: Intent) {
  const writer = makeStoreWriter(store, () => {});
  const contents = makeContentWriter(store, () => {});
  const options: ActionsOptions = {
    store,
    writer,
    pairing,
    link: { wake() {}, restart: () => (restarts += 1), send },
    questions: makeQuestions({ store, writer, contents, send, now: () => clock }),
    readLink: async () => (await readLink(store)) ?? LINK,
    now: () => clock,
  };
  return act(intent, options);
}

describe('an operation', () => {
  it('is written down, then sent', async () => {
    expect(await perform({ type: 'operate', id: 'o', operation: OPERATION })).toBeNull();
    expect(await readOutbox(store)).toEqual([{ id: 'o', operation: OPERATION, created: 1_000, failed: null }]);
    expect(sent).toEqual([{ type: 'operate', id: 'o', operation: OPERATION }]);
  });

  it('without a line waits for the next one, in its turn', async () => {
    connected = false;
    await perform({ type: 'operate', id: 'z', operation: OPERATION });
    clock = 2_000;
    await perform({ type: 'operate', id: 'a', operation: { kind: 'remove-account', account: 'a' } });
    expect(await firstCommands(store)).toEqual([
      { type: 'resume', mailboxes: [] },
      { type: 'operate', id: 'z', operation: OPERATION },
      { type: 'operate', id: 'a', operation: { kind: 'remove-account', account: 'a' } },
    ]);
  });

  it('that has failed is not sent again', async () => {
    await perform({ type: 'operate', id: 'o', operation: OPERATION });
    await makeStoreWriter(store, () => {}).settleOperation('o', 'server-refused');
    expect(await firstCommands(store)).toEqual([{ type: 'resume', mailboxes: [] }]);
    await perform({ type: 'dismiss', id: 'o' });
    expect(await readOutbox(store)).toEqual([]);
  });

  it('taken back while the bridge has it: the bridge is told, and answers', async () => {
    await perform({ type: 'operate', id: 'o', operation: OPERATION });
    await perform({ type: 'undo', id: 'o' });
    expect(sent.at(-1)).toEqual({ type: 'undo', id: 'o' });
    expect(await readOutbox(store)).toHaveLength(1);
  });

  it('taken back before the bridge has it is never sent', async () => {
    connected = false;
    await perform({ type: 'operate', id: 'o', operation: OPERATION });
    await perform({ type: 'undo', id: 'o' });
    expect(await firstCommands(store)).toEqual([{ type: 'resume', mailboxes: [] }]);
  });
});

describe('a secret', () => {
  it('is sent once and stored nowhere', async () => {
    expect(await perform({ type: 'set-secret', account: 'a', secret: 'canary' })).toBeNull();
    await perform({ type: 'test-account', id: 't', account: ACCOUNT, secret: 'canary' });
    expect(sent.filter((command) => 'secret' in command && command.secret === 'canary')).toHaveLength(2);
    for (const area of store.objectStoreNames) expect(JSON.stringify(await store.getAll(area))).not.toContain('canary');
  });

  it('without a line is refused', async () => {
    connected = false;
    expect(await perform({ type: 'set-secret', account: 'a', secret: 'x' })).toBe('bridge-unreachable');
  });
});

describe('a test of settings', () => {
  it('is a want that is open until it is answered or too late', async () => {
    await perform({ type: 'test-account', id: 't', account: ACCOUNT, secret: null });
    expect(await readWant(store, 't')).toMatchObject({ state: 'open', code: null, steps: [], deadline: 61_000 });
  });

  it('without a line fails at once', async () => {
    connected = false;
    await perform({ type: 'test-account', id: 't', account: ACCOUNT, secret: null });
    expect(await readWant(store, 't')).toMatchObject({ state: 'failed', code: 'bridge-unreachable' });
  });
});

describe('pairing', () => {
  const code = () => formatPairingCode({ port: 4711, cid: new Uint8Array(8).fill(1), secret: new Uint8Array(32) });

  it('with a mistyped code keeps everything as it is', async () => {
    await perform({ type: 'operate', id: 'o', operation: OPERATION });
    expect(await perform({ type: 'pair', code: (await code()).slice(0, -1) })).toBe('pairing-code-wrong');
    expect([restarts, await pairing.read(), (await readOutbox(store)).length]).toEqual([0, null, 1]);
  });

  it('dials where the code says, with nothing left of another bridge', async () => {
    await perform({ type: 'operate', id: 'o', operation: OPERATION });
    expect(await perform({ type: 'pair', code: await code() })).toBeNull();
    expect(restarts).toBe(1);
    expect((await pairing.read())?.cid).toEqual(new Uint8Array(8).fill(1));
    expect(await readLink(store)).toMatchObject({ state: 'connecting', port: 4711 });
    expect(await readOutbox(store)).toEqual([]);
  });

  it('undone forgets the key and the mail', async () => {
    await perform({ type: 'pair', code: await code() });
    await perform({ type: 'operate', id: 'o', operation: OPERATION });
    await perform({ type: 'unpair' });
    expect([restarts, await pairing.read(), await readOutbox(store)]).toEqual([2, null, []]);
  });
});

it('another port is dialled at once', async () => {
  await perform({ type: 'set-port', port: 1234 });
  expect((await readLink(store))?.port).toBe(1234);
  expect(restarts).toBe(1);
});

it('"look now" asks the bridge, or dials it', async () => {
  await perform({ type: 'check' });
  expect([sent, restarts]).toEqual([[{ type: 'check' }], 0]);
  connected = false;
  await perform({ type: 'check' });
  expect(restarts).toBe(1);
});

it('what is held is told to the bridge on each new line', async () => {
  const held = { account: 'a', folder: 'INBOX', epoch: 'e', revision: 4, uidValidity: 1, low: 1 };
  await store.put('mailboxes', held);
  expect(await firstCommands(store)).toEqual([
    { type: 'resume', mailboxes: [{ account: 'a', folder: 'INBOX', epoch: 'e', revision: 4 }] },
  ]);
});
