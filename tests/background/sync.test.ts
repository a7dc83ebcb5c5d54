import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeSync, type Sync } from '../../src/background/sync.ts';
import type { Account, Message } from '../../src/model.ts';
import type { BridgeEvent, EventOf } from '../../src/protocol.ts';
import { openStore, readAccounts, readMailboxes, readMessages, type Store } from '../../src/store.ts';
import { mailRow } from '../support/mail-rows.ts';

const INBOX = { account: 'a', folder: 'INBOX' };
let store: Store;
let sync: Sync;
let announced: number;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  store = await openStore();
  announced = 0;
  sync = makeSync(store, () => (announced += 1));
});

const account = (id: string, folders?: string[]): Account => ({
  id,
  protocol: 'imap',
  name: id,
  address: '',
  user: 'u',
  server: { host: 'h', port: 1, security: 'tls' },
  ...(folders ? { folders } : {}),
});
const row = (uid: number, seen = false, rest: Partial<Message> = {}) =>
  mailRow(uid, { subject: `s${uid}`, seen, ...rest });
const snapshot = (epoch: string, rows: Message[]): BridgeEvent[] => [
  { type: 'begin', ...INBOX, epoch, revision: 0, uidValidity: 7, low: 1, partial: false },
  { type: 'rows', ...INBOX, epoch, rows },
  { type: 'end', ...INBOX, epoch },
];
const delta = (revision: number, change: Partial<EventOf<'delta'>> = {}): BridgeEvent => ({
  type: 'delta',
  ...INBOX,
  epoch: 'e',
  revision,
  rows: [],
  flags: [],
  gone: [],
  ...change,
});
const uids = async (unreadOnly = false) =>
  (await readMessages(store, { unreadOnly, limit: 100 })).map(({ uid }) => uid);

it('half a snapshot takes nothing away that lies below it; a whole one does', async () => {
  await sync.apply(snapshot('old', [row(1), row(2), row(8), row(9)]));
  await sync.apply([
    { type: 'begin', ...INBOX, epoch: 'new', revision: 0, uidValidity: 7, low: 8, partial: true },
    { type: 'rows', ...INBOX, epoch: 'new', rows: [row(9), row(10)] },
    { type: 'end', ...INBOX, epoch: 'new' },
  ]);
  expect(await uids()).toEqual([10, 9, 2, 1]);
  await sync.apply(snapshot('new', [row(2), row(9), row(10)]));
  expect(await uids()).toEqual([10, 9, 2]);
});

it('half a snapshot of a mailbox that was numbered anew leaves nothing of the old one', async () => {
  await sync.apply(snapshot('old', [row(1), row(2)]));
  await sync.apply([
    { type: 'begin', ...INBOX, epoch: 'new', revision: 0, uidValidity: 8, low: 5, partial: true },
    { type: 'rows', ...INBOX, epoch: 'new', rows: [row(5, false, { uidValidity: 8 })] },
    { type: 'end', ...INBOX, epoch: 'new' },
  ]);
  expect(await uids()).toEqual([5]);
});

it('first words stay until the bridge has looked at the body again', async () => {
  await sync.apply(snapshot('old', [row(1, false, { snippet: 'Hello', hasAttachments: true })]));
  await sync.apply(snapshot('new', [row(1), row(2)]));
  expect((await store.getAll('messages')).map(({ snippet, hasAttachments }) => [snippet, hasAttachments])).toEqual([
    ['Hello', true],
    [null, false],
  ]);
  await sync.apply(snapshot('newer', [row(1, false, { snippet: '' })]));
  expect((await store.getAll('messages')).map(({ snippet }) => snippet)).toEqual(['']);
});

it('a snapshot replaces the mailbox when it is complete, and not before', async () => {
  await sync.apply(snapshot('old', [row(1), row(2)]));
  const [begin, rows, end] = snapshot('new', [row(2), row(3)]) as [BridgeEvent, BridgeEvent, BridgeEvent];
  await sync.apply([begin, rows]);
  expect(await uids()).toEqual([2, 1]);
  await sync.apply([end]);
  expect(await uids()).toEqual([3, 2]);
  expect((await readMailboxes(store))[0]).toMatchObject({ epoch: 'new', revision: 0 });
});

