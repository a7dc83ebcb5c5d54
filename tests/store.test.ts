import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { makeStoreWriter } from '../src/background/store-writer.ts';
import type { Message, Operation } from '../src/model.ts';
import {
  type Area,
  type MessageQuery,
  type MessageRow,
  newWant,
  openStore,
  readLink,
  readMessages,
  readOutbox,
  readWant,
  type Store,
} from '../src/store.ts';
import { mailRow } from './support/mail-rows.ts';
import { turns } from './support/turns.ts';

let store: Store;
let told: (readonly Area[])[];
let writer: ReturnType<typeof makeStoreWriter>;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  store = await openStore();
  told = [];
  writer = makeStoreWriter(store, (areas) => told.push(areas));
});

describe('the list', () => {
  const row = (account: string, uid: number, date: number, seen: boolean): MessageRow => ({
    ...mailRow(uid, { account, subject: `${account}${uid}`, date, seen }),
    ...(seen ? {} : { unread: 1 }),
  });
  const read = async (query: Partial<MessageQuery>) =>
    (await readMessages(store, { unreadOnly: false, limit: 100, ...query })).map(({ subject }) => subject);

  beforeEach(async () => {
    const rows = [
      row('a', 1, 100, false),
      row('a', 2, 300, true),
      row('b', 1, 200, true),
      row('b', 2, 400, false),
      // An id that begins like another one, and a message that is dated before 1970.
      row('ab', 1, -5, false),
    ];
    for (const one of rows) await store.put('messages', one);
  });

  it('is newest first, of all accounts', async () => {
    expect(await read({})).toEqual(['b2', 'a2', 'b1', 'a1', 'ab1']);
  });

  it('of one account holds nothing of another', async () => {
    expect(await read({ account: 'a' })).toEqual(['a2', 'a1']);
    expect(await read({ account: 'ab' })).toEqual(['ab1']);
    expect(await read({ account: 'none' })).toEqual([]);
  });

  it('of unread ones', async () => {
    expect(await read({ unreadOnly: true })).toEqual(['b2', 'a1', 'ab1']);
    expect(await read({ unreadOnly: true, account: 'a' })).toEqual(['a1']);
  });

  it('ends at its limit', async () => {
    expect(await read({ limit: 2 })).toEqual(['b2', 'a2']);
    expect(await read({ limit: 1, account: 'b' })).toEqual(['b2']);
    expect(await read({ limit: 0 })).toEqual([]);
  });

  it('says nothing of how it is stored', async () => {
    const [message] = await readMessages(store, { unreadOnly: true, limit: 1 });
    expect(message satisfies Message | undefined).not.toHaveProperty('unread');
  });
});

describe('the outbox', () => {
  const operation: Operation = { kind: 'remove-account', account: 'a' };

  it('is in the order of the acts, whatever their ids', async () => {
    await writer.addOperation('z', operation, 1);
    await writer.addOperation('a', operation, 2);
    expect((await readOutbox(store)).map(({ id }) => id)).toEqual(['z', 'a']);
  });

  it('holds what is not done, and why', async () => {
    for (const id of ['done', 'undone', 'failed']) await writer.addOperation(id, operation, 1);
    await writer.settleOperation('done', null);
    await writer.settleOperation('undone', 'undone');
    await writer.settleOperation('failed', 'server-refused');
    await writer.settleOperation('never heard of', 'server-refused');
    expect(await readOutbox(store)).toMatchObject([{ id: 'failed', failed: 'server-refused' }]);
    await writer.dismissOperation('failed');
    expect(await readOutbox(store)).toEqual([]);
  });
});

