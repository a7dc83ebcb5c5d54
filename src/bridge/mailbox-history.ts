/** What the mailboxes of all accounts become, numbered: `epoch` is random, `revision` counts the changes in it. */
import type { AccountId, FolderRef } from '../model.ts';
import { type EventOf, encodeFrame, MAX_FRAME_TO_BROWSER } from '../protocol.ts';
import { difference, isEmpty, type MailboxState } from './mailbox-state.ts';

/** A delta with more rows than this is sent as a snapshot, which is split into frames. */
const MAX_DELTA_ROWS = 50;
/** Room in a frame for the status beside the delta, and for the seal. */
const FRAME_MARGIN = 8 * 1024;

export interface NumberedMailbox extends FolderRef {
  epoch: string;
  revision: number;
  state: MailboxState;
}

/** How a browser that has the last revision comes to the next: not at all, by a delta, or by a snapshot. */
export type Step =
  | { kind: 'none' }
  | { kind: 'delta'; event: EventOf<'delta'> }
  | { kind: 'snapshot'; mailbox: NumberedMailbox };

export interface MailboxHistory {
  list(): NumberedMailbox[];
  /** Takes over what a mailbox is now. */
  record(ref: FolderRef, state: MailboxState): Step;
  forget(account: AccountId): void;
}

export function makeMailboxHistory(makeEpoch: () => string): MailboxHistory {
  const mailboxes = new Map<AccountId, Map<string, NumberedMailbox>>();

  return {
    list: () => [...mailboxes.values()].flatMap((folders) => [...folders.values()]),
    record({ account, folder }, state) {
      const folders = mailboxes.get(account) ?? new Map<string, NumberedMailbox>();
      mailboxes.set(account, folders);
      const known = folders.get(folder);
      const delta = known ? difference(known.state, state) : null;
      if (!known || !delta || delta.rows.length > MAX_DELTA_ROWS) {
        const mailbox = { account, folder, epoch: makeEpoch(), revision: 0, state };
        folders.set(folder, mailbox);
        return { kind: 'snapshot', mailbox };
      }
      if (isEmpty(delta)) {
        folders.set(folder, { ...known, state });
        return { kind: 'none' };
      }
      const { epoch } = known;
      const revision = known.revision + 1;
      const mailbox = { ...known, revision, state };
      folders.set(folder, mailbox);
      const event: EventOf<'delta'> = { type: 'delta', account, folder, epoch, revision, ...delta };
      // Fifty rows of nothing but the longest texts are more than a frame.
      return encodeFrame([event]).length > MAX_FRAME_TO_BROWSER - FRAME_MARGIN
        ? { kind: 'snapshot', mailbox }
        : { kind: 'delta', event };
    },
    forget: (account) => void mailboxes.delete(account),
  };
}