it('half a snapshot is forgotten with its line', async () => {
  await sync.apply(snapshot('e', [row(1)]));
  const [begin, rows, end] = snapshot('half', [row(9)]) as [BridgeEvent, BridgeEvent, BridgeEvent];
  await sync.apply([begin, rows]);
  sync.reset();
  await sync.apply([end]);
  expect(await uids()).toEqual([1]);
});

it('a delta adds, marks and removes; the unread filter follows', async () => {
  await sync.apply(snapshot('e', [row(1), row(2), row(3, true)]));
  const flags = [
    { uid: 1, seen: true, flagged: true, answered: false },
    { uid: 3, seen: false, flagged: false, answered: false },
  ];
  expect(await sync.apply([delta(1, { rows: [row(4)], flags, gone: [2] })])).toBe(false);
  expect(await uids()).toEqual([4, 3, 1]);
  expect(await uids(true)).toEqual([4, 3]);
});

it('a gap or another epoch asks for more and changes nothing; a repeat is ignored', async () => {
  await sync.apply(snapshot('e', [row(1)]));
  expect(await sync.apply([delta(2, { gone: [1] })])).toBe(true);
  expect(await sync.apply([delta(1, { epoch: 'other', gone: [1] })])).toBe(true);
  expect(await sync.apply([delta(1)])).toBe(false);
  expect(await sync.apply([delta(1, { gone: [1] })])).toBe(false);
  expect(await uids()).toEqual([1]);
});

it('an account that is not named any more is gone with its rows; so is a folder that counts no more', async () => {
  await sync.apply([
    { type: 'accounts', accounts: [account('b', ['INBOX', 'Lists']), account('a')] },
    ...snapshot('e', [row(1)]),
  ]);
  await sync.apply([
    { type: 'begin', account: 'b', folder: 'Lists', epoch: 'l', revision: 0, uidValidity: 7, low: 1, partial: false },
    {
      type: 'rows',
      account: 'b',
      folder: 'Lists',
      epoch: 'l',
      rows: [row(5, false, { account: 'b', folder: 'Lists' })],
    },
    { type: 'end', account: 'b', folder: 'Lists', epoch: 'l' },
  ]);
  expect((await readAccounts(store)).map(({ id }) => id)).toEqual(['b', 'a']);
  expect(await uids()).toEqual([5, 1]);
  await sync.apply([{ type: 'accounts', accounts: [account('b')] }]);
  expect(await uids()).toEqual([]);
  expect(await readMailboxes(store)).toEqual([]);
});

it('tells the pages once for a frame, and not for a frame without mail', async () => {
  await sync.apply(snapshot('e', [row(1)]));
  await sync.apply([{ type: 'pong' }]);
  expect(announced).toBe(1);
});

describe('a number', () => {
  const status = (unread: number | null): BridgeEvent => ({
    type: 'status',
    account: 'a',
    unread,
    asOf: unread === null ? null : 1_000,
    state: unread === null ? 'old' : 'fresh',
    code: null,
    retryAt: null,
    can: { flags: 'server', folders: true, push: true, move: true },
  });
  const accounts = (...list: Account[]): BridgeEvent => ({ type: 'accounts', accounts: list });

  it('outlives a bridge that has just started and knows none yet', async () => {
    await sync.apply([accounts(account('a')), status(3)]);
    await sync.apply([accounts(account('a')), status(null)]);
    expect(await store.get('statuses', 'a')).toMatchObject({ unread: 3, asOf: 1_000, state: 'old' });
    await sync.apply([status(0)]);
    expect(await store.get('statuses', 'a')).toMatchObject({ unread: 0, state: 'fresh' });
  });

  it.each<[string, Account]>([
    ['another server', { ...account('a'), server: { host: 'other', port: 1, security: 'tls' } }],
    ['another user', { ...account('a'), user: 'other' }],
    ['other folders', account('a', ['Lists'])],
  ])('does not outlive %s', async (_, changed) => {
    await sync.apply([accounts(account('a')), status(3)]);
    await sync.apply([accounts(changed), status(null)]);
    expect(await store.get('statuses', 'a')).toMatchObject({ unread: null });
  });
});
