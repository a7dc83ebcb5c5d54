/** The whole background with a browser of our own round it, a storage that fails on request, and a real bridge. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Background } from '../../src/background/background.ts';
import type { Account, Operation } from '../../src/model.ts';
import { openStore, readOutbox, readWant } from '../../src/store.ts';
import { extensionSocket } from '../support/extension-socket.ts';
import { startMailServer } from '../support/mail-server/mail-server.ts';
import { getMessage } from '../support/messages.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary.ts';
import { startTestBridge, type TestBridge } from '../support/test-bridge.ts';
import { ORIGIN } from '../support/test-client.ts';
import { TestStorage } from '../support/test-storage.ts';

const OPERATION: Operation = { kind: 'seen', account: 'a', folder: 'INBOX', uidValidity: 1, target: { uids: [1] } };

const ACCOUNT: Account = {
  id: 'a',
  protocol: 'imap',
  name: 'Work',
  address: '',
  user: 'u',
  server: { host: '127.0.0.1', port: 1, security: 'none' },
};

let directory: TemporaryDirectory;
let running: TestBridge;
let storage: TestStorage;
/** What the toolbar shows. */
let badge: { text: string; title: string; looks: string[] };
const rejections: unknown[] = [];
const onRejection = (reason: unknown) => void rejections.push(reason);

beforeEach(async () => {
  directory = temporaryDirectory('background');
  running = await startTestBridge(directory.path);
  storage = new TestStorage();
  rejections.length = 0;
  process.on('unhandledRejection', onRejection);
});

afterEach(async () => {
  end();
  process.off('unhandledRejection', onRejection);
  expect(rejections).toEqual([]);
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await running.stop();
  directory.remove();
});

/** Ends the background that runs, as browsers do: without a word. */
let end: () => void = () => {};
/** Lines of the bridge's log when the background was started. */
let before: number;

/** Modules of its own, as a worker that was just started has. */
async function start(): Promise<Background> {
  end();
  vi.resetModules();
  before = running.lines.length;
  const sockets: { terminate(): void }[] = [];
  let ended = false;
  end = () => {
    ended = true;
    for (const socket of sockets) socket.terminate();
    storage.closeAll();
  };
  const shown = { text: 'as the browser left it', title: '', looks: [] as string[] };
  badge = shown;
  vi.doMock('webextension-polyfill', () => ({
    default: {
      i18n: { getMessage, getUILanguage: () => 'en' },
      runtime: { getManifest: () => ({ version: '0.1.0' }), getPlatformInfo: async () => ({ os: 'linux' }) },
      action: {
        async setBadgeText({ text }: { text: string }) {
          shown.text = text;
          shown.looks.push(text);
        },
        async setTitle({ title }: { title: string }) {
          shown.title = title;
        },
        setBadgeBackgroundColor: async () => {},
        setBadgeTextColor: async () => {},
        setIcon: async () => {},
      },
    },
  }));
  vi.stubGlobal('self', { location: { origin: ORIGIN, protocol: 'chrome-extension:' } });
  vi.stubGlobal(
    'WebSocket',
    // A class, because it is called with `new`.
    class {
      constructor(url: string, protocol: string) {
        const socket = extensionSocket(ended ? 'ws://127.0.0.1:9' : url, protocol);
        sockets.push(socket as unknown as { terminate(): void });
        // biome-ignore lint/correctness/noConstructorReturn: the socket of Node stands in for the browser's
        return socket;
      }
    },
  );
  const { startBackground } = await import('../../src/background/background.ts');
  return startBackground();
}

const shows = (text: string, title: string | RegExp = '') =>
  expect
    .poll(() => badge, { timeout: 10_000 })
    .toMatchObject({
      text,
      title: title instanceof RegExp ? expect.stringMatching(title) : expect.stringContaining(title),
    });
const BROKEN = /^Letterbox cannot open its storage\. Restart the browser\./;
const isConnected = () =>
  expect
    .poll(() => running.lines.slice(before).filter((line) => /session-(started|ended)/.test(line)), { timeout: 10_000 })
    .toEqual(expect.arrayContaining([expect.stringContaining('session-started')]));

