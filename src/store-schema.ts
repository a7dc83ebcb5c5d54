/** What stands in the extension's IndexedDB. How it is read is in `store.ts`. */
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
import { DEFAULT_PORT } from './protocol.ts';

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
  /** A pairing code that was pasted and has not taken the place of the pairing; left out where there is none. */
  attempt?: Attempt | undefined;
}

/** The link of a browser that was never paired. */
export function newLink(port = DEFAULT_PORT): Link {
  return { state: 'unpaired', code: null, since: 0, port, bridgeVersion: '' };
}

/** How it stands with a pairing code. The pairing that there was works on beside it. */
export interface Attempt {
  /** When this state began, milliseconds since 1970. */
  since: number;
  /** Why it has not worked so far, or at all. */
  code: ErrorCode | null;
  /** It is not tried any more. */
  over: boolean;
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

/** A type and no interface: `idb` wants to look into it. */
export type LetterboxSchema = {
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
};

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
/** What the bridge fills again. */
export const CACHE_AREAS: readonly Area[] = [
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
