/** What a page asks for, with a store in memory and a link that is there or not. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type ActionsOptions, act, adopt, firstCommands } from '../../src/background/actions.ts';
import { makeContentWriter } from '../../src/background/content-writer.ts';
import { makePairingStore, type PairingStore } from '../../src/background/pairing-store.ts';
import { makeQuestions } from '../../src/background/questions.ts';
import { makeStoreWriter } from '../../src/background/store-writer.ts';
import type { Intent } from '../../src/intents.ts';
import type { Account, Operation } from '../../src/model.ts';
import { formatPairingCode } from '../../src/pairing-code.ts';
import type { Command } from '../../src/protocol.ts';
import { importKey } from '../../src/secure-channel.ts';
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
let attempts: string[];
let clock: number;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  store = await openStore();
  pairing = makePairingStore();
  sent = [];
  connected = true;
  restarts = 0;
  attempts = [];
  clock = 1_000;
});

function send(commands: Command[]): boolean {
  if (connected) sent.push(...commands);
  return connected;
}

function options(): ActionsOptions {
  const writer = makeStoreWriter(store, () => {});
  const contents = makeContentWriter(store, () => {});
  return {
    store,
    writer,
    pairing,
    attempt: { wake: () => attempts.push('wake'), restart: () => attempts.push('restart'), stop() {} },
    link: {
      wake() {},
      async restart(between) {
        restarts += 1;
        connected = false;
        await between?.();
      },
      send,
      stop() {},
    },
    questions: makeQuestions({ store, writer, contents, send, now: () => clock }),
    readLink: async () => (await readLink(store)) ?? LINK,
    now: () => clock,
  };
}

const perform = (intent: Intent) => act(intent, options());

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
  const code = (cid = 1) =>
    formatPairingCode({ port: 4711, cid: new Uint8Array(8).fill(cid), secret: new Uint8Array(32) });
  const key = () => importKey(new Uint8Array(32));

  async function paired(cid: number) {
    await pairing.begin({ port: 27993, cid: new Uint8Array(8).fill(cid), secret: new Uint8Array(32) }, 1);
    await pairing.keepNewKey(new Uint8Array(8).fill(cid), await key());
    await pairing.confirm(new Uint8Array(8).fill(cid));
    return pairing.read();
  }

  it('with a mistyped code keeps everything as it is', async () => {
    await perform({ type: 'operate', id: 'o', operation: OPERATION });
    expect(await perform({ type: 'pair', code: (await code()).slice(0, -1) })).toBe('pairing-code-wrong');
    expect([attempts, restarts, await pairing.readPending()]).toEqual([[], 0, null]);
    expect(await readOutbox(store)).toHaveLength(1);
  });

  it('tries the code beside the pairing that there is, which keeps its line and its mail', async () => {
    const before = await paired(1);
    await options().writer.setLink(LINK);
    await perform({ type: 'operate', id: 'o', operation: OPERATION });
    expect(await perform({ type: 'pair', code: await code(2) })).toBeNull();
    expect([attempts, restarts]).toEqual([['restart'], 0]);
    expect(await pairing.read()).toEqual(before);
    expect((await pairing.readPending())?.cid).toEqual(new Uint8Array(8).fill(2));
    expect(await readLink(store)).toEqual({ ...LINK, attempt: { since: 1_000, code: null, over: false } });
    expect(await readOutbox(store)).toHaveLength(1);
  });

  it.each([
    ['another bridge', false, 0],
    ['the same bridge', true, 1],
  ])('once confirmed by %s, takes the place of the old one', async (_, known, left) => {
    await paired(1);
    await perform({ type: 'operate', id: 'o', operation: OPERATION });
    await perform({ type: 'pair', code: await code(2) });
    await pairing.keepNewKey(new Uint8Array(8).fill(2), await key());
    const pending = await pairing.readPending();
    if (!pending) throw new Error('no code');
    await adopt(pending, known, options());
    expect(restarts).toBe(1);
    expect(await pairing.read()).toMatchObject({ cid: new Uint8Array(8).fill(2), port: 4711 });
    expect(await pairing.readPending()).toBeNull();
    expect(await readLink(store)).toEqual({
      state: 'connecting',
      code: null,
      since: 1_000,
      port: 4711,
      bridgeVersion: '',
    });
    expect(await readOutbox(store)).toHaveLength(left);
  });

  it('confirmed too late, behind another code, changes nothing', async () => {
    const before = await paired(1);
    await perform({ type: 'operate', id: 'o', operation: OPERATION });
    await perform({ type: 'pair', code: await code(2) });
    const pending = await pairing.readPending();
    if (!pending) throw new Error('no code');
    await perform({ type: 'pair', code: await code(3) });
    await adopt(pending, false, options());
    expect([await pairing.read(), (await readOutbox(store)).length]).toEqual([before, 1]);
    expect((await pairing.readPending())?.cid).toEqual(new Uint8Array(8).fill(3));
  });

  it('undone forgets both keys and the mail', async () => {
    await paired(1);
    await perform({ type: 'pair', code: await code(2) });
    await perform({ type: 'operate', id: 'o', operation: OPERATION });
    await perform({ type: 'unpair' });
    expect([restarts, await pairing.read(), await pairing.readPending()]).toEqual([1, null, null]);
    expect([await readOutbox(store), (await readLink(store))?.attempt]).toEqual([[], undefined]);
  });
});

it('a pairing code replaces a pairing database that cannot be opened', async () => {
  // As a newer version would have left it.
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.open('letterbox-pairing', 99);
    request.onsuccess = () => {
      request.result.close();
      resolve();
    };
    request.onerror = reject;
  });
  await expect(pairing.read()).rejects.toMatchObject({ name: 'PairingUnreadable' });
  const code = await formatPairingCode({ port: 1, cid: new Uint8Array(8), secret: new Uint8Array(32) });
  expect(await perform({ type: 'pair', code })).toBeNull();
  expect(await pairing.readPending()).toMatchObject({ port: 1 });
});

it('another port is dialled at once', async () => {
  await perform({ type: 'set-port', port: 1234 });
  expect((await readLink(store))?.port).toBe(1234);
  expect(restarts).toBe(1);
  // Nobody is paired yet: there is no bridge whose port it could be.
  expect(await pairing.read()).toBeNull();
});

it('"look now" asks the bridge, or dials it', async () => {
  await perform({ type: 'check' });
  expect([sent, restarts, attempts]).toEqual([[{ type: 'check' }], 0, ['wake']]);
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
