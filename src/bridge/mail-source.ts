/** What each mail protocol implements. A supervisor drives one source for each line to the server; a source is used once. */
import type { MessageContent } from '../message-content.ts';
import type {
  Can,
  ErrorCode,
  Folder,
  FolderRef,
  MarkOperation,
  Message,
  RemoveOperation,
  SearchQuery,
  TestStep,
} from '../model.ts';
import type { MailboxState } from './mailbox-state.ts';

/** What has changed on the server; what stands in one change is told together. */
export interface SourceChange {
  /** Unread messages of the account; null while they are not all counted. */
  unread: number | null;
  /** A mailbox that is not as it was; the state replaces the last one. */
  mailbox: { ref: FolderRef; state: MailboxState } | null;
}

/** Names one message for ever (RFC 9051 section 2.3.1.1). */
export interface MessageRef {
  folder: string;
  uidValidity: number;
  uid: number;
}

/** Takes the next bytes of a file; resolves when there is room for more. */
export type TakeBytes = (bytes: Uint8Array) => Promise<void>;

export interface MailSource {
  readonly can: Can;
  /**
   * Signs in and reads every folder that counts once.
   * @throws {BridgeError} with the code of what went wrong
   */
  open(onStep?: (step: TestStep) => void): Promise<void>;
  /** Calls back with each change, from `open` on. */
  onChange: ((change: SourceChange) => void) | null;
  /** Calls back with the folders of the account once they are known, and when they change. */
  onFolders: ((folders: Folder[]) => void) | null;
  /** Resolves when the line is gone, with the reason. Never rejects. */
  readonly ended: Promise<ErrorCode>;
  /**
   * Carries out a mark and reads back what the server holds now; `onChange` has been called when it resolves.
   * @throws {BridgeError} `mailbox-changed` when UIDVALIDITY is another one
   */
  mark(operation: MarkOperation): Promise<void>;
  /**
   * Takes messages out of their folder, where `can.move` says so; read back as for `mark`. Nothing is expunged that
   * was not named.
   * @param again true where this may have been done before: what was moved already is looked for first
   * @throws {BridgeError} `folder-missing`, `mailbox-changed`, `unsupported`
   */
  remove?(operation: RemoveOperation, again: boolean): Promise<void>;
  /**
   * Reads what there is to see of a message; the server notices nothing.
   * @throws {BridgeError} `message-gone`, `mailbox-changed`
   */
  readMessage?(message: MessageRef, signal: AbortSignal): Promise<MessageContent>;
  /** Reads one part of a message, decoded, as it comes. Errors as for `readMessage`. */
  readPart?(message: MessageRef, part: string, take: TakeBytes, signal: AbortSignal): Promise<void>;
  /** Looks in the folders that count, or in one of them; `onFound` is called with rows, newest first in each folder. */
  search?(query: SearchQuery, onFound: (rows: Message[]) => void, signal: AbortSignal): Promise<void>;
  /** Asks the server now whether all is as it is held. @throws {BridgeError} where it does not answer in time */
  check(): Promise<void>;
  /** Says goodbye within a second and frees everything. Never throws. */
  close(): Promise<void>;
}

/** An account's way to its server: what is learnt on one line is there on the next. */
export interface MailAccount {
  /** A source for one line. @throws {BridgeError} for settings that must never be tried */
  connect(secret: string): MailSource;
  /** Milliseconds until the server may be asked to let the user in again; 0 for now. */
  pause(): number;
}
