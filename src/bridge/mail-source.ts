/** What each mail protocol implements. A supervisor drives one source for one account; a source is used once. */
import type { Can, ErrorCode, FolderRef, Operation, TestStep } from '../model.ts';
import type { MailboxState } from './mailbox-state.ts';

/** Mail marks: the operations that a source carries out. */
export type MarkOperation = Extract<Operation, { kind: 'seen' | 'unseen' }>;

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
  /** Asks the server now. */
  check(): Promise<void>;
  /** Says goodbye within a second and frees everything. Never throws. */
  close(): Promise<void>;
}