/** A background that has its bridge and one operation that the bridge does not settle: it is for nobody's account. */
async function connected(): Promise<Background> {
  const background = await start();
  expect(await background.handle({ type: 'pair', code: await running.pairCode() })).toBeNull();
  await isConnected();
  await expect.poll(async () => (await read((store) => store.get('link', 'link')))?.state).toBe('ready');
  return background;
}

async function read<T>(query: (store: Awaited<ReturnType<typeof openStore>>) => Promise<T>): Promise<T> {
  const store = await openStore();
  try {
    return await query(store);
  } finally {
    store.close();
  }
}

describe('a storage that cannot be opened', () => {
  it.each(['throws', 'fails'] as const)('(it %s) is no empty badge, and is tried again', async (failure) => {
    storage.error = 'InvalidStateError';
    storage.onOpen = () => failure;
    const background = await start();
    await shows('!', BROKEN);
    expect(await background.handle({ type: 'check' })).toBe('storage-failed');
    await background.wake();
    await shows('!', BROKEN);
    expect(storage.deleted).toEqual([]);
    storage.onOpen = () => null;
    await background.wake();
    await shows('', 'not connected to its bridge yet');
    expect(badge.looks.filter((text) => text === '')).not.toEqual([]);
    expect(await background.handle({ type: 'check' })).toBeNull();
  });

  it('nor one that never answers', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    storage.onOpen = () => 'hangs';
    const background = await start();
    const receipt = background.handle({ type: 'check' });
    await vi.advanceTimersByTimeAsync(4_900);
    expect(badge.text).toBe('as the browser left it');
    await vi.advanceTimersByTimeAsync(200);
    expect(await receipt).toBe('storage-failed');
    expect(badge).toMatchObject({ text: '!', title: expect.stringMatching(BROKEN) });
    expect(storage.deleted).toEqual([]);
  });

  it('a disk that is full costs nothing that is on it', async () => {
    await connected();
    storage.error = 'QuotaExceededError';
    storage.onOpen = () => 'fails';
    await start();
    await shows('!', BROKEN);
    expect(storage.deleted).toEqual([]);
  });
});

describe('a storage that is damaged', () => {
  const broken = (failures: number) => {
    let left = failures;
    return (name: string) => (name === 'letterbox' && left-- > 0 ? 'fails' : null);
  };

  it('is made anew; the pairing is beside it, and so is the port', async () => {
    await connected();
    // Neither can it be looked at for what is worth keeping.
    storage.onOpen = broken(2);
    await start();
    await isConnected();
    await shows('', '');
    expect(storage.deleted).toEqual(['letterbox']);
    expect(await read((store) => store.get('link', 'link'))).toMatchObject({ port: running.bridge.port });
  });

  it('keeps what the user did, where that can still be read', async () => {
    await connected();
    await read(async (store) => {
      await store.put('outbox', { id: 'kept', operation: OPERATION, created: 1, failed: 'server-refused' });
      await store.put('outbox', { id: 'odd', operation: { kind: 'polish' } as never, created: 1, failed: null });
    });
    storage.onOpen = broken(1);
    await start();
    await isConnected();
    expect(storage.deleted).toEqual(['letterbox']);
    expect((await read(readOutbox)).map(({ id, failed }) => [id, failed])).toEqual([['kept', 'server-refused']]);
  });

  it('of a newer version is made anew, and keeps that too', async () => {
    await connected();
    await read((store) => store.put('outbox', { id: 'kept', operation: OPERATION, created: 1, failed: 'canceled' }));
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.open('letterbox', 99);
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
      request.onerror = reject;
    });
    await start();
    await isConnected();
    expect((await read(readOutbox)).map(({ id }) => id)).toEqual(['kept']);
  });

  it('and stays so is made anew once, and then said to be broken', async () => {
    storage.onOpen = (name) => (name === 'letterbox' ? 'fails' : null);
    const background = await start();
    await shows('!', BROKEN);
    await background.wake();
    await background.wake();
    await shows('!', BROKEN);
    expect(await background.handle({ type: 'check' })).toBe('storage-failed');
    expect(storage.deleted).toEqual(['letterbox']);
  });

  it('and shows it only when its rows are read is made anew as well', async () => {
    const background = await connected();
    const getAll = IDBObjectStore.prototype.getAll;
    vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(function (this: IDBObjectStore, ...query) {
      // The first one can be read: what is damaged lies behind it.
      if (this.name === 'statuses' && query.length === 0 && storage.deleted.length === 0)
        throw new DOMException('cannot read', 'UnknownError');
      return getAll.apply(this, query);
    });
    expect(await background.handle({ type: 'dismiss', id: 'none' })).toBeNull();
    await shows('!', BROKEN);
    before = running.lines.length;
    await background.wake();
    await isConnected();
    await shows('', '');
    expect(storage.deleted).toEqual(['letterbox']);
    expect(await background.handle({ type: 'check' })).toBeNull();
  });
});

