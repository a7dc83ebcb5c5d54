import { expect, it } from 'vitest';
import { makeMailboxHistory } from '../../src/bridge/mailbox-history.ts';
import type { MailboxState } from '../../src/bridge/mailbox-state.ts';
import type { Message } from '../../src/model.ts';
import { encodeFrame, MAX_FRAME_TO_BROWSER } from '../../src/protocol.ts';
import { mailboxOf, mailRow } from '../support/mail-rows.ts';

const INBOX = { account: 'a', folder: 'INBOX' };
const row = (uid: number, subject = '') =>
  mailRow(uid, {
    messageId: subject,
    from: { name: subject.slice(0, 300), address: subject.slice(0, 400), misleading: false },
    subject,
    seen: true,
  });
const state = (rows: Message[], change: Partial<MailboxState> = {}) => mailboxOf(rows, change);
const rows = (count: number, subject = '') => Array.from({ length: count }, (_, at) => row(at + 1, subject));
function open() {
  let epochs = 0;
  return makeMailboxHistory(() => `epoch-${++epochs}`);
}

it('begins with a snapshot, then counts the changes by one', () => {
  const history = open();
  expect(history.record(INBOX, state([]))).toMatchObject({
    kind: 'snapshot',
    mailbox: { epoch: 'epoch-1', revision: 0 },
  });
  for (const revision of [1, 2, 3])
    expect(history.record(INBOX, state(rows(revision)))).toMatchObject({
      kind: 'delta',
      event: { epoch: 'epoch-1', revision },
    });
  expect(history.list()).toMatchObject([{ ...INBOX, epoch: 'epoch-1', revision: 3 }]);
});

it('what no row shows is no step, and is kept', () => {
  const history = open();
  history.record(INBOX, state([]));
  const next = state([], { unseen: new Set([9]) });
  expect(history.record(INBOX, next)).toEqual({ kind: 'none' });
  expect(history.list()[0]?.state).toBe(next);
});

it.each<[string, Partial<MailboxState>]>([
  ['another UIDVALIDITY', { uidValidity: 8 }],
  ['another window', { low: 2 }],
])('%s begins anew', (_, change) => {
  const history = open();
  history.record(INBOX, state(rows(3)));
  expect(history.record(INBOX, state(rows(3), change))).toMatchObject({
    kind: 'snapshot',
    mailbox: { epoch: 'epoch-2', revision: 0 },
  });
});

it.each(['', '\u4e2d'.repeat(1000)])('any number of new rows fits a frame, or comes as a snapshot', (subject) => {
  for (const count of [1, 10, 30, 50, 51, 200]) {
    const history = open();
    history.record(INBOX, state([]));
    const step = history.record(INBOX, state(rows(count, subject)));
    if (step.kind === 'delta') expect(encodeFrame([step.event]).length).toBeLessThan(MAX_FRAME_TO_BROWSER - 1024);
    else expect(step).toMatchObject({ kind: 'snapshot', mailbox: { state: { uidNext: count + 1 } } });
    expect(step.kind, `${count} rows`).toBe(count > 50 || (subject !== '' && count > 30) ? 'snapshot' : 'delta');
  }
});

it('an account that is forgotten begins anew; the other does not', () => {
  const history = open();
  history.record(INBOX, state([]));
  history.record({ account: 'b', folder: 'INBOX' }, state([]));
  history.forget('a');
  expect(history.list().map(({ account }) => account)).toEqual(['b']);
  expect(history.record(INBOX, state([]))).toMatchObject({ kind: 'snapshot', mailbox: { epoch: 'epoch-3' } });
});
