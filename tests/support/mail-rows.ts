import type { MailboxState } from '../../src/bridge/mailbox-state.ts';
import type { Message } from '../../src/model.ts';

/** A row of the INBOX of account `a`, UIDVALIDITY 7, unless told otherwise. */
export function mailRow(uid: number, rest: Partial<Message> = {}): Message {
  return {
    account: 'a',
    folder: 'INBOX',
    uid,
    uidValidity: 7,
    messageId: '',
    from: null,
    subject: '',
    date: uid,
    seen: false,
    flagged: false,
    answered: false,
    size: 1,
    listId: '',
    emailId: '',
    snippet: null,
    hasAttachments: false,
    ...rest,
  };
}

/** A mailbox that holds these rows and nothing more. */
export function mailboxOf(rows: readonly Message[], rest: Partial<MailboxState> = {}): MailboxState {
  return {
    uidValidity: 7,
    uidNext: Math.max(0, ...rows.map(({ uid }) => uid)) + 1,
    unseen: new Set(rows.filter(({ seen }) => !seen).map(({ uid }) => uid)),
    emailIds: new Map(),
    rows: new Map(rows.map((row) => [row.uid, row])),
    low: 1,
    complete: true,
    ...rest,
  };
}
