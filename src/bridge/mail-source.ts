/** What each mail protocol implements. A supervisor drives one source for one account; a source is used once. */
import type { Can, ErrorCode, Folder, FolderRef, MarkOperation, RemoveOperation, TestStep } from '../model.ts';
import type { MailboxState } from './mailbox-state.ts';

export interface MailSource {
  readonly can: Can;
  /**
   * Signs in and reads every watched mailbox once.
   * @throws {BridgeError} with the code of what went wrong
   */
  open(onStep?: (step: TestStep) => void): Promise<void>;
  /**
   * Calls back with each mailbox that has changed, from `open` on; the state replaces the last one.
   * A source reports a mailbox again only when something about it is different.
   */
  onMailbox: ((ref: FolderRef, state: MailboxState) => void) | null;
  /** Resolves when the line is gone, with the reason. Never rejects. */
  readonly ended: Promise<ErrorCode>;
  /**
   * Carries out a mark and reads back what the server holds now; `onMailbox` has been called when it resolves.
   * @throws {BridgeError} `mailbox-changed` when UIDVALIDITY is another one
   */
  mark(operation: MarkOperation): Promise<void>;
  /**
   * Takes messages out of their folder, where `can.move` says so; read back as for `mark`. Nothing is expunged that
   * was not named.
   * @param again true after a line that died under it: what was moved already is looked for first
   * @throws {BridgeError} `folder-missing`, `mailbox-changed`, `unsupported`
   */
  remove?(operation: RemoveOperation, again: boolean): Promise<void>;
  /** Calls back with the folders of the account once they are known, and when they change. */
  onFolders?: ((folders: Folder[]) => void) | null;
  /** Asks the server now. */
  check(): Promise<void>;
  /** Says goodbye within a second and frees everything. Never throws. */
  close(): Promise<void>;
}
