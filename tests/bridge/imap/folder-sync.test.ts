import { describe, expect, it } from 'vitest';
import { isDoubtful, planFor } from '../../../src/bridge/imap/folder-plan.ts';
import {
  addRows,
  applyChanges,
  applyFlags,
  applyUnseen,
  emptyMailbox,
  fillMailbox,
  type HeldFolder,
  LARGEST_WINDOW,
  MAX_UNSEEN_ROWS,
  missingUnseen,
  removeUids,
  trimWindow,
  WINDOW,
} from '../../../src/bridge/imap/folder-sync.ts';
import type { Selected } from '../../../src/bridge/imap/imap-reading.ts';
import { findRenumbered } from '../../../src/bridge/imap/renumbering.ts';
import { mailboxOf, mailRow } from '../../support/mail-rows.ts';

const rows = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => mailRow(from + at, { seen: true }));
const flags = (uid: number, seen: boolean, deleted = false) => ({
  uid,
  seen,
  flagged: false,
  answered: false,
  deleted,
});

describe('a folder', () => {
  it('that was filled lacks rows of unseen messages below the window', () => {
    const large = fillMailbox(emptyMailbox(7, 1001), rows(801, 1000), [5], 801);
    expect([large.low, missingUnseen(large)]).toEqual([801, [5]]);
  });

  it('wants rows for the newest of its unseen messages, and counts them all', () => {
    const unseen = Array.from({ length: 5000 }, (_, at) => at + 1);
    const held = fillMailbox(emptyMailbox(7, 5001), [], unseen, 5001);
    const missing = missingUnseen(held);
    expect([missing.length, missing[0], missing.at(-1)]).toEqual([MAX_UNSEEN_ROWS, 5000, 5001 - MAX_UNSEEN_ROWS]);
    expect(held.unseen.size).toBe(5000);
  });

  it('knows the next UID from what it has seen, whatever the server said', () => {
    expect(addRows(emptyMailbox(7, 1), rows(1, 9)).uidNext).toBe(10);
  });

  it('counts what comes in unread, and no longer what comes in read', () => {
    const one = addRows(emptyMailbox(7, 1), [mailRow(1), mailRow(2, { seen: true })]);
    expect([...one.unseen]).toEqual([1]);
    expect([...addRows(one, [mailRow(1, { seen: true })]).unseen]).toEqual([]);
  });

  it('loses what a complete answer does not name or names as deleted, and nothing that was not asked for', () => {
    const held = { ...mailboxOf(rows(1, 4)), unseen: new Set([3, 9]) };
    const next = applyFlags(held, (uid) => uid !== 4 && uid !== 9, [flags(1, true), flags(2, false, true)]);
    expect([...next.rows.keys()]).toEqual([1, 4]);
    expect([...next.unseen]).toEqual([9]);
  });

  it('takes over what has changed, with rows and without, and nothing else', () => {
    const held = mailboxOf([mailRow(1), mailRow(2), mailRow(3, { seen: true })]);
    const next = applyChanges(held, [flags(1, true), flags(3, false), flags(2, false, true), flags(99, false)]);
    expect([...next.rows.values()].map(({ uid, seen }) => [uid, seen])).toEqual([
      [1, true],
      [3, false],
    ]);
    expect([...next.unseen].sort()).toEqual([3, 99]);
  });

  it('loses what is gone, with its count', () => {
    const next = removeUids(mailboxOf([mailRow(1), mailRow(2)]), new Set([2, 7]));
    expect([[...next.rows.keys()], [...next.unseen]]).toEqual([[1], [1]]);
  });

  it('stays the same object when the server says the same', () => {
    const held = mailboxOf([mailRow(1), mailRow(2)]);
    expect(applyFlags(held, () => true, [flags(1, false), flags(2, false)])).toBe(held);
    expect(applyChanges(held, [flags(1, false)])).toBe(held);
    expect(applyUnseen(held, new Set([2, 1]))).toBe(held);
    expect(addRows(held, [])).toBe(held);
    expect(removeUids(held, new Set([9]))).toBe(held);
  });

  it('is trimmed only when it has doubled, and keeps its unseen rows', () => {
    const held = { ...addRows(emptyMailbox(7, 1), rows(1, LARGEST_WINDOW)), unseen: new Set([3]) };
    expect(trimWindow(held)).toBe(held);
    const trimmed = trimWindow(addRows(held, rows(LARGEST_WINDOW + 1, LARGEST_WINDOW + 1)));
    expect(trimmed.rows.size).toBe(WINDOW + 1);
    expect(trimmed.rows.has(3)).toBe(true);
    expect(trimmed.low).toBe(LARGEST_WINDOW + 2 - WINDOW);
  });
});

