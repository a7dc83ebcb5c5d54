/**
 * The extension's IndexedDB: how it is opened, every query, and the "changed" broadcast.
 * Pages only read; what writes is in `background/store-writer.ts`.
 */
import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';
import type { MessageContent } from './message-content.ts';
import type { Account, AccountId, AccountStatus, Folder, Message } from './model.ts';
import {
  type Area,
  CACHE_AREAS,
  type LetterboxSchema,
  type Link,
  type Mailbox,
  type MessageRef,
  type OutboxRow,
  type Want,
} from './store-schema.ts';

export * from './store-schema.ts';

export type Store = IDBPDatabase<LetterboxSchema>;

const CONTENT_KEY = ['account', 'folder', 'uidValidity', 'uid'];
/** 2: what a row shows of the body; messages that were opened, files, what a search has found. */
const SCHEMA_VERSION = 2;

/** A browser that cannot open a database does not always say so; and a page that hangs keeps an old one open. */
const OPEN_TIMEOUT = 5_000;
const NAME = 'letterbox';

/**
 * Opens the store, making or upgrading it. Cache stores are made anew by an upgrade: the bridge fills them again.
 * @param onClosed the connection is gone: the browser has ended it, or an upgrade or a repair has asked for it
 */
export async function openStore(onClosed: () => void = () => {}): Promise<Store> {
  const opening = openDB<LetterboxSchema>(NAME, SCHEMA_VERSION, {
    upgrade(database) {
      for (const area of CACHE_AREAS) if (database.objectStoreNames.contains(area)) database.deleteObjectStore(area);
      database.createObjectStore('accounts', { keyPath: 'id' });
      database.createObjectStore('statuses', { keyPath: 'account' });
      database.createObjectStore('folders', { keyPath: 'account' });
      database.createObjectStore('mailboxes', { keyPath: ['account', 'folder'] });
      const messages = database.createObjectStore('messages', { keyPath: ['account', 'folder', 'uid'] });
      messages.createIndex('byDate', ['date', 'uid']);
      messages.createIndex('byAccount', ['account', 'date', 'uid']);
      messages.createIndex('unreadByDate', ['unread', 'date', 'uid']);
      messages.createIndex('unreadByAccount', ['account', 'unread', 'date', 'uid']);
      database.createObjectStore('contents', { keyPath: CONTENT_KEY }).createIndex('byUse', ['usedAt', 'bytes']);
      database.createObjectStore('chunks', { keyPath: ['want', 'at'] });
      const found = database.createObjectStore('found', { keyPath: ['want', 'account', 'folder', 'uid'] });
      found.createIndex('byDate', ['want', 'date', 'uid']);
      if (!database.objectStoreNames.contains('outbox')) database.createObjectStore('outbox', { keyPath: 'id' });
      if (!database.objectStoreNames.contains('wants')) database.createObjectStore('wants', { keyPath: 'id' });
      if (!database.objectStoreNames.contains('link')) database.createObjectStore('link');
    },
    // An older page of ours keeps the old version open after an update; it must let go, it is reloaded anyway.
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      onClosed();
    },
    terminated: onClosed,
  });
  return inTime(opening, (store) => store.close());
}

/** What the user did, and how the link stands, in a store of whatever version, as far as it can still be read. */
export async function salvage(): Promise<{ outbox: OutboxRow[]; link: Link | null }> {
  const store = await openAsItIs().catch(() => null);
  if (!store) return { outbox: [], link: null };
  const outbox = await readOutbox(store).catch(() => []);
  const link = await readLink(store).catch(() => null);
  store.close();
  return { outbox, link };
}

async function openAsItIs(): Promise<Store> {
  return inTime(openDB<LetterboxSchema>(NAME), (store) => store.close());
}

/** Other connections of ours let go of it by themselves. */
export async function deleteStore(): Promise<void> {
  return inTime(deleteDB(NAME), () => {});
}

/** @param undo what is done with what comes too late */
async function inTime<T>(work: Promise<T>, undo: (late: T) => void): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      work.then(undo, () => {});
      reject(new DOMException('the storage does not answer', 'TimeoutError'));
    }, OPEN_TIMEOUT);
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
  }
}

/** The accounts in the user's order. */
export async function readAccounts(store: Store): Promise<Account[]> {
  const rows = await store.getAll('accounts');
  return rows.sort((a, b) => a.position - b.position).map(({ position: _, ...account }) => account);
}

export function readStatuses(store: Store): Promise<AccountStatus[]> {
  return store.getAll('statuses');
}

/** The folders of an account; none until the bridge has told them. */
export async function readFolders(store: Store, account: AccountId): Promise<Folder[]> {
  return (await store.get('folders', account))?.folders ?? [];
}

export function readMailboxes(store: Store): Promise<Mailbox[]> {
  return store.getAll('mailboxes');
}