describe('a want', () => {
  const want = (id: string, deadline = 1_000) => newWant(id, 'test-account', deadline);

  it('collects its steps until it is answered, and stays as it was answered', async () => {
    await writer.addWant(want('w'));
    await writer.passStep('w', 'found');
    await writer.passStep('w', 'connected');
    await writer.answerWant('w', 'wrong-password');
    await writer.passStep('w', 'read');
    await writer.answerWant('w', null);
    expect(await readWant(store, 'w')).toMatchObject({
      state: 'failed',
      code: 'wrong-password',
      steps: ['found', 'connected'],
    });
  });

  it('an answer to none makes none', async () => {
    await writer.answerWant('w', null);
    expect(await readWant(store, 'w')).toBeUndefined();
  });

  it('fails past its deadline, and with the link', async () => {
    await writer.addWant(want('early', 1_000));
    await writer.addWant(want('late', 2_000));
    await writer.failWants('timed-out', 1_500);
    expect(await readWant(store, 'early')).toMatchObject({ state: 'failed', code: 'timed-out' });
    expect(await readWant(store, 'late')).toMatchObject({ state: 'open' });
    await writer.failWants('bridge-unreachable', null);
    expect(await readWant(store, 'late')).toMatchObject({ state: 'failed', code: 'bridge-unreachable' });
    expect(await readWant(store, 'early')).toMatchObject({ code: 'timed-out' });
  });

  it('is forgotten a while after', async () => {
    await writer.addWant(want('w'));
    await writer.answerWant('w', null);
    await writer.failWants('timed-out', 60_000);
    expect(await readWant(store, 'w')).toBeDefined();
    await writer.failWants('timed-out', 1_000 + 10 * 60_000 + 1);
    expect(await readWant(store, 'w')).toBeUndefined();
  });
});

it('another bridge: everything is gone but the link', async () => {
  await writer.setLink({ state: 'ready', code: null, since: 1, port: 2, bridgeVersion: '3' });
  await writer.addOperation('o', { kind: 'remove-account', account: 'a' }, 1);
  await store.put('statuses', {
    account: 'a',
    unread: 1,
    asOf: 1,
    state: 'fresh',
    code: null,
    retryAt: null,
    can: { flags: 'server', folders: false, push: true, move: false },
  });
  await writer.purge();
  for (const area of store.objectStoreNames) expect(await store.count(area), area).toBe(area === 'link' ? 1 : 0);
  expect(await readLink(store)).toMatchObject({ port: 2 });
});

it('tells the pages of each write after it is complete', async () => {
  await writer.addOperation('o', { kind: 'remove-account', account: 'a' }, 1);
  await writer.setLink({ state: 'lost', code: null, since: 1, port: 2, bridgeVersion: '' });
  expect(told).toEqual([['outbox'], ['link']]);
});

it('a page that still holds an older version lets go', async () => {
  const reopened = new Promise<void>((resolve, reject) => {
    const request = indexedDB.open('letterbox', store.version + 1);
    request.onsuccess = () => {
      request.result.close();
      resolve();
    };
    request.onblocked = () => reject(new Error('blocked'));
  });
  await reopened;
});

describe('an older page that does not let go', () => {
  /** A connection of version 1 that is deaf. */
  const hold = () =>
    new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('letterbox', 1);
      request.onsuccess = () => resolve(request.result);
      request.onerror = reject;
    });

  it('keeps nobody waiting for good, and once it has gone nothing is left open', async () => {
    globalThis.indexedDB = new IDBFactory();
    const page = await hold();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const opening = openStore().catch((error: DOMException) => error.name);
      await vi.advanceTimersByTimeAsync(5_000);
      expect(await opening).toBe('TimeoutError');
    } finally {
      vi.useRealTimers();
    }
    page.close();
    await turns(20);
    const blocked = vi.fn();
    await new Promise((resolve) => {
      const request = indexedDB.deleteDatabase('letterbox');
      request.onblocked = blocked;
      request.onsuccess = resolve;
    });
    expect(blocked).not.toHaveBeenCalled();
  });

  it('is waited for a moment', async () => {
    globalThis.indexedDB = new IDBFactory();
    const page = await hold();
    const opening = openStore();
    await turns(5);
    page.close();
    (await opening).close();
  });
});

it('the state of the link and that of a code that is tried do not write over each other', async () => {
  const link = { state: 'ready' as const, code: null, since: 1, port: 2, bridgeVersion: '3' };
  const attempt = { since: 4, code: null, over: false };
  await writer.setAttempt(attempt);
  await writer.setLink(link);
  expect(await readLink(store)).toEqual({ ...link, attempt });
  // As somebody writes it who has read it before.
  await Promise.all([writer.setAttempt(null), writer.setLink({ ...link, attempt })]);
  expect((await readLink(store))?.attempt).toBeUndefined();
});
