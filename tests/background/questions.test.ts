/** What pages want to know, with a store in memory and a bridge played by the test. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeContentWriter } from '../../src/background/content-writer.ts';
import { makeQuestions, type Questions } from '../../src/background/questions.ts';
import { makeStoreWriter, type StoreWriter } from '../../src/background/store-writer.ts';
import { makeSync } from '../../src/background/sync.ts';
import type { MessageContent } from '../../src/message-content.ts';
import type { BridgeEvent, Command } from '../../src/protocol.ts';
import { openStore, readContent, readFile, readFound, readWant, type Store } from '../../src/store.ts';
import { mailRow } from '../support/mail-rows.ts';

const MESSAGE = { account: 'a', folder: 'INBOX', uidValidity: 7, uid: 1 };
const OPEN = { type: 'open-message', id: 'w', message: MESSAGE } as const;

let store: Store;
let writer: StoreWriter;
let questions: Questions;
let sent: Command[];
let connected: boolean;
let clock: number;

/** @param most bytes of opened messages that are kept */
function start(most?: number): void {
  writer = makeStoreWriter(store, () => {});
  questions = makeQuestions({
    store,
    writer,
    contents: makeContentWriter(store, () => {}, most),
    send(commands) {
      if (connected) sent.push(...commands);
      return connected;
    },
    now: () => clock,
  });
}

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  store = await openStore();
  sent = [];
  connected = true;
  clock = 1_000;
  start();
});

const content = (text: string): MessageContent => ({
  from: null,
  sender: null,
  to: [],
  cc: [],
  replyTo: [],
  subject: 'Hello',
  date: null,
  text,
  links: [],
  html: null,
  inlineImages: [],
  attachments: [],
  cut: false,
  code: null,
});

/** The pieces in which a message comes. */
function pieces(id: string, text: string, size: number): BridgeEvent[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, at) => ({
    type: 'content',
    id,
    at: at * size,
    total: text.length,
    data: text.slice(at * size, (at + 1) * size),
  }));
}

async function take(...events: BridgeEvent[]): Promise<void> {
  for (const event of events) await questions.take(event);
}

describe('a message', () => {
  it('is asked for once, put together, kept, and is here at once the next time', async () => {
    await questions.ask(OPEN);
    expect(sent).toEqual([{ type: 'read-message', id: 'w', ...MESSAGE }]);
    expect(await readWant(store, 'w')).toMatchObject({ kind: 'message', state: 'open', message: MESSAGE });
    await take(...pieces('w', JSON.stringify(content('Grüße \ud83d\ude00')), 7));
    expect(await readContent(store, MESSAGE)).toEqual(content('Grüße \ud83d\ude00'));
    await take({ type: 'answered', id: 'w', code: null });
    expect(await readWant(store, 'w')).toMatchObject({ state: 'done', code: null });

    connected = false;
    await questions.ask({ ...OPEN, id: 'again' });
    expect(await readWant(store, 'again')).toMatchObject({ state: 'done' });
    expect(sent).toHaveLength(1);
  });

  it('fails with the code of the bridge, and at once without a line', async () => {
    await questions.ask(OPEN);
    await take({ type: 'answered', id: 'w', code: 'message-gone' });
    expect(await readWant(store, 'w')).toMatchObject({ state: 'failed', code: 'message-gone' });
    connected = false;
    await questions.ask({ ...OPEN, id: 'x' });
    expect(await readWant(store, 'x')).toMatchObject({ state: 'failed', code: 'bridge-unreachable' });
  });

  it.each<[string, string]>([
    ['no JSON', '{"from":'],
    ['something else', '{"from":null,"text":1}'],
    ['a part that is a path', JSON.stringify({ ...content(''), attachments: [{ part: '../x' }] })],
  ])('that is %s is not kept', async (_, text) => {
    await questions.ask(OPEN);
    await take(...pieces('w', text, 100), { type: 'answered', id: 'w', code: null });
    expect(await readContent(store, MESSAGE)).toBeUndefined();
    expect(await readWant(store, 'w')).toMatchObject({ state: 'failed', code: 'link-broken' });
  });

  it('of which the line brought half is not put together with the other half of another', async () => {
    await questions.ask(OPEN);
    const [first, ...rest] = pieces('w', JSON.stringify(content('one')), 40);
    await take(first as BridgeEvent);
    questions.reset();
    await take(...rest);
    expect(await readContent(store, MESSAGE)).toBeUndefined();
  });

  it('that nobody asked for is not kept', async () => {
    await take(...pieces('stranger', JSON.stringify(content('x')), 1000));
    expect(await store.count('contents')).toBe(0);
  });

  it('gives way when the room is full: the one not opened for the longest time first', async () => {
    start(2_500);
    const at = (uid: number) => ({ ...MESSAGE, uid });
    for (const uid of [1, 2]) {
      clock += 1;
      await questions.ask({ type: 'open-message', id: `w${uid}`, message: at(uid) });
      await take(...pieces(`w${uid}`, JSON.stringify(content('x'.repeat(800))), 5_000));
    }
    clock += 1;
    await questions.ask({ type: 'open-message', id: 'again', message: at(1) });
    await questions.ask({ type: 'open-message', id: 'w3', message: at(3) });
    clock += 1;
    await take(...pieces('w3', JSON.stringify(content('x'.repeat(800))), 5_000));
    const kept = await Promise.all([1, 2, 3].map(async (uid) => (await readContent(store, at(uid))) !== undefined));
    expect(kept).toEqual([true, false, true]);
  });

  it('goes with its account', async () => {
    await questions.ask(OPEN);
    await take(...pieces('w', JSON.stringify(content('x')), 1_000));
    const sync = makeSync(store, () => {});
    const server = { host: 'h', port: 993, security: 'tls' } as const;
    const account = { id: 'a', protocol: 'imap', name: 'n', address: '', user: 'u', server } as const;
    await sync.apply([{ type: 'accounts', accounts: [account] }]);
    expect(await store.count('contents')).toBe(1);
    await sync.apply([{ type: 'accounts', accounts: [] }]);
    expect(await store.count('contents')).toBe(0);
  });
});