/** Operations on their way and failed ones, oldest first. */
export async function readOutbox(store: Store): Promise<OutboxRow[]> {
  return (await store.getAll('outbox')).sort((a, b) => a.created - b.created);
}

export function readWant(store: Store, id: string): Promise<Want | undefined> {
  return store.get('wants', id);
}

/** A message that was opened before; undefined for one that was not, or long ago. */
export async function readContent(store: Store, message: MessageRef): Promise<MessageContent | undefined> {
  const { account, folder, uidValidity, uid } = message;
  return (await store.get('contents', [account, folder, uidValidity, uid]))?.content;
}

/** The bytes of a file that have come, in their order. */
export async function readFile(store: Store, want: string): Promise<Uint8Array<ArrayBuffer>[]> {
  return (await store.getAll('chunks', wantRange(want))).map(({ data }) => data);
}

/** What a search has found so far, newest first. */
export async function readFound(store: Store, want: string): Promise<Message[]> {
  const rows = await store.getAllFromIndex('found', 'byDate', wantRange(want));
  return rows.map(({ want: _, ...message }) => message).reverse();
}

/** Everything that belongs to one want. */
export function wantRange(want: string): IDBKeyRange {
  return IDBKeyRange.bound([want], [want, []]);
}

/** null before the very first start of the background has been written down. */
export async function readLink(store: Store): Promise<Link | null> {
  return (await store.get('link', 'link')) ?? null;
}

export interface MessageQuery {
  /** Of this account alone; else of all. */
  account?: AccountId;
  unreadOnly: boolean;
  limit: number;
}

/** Cached rows, newest first. Reads `limit` rows and no more, however many there are. */
export async function readMessages(store: Store, query: MessageQuery): Promise<Message[]> {
  // As a count, 0 means everything.
  if (query.limit === 0) return [];
  const index = store.transaction('messages').store.index(indexFor(query));
  // One request and not a cursor's thousands. Both browsers know these options; the types do not yet (IndexedDB 3.0).
  const options = { query: rangeFor(query), count: query.limit, direction: 'prev' };
  const rows = await index.getAll(options as unknown as IDBKeyRange);
  return rows.map(({ unread: _, ...message }) => message);
}

function indexFor(query: MessageQuery): 'byDate' | 'byAccount' | 'unreadByDate' | 'unreadByAccount' {
  if (query.account) return query.unreadOnly ? 'unreadByAccount' : 'byAccount';
  return query.unreadOnly ? 'unreadByDate' : 'byDate';
}

function rangeFor(query: MessageQuery): IDBKeyRange | null {
  if (!query.account) return null;
  const prefix = query.unreadOnly ? [query.account, 1] : [query.account];
  // An array sorts after every number and string: it closes the prefix.
  return IDBKeyRange.bound(prefix, [...prefix, []]);
}

const CHANNEL = 'letterbox-changed';

/** Tells every page that these areas have changed. Called by the background after each write. */
export function announceChange(areas: readonly Area[]): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(areas);
  channel.close();
}

/** Calls back after each write of the background. Returns what ends it. */
export function onChange(listener: (areas: readonly Area[]) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event: MessageEvent<readonly Area[]>) => listener(event.data);
  return () => channel.close();
}

/** What this browser proves itself to its bridge with. The key cannot be exported. */
export interface Pairing {
  /** The client id of the pairing code, 8 bytes. */
  cid: Uint8Array;
  pairedKey: CryptoKey;
  /** Where the bridge is on 127.0.0.1; left out by the first version, which knew it from the link alone. */
  port?: number | undefined;
}

/** A code that was pasted, until the bridge has confirmed that it has stored what comes of it. */
export interface PendingPairing {
  cid: Uint8Array;
  /** The code's own key. */
  codeKey: CryptoKey;
  /** The long-term key; null before the first handshake. */
  pairedKey: CryptoKey | null;
  port: number;
  /** When it was pasted, milliseconds since 1970. */
  begun: number;
}

interface PairingSchema extends DBSchema {
  pairing: { key: 'pairing'; value: Pairing };
  pending: { key: 'pending'; value: PendingPairing };
}

const PAIRING_NAME = 'letterbox-pairing';
/** 2: a code that was pasted is kept beside the pairing, and not in its place. */
const PAIRING_VERSION = 2;

export type PairingDatabase = IDBPDatabase<PairingSchema>;

/** A database of its own, so that no upgrade, purge or repair of the cache can touch the key. */
export async function openPairingDatabase(onClosed: () => void): Promise<PairingDatabase> {
  const opening = openDB<PairingSchema>(PAIRING_NAME, PAIRING_VERSION, {
    upgrade(database) {
      if (!database.objectStoreNames.contains('pairing')) database.createObjectStore('pairing');
      database.createObjectStore('pending');
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      onClosed();
    },
    terminated: onClosed,
  });
  return inTime(opening, (database) => database.close());
}

export async function deletePairingDatabase(): Promise<void> {
  return inTime(deleteDB(PAIRING_NAME), () => {});
}
