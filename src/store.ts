/**
 * The extension's IndexedDB: its schema, every query, and the "changed" broadcast.
 * Pages only read; what writes is in `background/store-writer.ts`.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { MessageContent } from './message-content.ts';
import type {
  Account,
  AccountId,
  AccountStatus,
  ErrorCode,
  Folder,
  FolderRef,
  Message,
  Operation,
  TestStep,
} from './model.ts';

/** How the link to the bridge stands. */
export interface Link {
  /** `unpaired`: first start. `lost`: no bridge at the moment. `refused`: only the user can mend it. */
  state: 'unpaired' | 'connecting' | 'ready' | 'lost' | 'refused';
  code: ErrorCode | null;
  /** When this state began, milliseconds since 1970. */
  since: number;
  /** The port on 127.0.0.1 that is dialled. */
  port: number;
  /** '' until the bridge has said it. */
  bridgeVersion: string;
}

/** How far the cache of a mailbox follows the bridge's. */
export interface Mailbox extends FolderRef {
  epoch: string;
  revision: number;
  uidValidity: number;
  /** Every message with this UID or a higher one is cached. */
  low: number;
}

/** An operation that the bridge has not confirmed, or that failed and has not been read about. */
export interface OutboxRow {
  id: string;
  operation: Operation;
  created: number;
  /** null: on its way. Otherwise why it was not done. */
  failed: ErrorCode | null;
}

/** Names one message of a mailbox for ever. */
export interface MessageRef extends FolderRef {
  uidValidity: number;
  uid: number;
}

/** A question to the bridge and how far its answer has come. Holds no secret. */
export interface Want {
  id: string;
  kind: 'test-account' | 'message' | 'file' | 'search';
  state: 'open' | 'done' | 'failed';
  code: ErrorCode | null;
  /** The steps that a test has passed. */
  steps: TestStep[];
  /** The message that is asked about. */
  message: MessageRef | null;
  /** Bytes of a file, or messages found, that are here. */
  received: number;
  /** Milliseconds since 1970; past it an open want has failed with `timed-out`. */
  deadline: number;
}

/** A want as it is when it is asked. @param deadline milliseconds since 1970 */
export function newWant(id: string, kind: Want['kind'], deadline: number, message: MessageRef | null = null): Want {
  return { id, kind, state: 'open', code: null, steps: [], message, received: 0, deadline };
}

/** A message that was opened once. */
export interface Content extends MessageRef {
  content: MessageContent;
  /** About what it takes on disk. */
  bytes: number;
  /** When it was last opened, milliseconds since 1970. */
  usedAt: number;
}

/** A piece of a file, until the page that wanted it has it. */
export interface FileChunk {
  want: string;
  /** Its place in the file. */
  at: number;
  data: Uint8Array<ArrayBuffer>;
}

/** A cached row. `unread` exists on unseen ones only, so that its index holds these alone. */
export type MessageRow = Message & { unread?: 1 };

export interface LetterboxSchema extends DBSchema {
  accounts: { key: AccountId; value: Account & { position: number } };
  statuses: { key: AccountId; value: AccountStatus };
  folders: { key: AccountId; value: { account: AccountId; folders: Folder[] } };
  mailboxes: { key: [AccountId, string]; value: Mailbox };
  messages: {
    key: [AccountId, string, number];
    value: MessageRow;
    indexes: {
      byDate: [number, number];
      byAccount: [AccountId, number, number];
      unreadByDate: [1, number, number];
      unreadByAccount: [AccountId, 1, number, number];
    };
  };
  contents: { key: [AccountId, string, number, number]; value: Content; indexes: { byUse: [number, number] } };
  chunks: { key: [string, number]; value: FileChunk };
  found: {
    key: [string, AccountId, string, number];
    value: Message & { want: string };
    indexes: { byDate: [string, number, number] };
  };
  outbox: { key: string; value: OutboxRow };
  wants: { key: string; value: Want };
  link: { key: 'link'; value: Link };
}

export type Area =
  | 'accounts'
  | 'statuses'
  | 'folders'
  | 'mailboxes'
  | 'messages'
  | 'contents'
  | 'chunks'
  | 'found'
  | 'outbox'
  | 'wants'
  | 'link';
export type Store = IDBPDatabase<LetterboxSchema>;

const CACHE_AREAS: readonly Area[] = [
  'accounts',
  'statuses',
  'folders',
  'mailboxes',
  'messages',
  'contents',
  'chunks',
  'found',
];
export const AREAS: readonly Area[] = [...CACHE_AREAS, 'outbox', 'wants', 'link'];
const CONTENT_KEY = ['account', 'folder', 'uidValidity', 'uid'];
/** 2: what a row shows of the body; messages that were opened, files, what a search has found. */
const SCHEMA_VERSION = 2;

/** Opens the store, making or upgrading it. Cache stores are made anew by an upgrade: the bridge fills them again. */
export function openStore(): Promise<Store> {
  return openDB<LetterboxSchema>('letterbox', SCHEMA_VERSION, {
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
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
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

/** What this browser needs to prove itself to its bridge. The keys cannot be exported. */
export interface Pairing {
  /** The client id of the pairing code, 8 bytes. */
  cid: Uint8Array;
  /** The code's own key; kept until the bridge has confirmed. */
  codeKey: CryptoKey | null;
  /** The long-term key; null before the first handshake. */
  pairedKey: CryptoKey | null;
}

interface PairingSchema extends DBSchema {
  pairing: { key: 'pairing'; value: Pairing };
}

/** A database of its own, so that no upgrade or purge of the cache can touch the key. */
export function openPairingDatabase(): Promise<IDBPDatabase<PairingSchema>> {
  return openDB<PairingSchema>('letterbox-pairing', 1, {
    upgrade: (database) => void database.createObjectStore('pairing'),
  });
}
