import { describe, expect, test } from 'vitest';
import { expectedUnread, overlay } from '../src/counting.ts';
import type { AccountStatus, MarkOperation, Message } from '../src/model.ts';
import type { OutboxRow } from '../src/store.ts';
import { mailRow } from './support/mail-rows.ts';

const INBOX = { account: 'a', folder: 'INBOX' };

function message(uid: number, seen: boolean, rest: Partial<Message> = {}): Message {
  return mailRow(uid, { seen, ...rest });
}

type Mark = MarkOperation;

function mark(
  kind: Mark['kind'],
  target: Mark['target'],
  rest: Partial<Mark> = {},
  failed: OutboxRow['failed'] = null,
) {
  return { id: 'o', created: 1, failed, operation: { kind, ...INBOX, uidValidity: 7, target, ...rest } } as OutboxRow;
}

const read = (...uids: number[]) => mark('seen', { uids });
const unread = (...uids: number[]) => mark('unseen', { uids });
const readUpTo = (upTo: number) => mark('seen', { upTo });

function status(unreadCount: number | null): AccountStatus {
  const can = { flags: 'server', folders: true, push: true, move: true } as const;
  return { account: 'a', unread: unreadCount, asOf: 1, state: 'fresh', code: null, retryAt: null, can };
}

/** UIDs 1 to 5: 1 and 2 are seen, 3 to 5 are not. */
const five = [message(1, true), message(2, true), message(3, false), message(4, false), message(5, false)];

const unseenUids = (messages: readonly Message[]) => messages.filter((row) => !row.seen).map((row) => row.uid);

describe('overlay', () => {
  const cases: [string, OutboxRow[], number[]][] = [
    ['nothing pending', [], [3, 4, 5]],
    ['one marked read', [read(4)], [3, 5]],
    ['one marked unread', [unread(1)], [1, 3, 4, 5]],
    ['all read up to a UID, that one included', [readUpTo(4)], [5]],
    ['the last mark on a message wins', [read(4), unread(4)], [3, 4, 5]],
    ['also after "all read"', [readUpTo(9), unread(2)], [2]],
    ['and before it', [unread(2), readUpTo(9)], []],
    ['a failed mark changes nothing', [mark('seen', { uids: [3] }, {}, 'server-refused')], [3, 4, 5]],
    ['nor does one of another UIDVALIDITY', [mark('seen', { uids: [3] }, { uidValidity: 8 })], [3, 4, 5]],
    ['nor one of another folder', [mark('seen', { upTo: 9 }, { folder: 'Archive' })], [3, 4, 5]],
    ['nor one of another account', [mark('seen', { upTo: 9 }, { account: 'b' })], [3, 4, 5]],
    [
      'nor an operation on accounts',
      [{ id: 'o', created: 1, failed: null, operation: { kind: 'remove-account', account: 'a' } }],
      [3, 4, 5],
    ],
  ];
  test.each(cases)('%s', (_name, outbox, expected) => {
    expect(unseenUids(overlay(five, outbox))).toEqual(expected);
  });

  test('keeps the objects of messages that do not change, and never writes to one', () => {
    const after = overlay(five, [read(4)]);
    expect(after[2]).toBe(five[2]);
    expect(after[3]).not.toBe(five[3]);
    expect(five[3]?.seen).toBe(false);
  });
});

describe('expectedUnread', () => {
  const cases: [string, number | null, OutboxRow[], Message[], number | null][] = [
    ['what the bridge says, when nothing is pending', 3, [], five, 3],
    ['null stays null', null, [read(3)], five, null],
    ['less what is being read', 3, [read(3, 4)], five, 1],
    ['a message is counted once, however often it is marked', 3, [read(3), read(3), read(3, 3)], five, 2],
    ['plus what is being marked unread', 3, [unread(1)], five, 4],
    ['a message already in that state does not count', 3, [read(1), unread(5)], five, 3],
    ['read and unread again: no change', 3, [read(3), unread(3)], five, 3],
    ['a message that is not cached does not count', 3, [read(77)], five, 3],
    ['never below zero', 1, [read(3, 4, 5)], five, 0],
    ['all read: nothing remains, of what is not cached neither', 4000, [readUpTo(5)], five, 0],
    ['all read up to a UID: newer ones remain', 4000, [readUpTo(4)], five, 1],
    ['a newer one that is read as well does not', 4000, [readUpTo(4), read(5)], five, 0],
    ['what remains is never more than the bridge says', 1, [readUpTo(3)], five, 1],
    ['all read, then one unread again', 4000, [readUpTo(5), unread(4)], five, 1],
    ['all read, then a seen one marked unread', 0, [readUpTo(5), unread(1)], five, 1],
    ['all read with nothing cached', 12, [readUpTo(5)], [], 0],
    ['all read of an earlier mailbox of that name', 3, [mark('seen', { upTo: 9 }, { uidValidity: 6 })], five, 3],
    ['failed marks do not count', 3, [mark('seen', { upTo: 9 }, {}, 'mailbox-changed')], five, 3],
    ['nor marks of another account', 3, [mark('seen', { upTo: 9 }, { account: 'b' })], five, 3],
    ['nor rows of another account', 3, [read(3)], [message(3, false, { account: 'b' })], 3],
    ['folders are kept apart', 5, [read(3)], [...five, message(3, false, { folder: 'Archive' })], 4],
  ];
  test.each(cases)('%s', (_name, says, outbox, cached, expected) => {
    expect(expectedUnread(status(says), outbox, cached)).toBe(expected);
  });
});
