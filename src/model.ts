/** What Letterbox talks about. Types only: both the bridge and the extension read this file. */

/** Made by the client (a UUID); never shown, never an address. */
export type AccountId = string;

/** How the line to the mail server is protected. `none` is accepted for loopback hosts only. */
export type Security = 'tls' | 'starttls' | 'none';

export type Protocol = 'imap' | 'pop3';

/** Where an account's mail server is. The stored secret is bound to every field of this and to the user name. */
export interface Server {
  host: string;
  /** 1 to 65535. */
  port: number;
  security: Security;
}

/** An account as the user set it up. Holds no secret. */
export interface Account {
  id: AccountId;
  protocol: Protocol;
  /** What the user calls it; shown wherever the account is named. Never empty. */
  name: string;
  address: string;
  /** The name to sign in with; often the address. */
  user: string;
  server: Server;
  /** The folders that count, by path; INBOX alone when left out. */
  folders?: string[] | undefined;
}

/** What a mail source can do; pages ask this and never the protocol. */
export interface Can {
  /** `server`: read and star marks reach every device. `local`: they stay with this bridge. */
  flags: 'server' | 'local';
  folders: boolean;
  /** The server tells of new mail by itself. */
  push: boolean;
  move: boolean;
}

/**
 * How far an account's number can be trusted.
 * `fresh`: it is what the server says. `old`: the last good number; the server cannot be asked at the moment.
 * `needs-you`: only the user can mend it (a wrong password). `off`: switched off by the user.
 */
export type AccountState = 'fresh' | 'old' | 'needs-you' | 'off';

export interface AccountStatus {
  account: AccountId;
  /** Unseen and not deleted messages; null until the server has been asked once. Errors never change it. */
  unread: number | null;
  /** When `unread` was last known to be true: milliseconds since 1970, or null. */
  asOf: number | null;
  state: AccountState;
  /** Why the state is not `fresh`. */
  code: ErrorCode | null;
  /** When the bridge tries again by itself, in milliseconds since 1970; null when it does not. */
  retryAt: number | null;
  can: Can;
}

/** A mailbox (RFC 9051 section 5.1). */
export interface FolderRef {
  account: AccountId;
  folder: string;
}

/** What a special-use folder is for (RFC 6154, and the INBOX). */
export type FolderRole = 'inbox' | 'archive' | 'drafts' | 'sent' | 'junk' | 'trash' | 'all' | 'flagged' | 'important';

export const FOLDER_ROLES: readonly FolderRole[] = [
  'inbox',
  'archive',
  'drafts',
  'sent',
  'junk',
  'trash',
  'all',
  'flagged',
  'important',
];

/** A mailbox of an account, as it is offered to the user. */
export interface Folder {
  /** As the server names it, decoded; levels split by the server's own separator. */
  path: string;
  /** The last level of the path, cleaned: safe to show. */
  name: string;
  role: FolderRole | null;
}

/** The sender or a recipient, decoded and cleaned: safe to show as text. */
export interface Address {
  /** At most 300 characters; '' where the message gives none. */
  name: string;
  /** `local@domain`, '' for a group or an unreadable one. */
  address: string;
  /** The name looks like another address or domain, or mixes scripts: show the address beside it. */
  misleading: boolean;
}

/** A row of the list: the header of one message. */
export interface Message extends FolderRef {
  /** RFC 9051 section 2.3.1.1; with `uidValidity` it names the message for ever. */
  uid: number;
  uidValidity: number;
  /** Message-ID with its angle brackets, or ''. */
  messageId: string;
  from: Address | null;
  /** Decoded and cleaned, at most 1,000 characters; '' where there is none. */
  subject: string;
  /** When the server received it (INTERNALDATE), milliseconds since 1970; lists sort by it. */
  date: number;
  seen: boolean;
  flagged: boolean;
  answered: boolean;
  /** Bytes. */
  size: number;
  /** The list it came by (RFC 2919), in lower case without brackets; '' for none. */
  listId: string;
  /** The same for all copies of a message in one account (RFC 8474, X-GM-MSGID); '' where the server has no such id. */
  emailId: string;
  /** Its first words, cleaned, at most 200 graphemes; null until they were looked at. */
  snippet: string | null;
  /** It has files with it; false until they were looked for. */
  hasAttachments: boolean;
}