it('a connection to the storage that the browser has ended is made again', async () => {
  const background = await connected();
  before = running.lines.length;
  storage.terminate('letterbox');
  await shows('!', BROKEN);
  expect(await background.handle({ type: 'dismiss', id: 'none' })).toBeNull();
  await isConnected();
  await shows('', '');
  expect(storage.deleted).toEqual([]);
});

it('and at once, where it has lived for a while', async () => {
  await connected();
  before = running.lines.length;
  const later = Date.now() + 60_000;
  vi.spyOn(Date, 'now').mockImplementation(() => later);
  storage.terminate('letterbox');
  await isConnected();
  await shows('', '');
});

it('a storage that fails under what the bridge tells is not taken for a true number', async () => {
  const background = await connected();
  const put = IDBObjectStore.prototype.put;
  let full = true;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...row) {
    if (full && this.name === 'accounts') throw new DOMException('full', 'QuotaExceededError');
    return put.apply(this, row);
  });
  await background.handle({ type: 'operate', id: 'put', operation: { kind: 'put-account', account: ACCOUNT } });
  await shows('!', BROKEN);
  full = false;
  await background.wake();
  await shows('!', 'Work: not counted yet. The password is missing.');
  expect(storage.deleted).toEqual([]);
});

it('a page that asks for the storage to be let go of, gets it', async () => {
  const background = await connected();
  before = running.lines.length;
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase('letterbox');
    request.onsuccess = () => resolve();
    request.onblocked = () => reject(new Error('blocked'));
  });
  await background.wake();
  await isConnected();
  await shows('', '');
});

it('a question whose line is lost has failed, and its page is told', async () => {
  const mail = await startMailServer({ accounts: [], security: 'none' });
  mail.faults.greeting = 'never';
  try {
    const background = await connected();
    const account = { ...ACCOUNT, server: { ...ACCOUNT.server, port: mail.port } };
    expect(await background.handle({ type: 'test-account', id: 'w', account, secret: 'x' })).toBeNull();
    await expect
      .poll(() => read((store) => readWant(store, 'w')))
      .toMatchObject({ state: 'open', steps: ['found', 'connected'] });
    await running.stop();
    await expect
      .poll(() => read((store) => readWant(store, 'w')))
      .toMatchObject({ state: 'failed', code: 'bridge-unreachable' });
  } finally {
    await mail.close();
  }
});

it('a pairing that cannot be written costs neither the cache nor the line', async () => {
  const background = await connected();
  before = running.lines.length;
  storage.terminate('letterbox-pairing');
  storage.onOpen = (name) => (name === 'letterbox-pairing' ? 'fails' : null);
  for (const intent of [{ type: 'unpair' }, { type: 'set-port', port: 1 }] as const)
    expect(await background.handle(intent)).toBe('storage-failed');
  expect(storage.deleted).toEqual([]);
  expect(await background.handle({ type: 'check' })).toBeNull();
  await shows('', '');
  expect(running.lines.slice(before).join('')).not.toContain('session-ended');
});

it('a pairing that cannot be read is said in words, and mended by a new code', async () => {
  await connected();
  storage.onOpen = (name) => (name === 'letterbox-pairing' ? 'fails' : null);
  const background = await start();
  await shows('!', 'Letterbox cannot open its storage.');
  storage.onOpen = (name) => (name === 'letterbox-pairing' && storage.deleted.length === 0 ? 'fails' : null);
  expect(await background.handle({ type: 'pair', code: await running.pairCode() })).toBeNull();
  await isConnected();
  await shows('', '');
});