describe('a file', () => {
  const ask = () => questions.ask({ type: 'load-file', id: 'f', message: MESSAGE, part: '2' });
  const bytes = (at: number, text: string): BridgeEvent => ({ type: 'bytes', id: 'f', at, data: btoa(text) });

  it('is kept piece by piece, each acknowledged when it is on disk', async () => {
    await ask();
    await take(bytes(0, 'abc'), bytes(3, 'de'));
    expect(sent.slice(1)).toEqual([
      { type: 'taken', id: 'f', bytes: 3 },
      { type: 'taken', id: 'f', bytes: 5 },
    ]);
    expect((await readWant(store, 'f'))?.received).toBe(5);
    await take({ type: 'answered', id: 'f', code: null });
    expect((await readFile(store, 'f')).map((data) => new TextDecoder().decode(data)).join('')).toBe('abcde');
  });

  it('that is forgotten is stopped, and nothing of it stays or comes in behind', async () => {
    await ask();
    await take(bytes(0, 'abc'));
    await questions.ask({ type: 'forget', id: 'f' });
    expect(sent.at(-1)).toEqual({ type: 'cancel', id: 'f' });
    await take(bytes(3, 'de'), { type: 'answered', id: 'f', code: 'canceled' });
    expect(await readFile(store, 'f')).toEqual([]);
    expect(await readWant(store, 'f')).toBeUndefined();
  });

  it('that is no base64 is not taken', async () => {
    await ask();
    await take({ type: 'bytes', id: 'f', at: 0, data: '%%%' });
    expect(sent).toHaveLength(1);
  });

  it('that nobody has fetched goes some time after it was answered', async () => {
    await ask();
    await take(bytes(0, 'abc'), { type: 'answered', id: 'f', code: null });
    await writer.failWants('timed-out', clock + 24 * 3600_000);
    expect([await store.count('chunks'), await store.count('wants')]).toEqual([0, 0]);
  });
});

describe('a search', () => {
  it('shows what is found as it comes, newest first, and forgets it with the want', async () => {
    const query = { text: 'needle' };
    await questions.ask({ type: 'search', id: 's', account: null, query });
    expect(sent).toEqual([{ type: 'search', id: 's', account: null, query }]);
    await take({ type: 'found', id: 's', rows: [mailRow(2, { date: 20 }), mailRow(1, { date: 10 })] });
    await take({ type: 'found', id: 's', rows: [mailRow(1, { folder: 'Lists', date: 15 })] });
    expect((await readFound(store, 's')).map(({ folder, uid }) => `${folder} ${uid}`)).toEqual([
      'INBOX 2',
      'Lists 1',
      'INBOX 1',
    ]);
    expect((await readWant(store, 's'))?.received).toBe(3);
    expect(await store.count('messages')).toBe(0);
    await take({ type: 'answered', id: 's', code: null }, { type: 'found', id: 's', rows: [mailRow(9)] });
    expect(await readFound(store, 's')).toHaveLength(3);
    await questions.ask({ type: 'forget', id: 's' });
    expect(await readFound(store, 's')).toEqual([]);
  });
});