/** What a user looks for. All that is given has to be true. */
export interface SearchQuery {
  text?: string | undefined;
  from?: string | undefined;
  subject?: string | undefined;
  unread?: boolean | undefined;
  /** Received on this day or later, milliseconds since 1970. */
  since?: number | undefined;
  /** In this folder alone; else in all that count. */
  folder?: string | undefined;
}

/** The flags of one message as the server holds them. */
export interface Flags {
  uid: number;
  seen: boolean;
  flagged: boolean;
  answered: boolean;
}

/** Which messages an operation is about: named ones, or all up to a UID ("mark all read"). */
export type Target = { uids: number[] } | { upTo: number };

/** Marks on messages, and what takes messages out of their folder. The latter wait in the bridge and can be undone. */
export type MarkKind = 'seen' | 'unseen' | 'star' | 'unstar';
export type RemoveKind = 'archive' | 'trash' | 'spam' | 'not-spam' | 'move' | 'delete';

export interface MarkOperation extends FolderRef {
  kind: MarkKind;
  uidValidity: number;
  target: Target;
}

export interface RemoveOperation extends FolderRef {
  kind: RemoveKind;
  uidValidity: number;
  target: { uids: number[] };
  /** The path of the folder to move to; for `move` alone. */
  to?: string | undefined;
}

/** A wish of the user's, written to the outbox, sent, applied once, confirmed. */
export type Operation =
  | MarkOperation
  | RemoveOperation
  | { kind: 'put-account'; account: Account }
  | { kind: 'remove-account'; account: AccountId };

const REMOVE_KINDS: ReadonlySet<string> = new Set<RemoveKind>([
  'archive',
  'trash',
  'spam',
  'not-spam',
  'move',
  'delete',
]);
const MARK_KINDS: ReadonlySet<string> = new Set<MarkKind>(['seen', 'unseen', 'star', 'unstar']);

export function isMark(operation: Operation): operation is MarkOperation {
  return MARK_KINDS.has(operation.kind);
}

export function isRemoval(operation: Operation): operation is RemoveOperation {
  return REMOVE_KINDS.has(operation.kind);
}

/** How long a removal waits in the bridge, so that it can be undone; milliseconds. */
export const UNDO_TIME = 7_000;

/** How far a test of settings has come; in this order. */
export type TestStep = 'found' | 'connected' | 'encrypted' | 'signed-in' | 'read';

export const TEST_STEPS: readonly TestStep[] = ['found', 'connected', 'encrypted', 'signed-in', 'read'];

/** Every way in which something can fail. The words for each are in `_locales`. */
export const ERROR_CODES = [
  // the link between browser and bridge
  'bridge-unreachable',
  'bridge-unknown',
  'bridge-too-old',
  'extension-too-old',
  'pairing-code-wrong',
  'pairing-code-expired',
  'pairing-revoked',
  'link-broken',
  // this browser's own storage
  'storage-failed',
  // on the way to the mail server
  'host-not-found',
  'connection-refused',
  'connection-lost',
  'connection-timeout',
  'server-silent',
  'not-a-mail-server',
  'tls-expired',
  'tls-self-signed',
  'tls-wrong-name',
  'tls-untrusted',
  'tls-failed',
  'starttls-missing',
  'plaintext-refused',
  'port-refused',
  // signing in and working
  'wrong-password',
  'password-missing',
  'sign-in-refused',
  'server-busy',
  'server-refused',
  'server-nonsense',
  'timed-out',
  // operations
  'undone',
  'folder-missing',
  'mailbox-changed',
  'message-gone',
  'canceled',
  'account-unknown',
  'unsupported',
  'bad-input',
  'too-many',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];