describe('what to ask when a folder is opened', () => {
  const held: HeldFolder = { state: mailboxOf(rows(1, 9)), exists: 9, modseq: 50n };
  const selected: Selected = { uidValidity: 7, uidNext: 10, exists: 9, modseq: 50n };

  it.each<[string, HeldFolder | null, Partial<Selected>, ReturnType<typeof planFor>]>([
    ['nothing is held', null, {}, { kind: 'fill' }],
    ['nothing has happened', held, {}, { kind: 'same' }],
    ['another mod-sequence', held, { modseq: 51n }, { kind: 'changes', flags: true }],
    ['new mail alone', held, { uidNext: 11, exists: 10 }, { kind: 'changes', flags: false }],
    ['fewer messages', held, { exists: 8 }, { kind: 'changes', flags: false }],
    ['a server without mod-sequences', held, { modseq: null }, { kind: 'changes', flags: true }],
    ['a server that had none then', { ...held, modseq: null }, {}, { kind: 'changes', flags: true }],
    ['a server that does not tell the next UID', held, { uidNext: null }, { kind: 'changes', flags: false }],
    ['more that is new than a window holds', held, { uidNext: 1000, exists: 999 }, { kind: 'fill' }],
    ['another UIDVALIDITY', held, { uidValidity: 8 }, { kind: 'renumbered' }],
    ['a next UID that went down', held, { uidNext: 9 }, { kind: 'renumbered' }],
  ])('%s', (_, before, change, plan) => expect(planFor(before, { ...selected, ...change })).toEqual(plan));
});

it.each<[number, number, boolean]>([
  [50, 50, false],
  [51, 200, true],
  [51, 255, false],
  [52, 255, true],
  [5393, 5393, true],
])('%i gone of %i: to be asked again is %j', (gone, of, doubtful) => expect(isDoubtful(gone, of)).toBe(doubtful));

describe('after UIDVALIDITY has changed', () => {
  const known = Array.from({ length: 30 }, (_, at) =>
    mailRow(at + 1, { messageId: `<${at}@example.org>`, date: at, size: at }),
  );
  const renumbered = known.map((row) => ({ ...row, uid: row.uid + 100, uidValidity: 8 }));

  it('the same messages are found again under their new UIDs', () => {
    const found = findRenumbered(known, renumbered);
    expect(found?.size).toBe(30);
    expect(found?.get(5)).toBe(105);
  });

  it('ids of the server count for more than Message-IDs', () => {
    const [one] = known;
    if (!one) throw new Error('no row');
    const byId = { ...one, emailId: 'x', messageId: '' };
    expect(findRenumbered([byId], [{ ...byId, uid: 9 }])?.get(1)).toBe(9);
  });

  it('one contradiction, and nothing is known', () => {
    const [first, ...rest] = renumbered;
    expect(findRenumbered(known, [{ ...(first ?? mailRow(1)), size: 999 }, ...rest])).toBeNull();
  });

  it('too few that are found again prove nothing; twenty do', () => {
    expect(findRenumbered(known.slice(0, 10), renumbered.slice(0, 7))).toBeNull();
    expect(findRenumbered(known.slice(0, 10), renumbered.slice(0, 8))?.size).toBe(8);
    expect(findRenumbered(known, renumbered.slice(0, 20))?.size).toBe(20);
    expect(findRenumbered([], renumbered)).toBeNull();
  });

  it('copies that cannot be told apart are not guessed at', () => {
    const [twin] = renumbered;
    const found = findRenumbered(known, [...renumbered, { ...(twin ?? mailRow(1)), uid: 500 }]);
    expect(found?.has(1)).toBe(false);
    expect(found?.size).toBe(29);
  });
});
