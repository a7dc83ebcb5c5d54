import { describe, expect, it } from 'vitest';
import { mustStop, needsUser, retryDelay } from '../../../src/bridge/backoff.ts';
import {
  addRows,
  applyFlags,
  applyUnseen,
  emptyMailbox,
  fillMailbox,
  LARGEST_WINDOW,
  missingUnseen,
  trimWindow,
  WINDOW,
} from '../../../src/bridge/imap/folder-sync.ts';
import { toUidSets } from '../../../src/bridge/imap/uid-set.ts';
import { difference, isEmpty } from '../../../src/bridge/mailbox-state.ts';
import type { Message } from '../../../src/model.ts';

const row = (uid: number, seen = false): Message => ({
  account: 'a',
  folder: 'INBOX',
  uid,
  uidValidity: 7,
  messageId: '',
  from: null,
  subject: '',
  date: uid,
  seen,
  flagged: false,
  answered: false,
  size: 1,
});
const rows = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => row(from + at));
const flags = (uid: number, seen: boolean, deleted = false) => ({
  uid,
  seen,
  flagged: false,
  answered: false,
  deleted,
});

describe('a folder', () => {
  it('that is small is held whole; of a large one everything from `low` up', () => {
    expect(fillMailbox(emptyMailbox(7, 4), rows(1, 3), []).low).toBe(1);
    const large = fillMailbox(emptyMailbox(7, 1001), rows(801, 1000), [5]);
    expect(large.low).toBe(801);
    expect(missingUnseen(large)).toEqual([5]);
  });

  it('knows the next UID from what it has seen, whatever the server said', () => {
    expect(addRows(emptyMailbox(7, 1), rows(1, 9)).uidNext).toBe(10);
  });

  it('loses a row that a complete answer does not name or names as deleted, and no row that was not asked for', () => {
    const held = fillMailbox(emptyMailbox(7, 5), rows(1, 4), []);
    const next = applyFlags(held, (uid) => uid !== 4, [flags(1, true), flags(2, false, true)]);
    expect([...next.rows.keys()]).toEqual([1, 4]);
    expect(next.rows.get(1)?.seen).toBe(true);
  });

  it('stays the same object when the server says the same', () => {
    const held = fillMailbox(emptyMailbox(7, 3), rows(1, 2), [1, 2]);
    expect(applyFlags(held, () => true, [flags(1, false), flags(2, false)])).toBe(held);
    expect(applyUnseen(held, [2, 1])).toBe(held);
    expect(addRows(held, [])).toBe(held);
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

describe('a difference', () => {
  it('applied to what was gives what is, for many random pairs', () => {
    let seed = 1;
    const random = () => {
      seed = (seed * 48271) % 2147483647;
      return seed / 2147483647;
    };
    for (let run = 0; run < 300; run += 1) {
      const some = () =>
        fillMailbox(
          emptyMailbox(7, 99),
          rows(1, 30)
            .filter(() => random() < 0.5)
            .map(({ uid }) => row(uid, random() < 0.5)),
          [],
        );
      const [before, after] = [some(), some()];
      const delta = difference(before, after);
      if (!delta) throw new Error('the same window');
      const result = new Map(before.rows);
      for (const uid of delta.gone) result.delete(uid);
      for (const { uid, ...change } of delta.flags) result.set(uid, { ...(result.get(uid) ?? row(uid)), ...change });
      for (const one of delta.rows) result.set(one.uid, one);
      const plain = (map: ReadonlyMap<number, Message>) => [...map.values()].sort((a, b) => a.uid - b.uid);
      expect(plain(result), `run ${run}`).toEqual(plain(after.rows));
    }
  });

  it('of equal states is empty; of another UIDVALIDITY or window there is none', () => {
    const held = fillMailbox(emptyMailbox(7, 3), rows(1, 2), []);
    const same = difference(held, { ...held, rows: new Map(held.rows) });
    expect(same && isEmpty(same)).toBe(true);
    expect(difference(held, { ...held, uidValidity: 8 })).toBeNull();
    expect(difference(held, { ...held, low: 2 })).toBeNull();
  });
});

describe('UID sets', () => {
  it.each<[number[], string[]]>([
    [[], []],
    [[5], ['5']],
    [[3, 1, 2, 2, 9], ['1:3,9']],
    [[1, 3, 5], ['1,3,5']],
  ])('%j', (uids, sets) => expect(toUidSets(uids)).toEqual(sets));

  it('are split below a thousand characters and lose nothing', () => {
    const uids = Array.from({ length: 1000 }, (_, at) => 4294960000 + at * 2);
    const sets = toUidSets(uids);
    expect(Math.max(...sets.map((set) => set.length))).toBeLessThan(1000);
    expect(sets.flatMap((set) => set.split(',').map(Number))).toEqual(uids);
  });
});

describe('the next attempt', () => {
  it('comes within a bound that doubles up to five minutes', () => {
    expect([1, 2, 3, 10, 1000].map((attempt) => retryDelay('connection-lost', attempt, 0.999999))).toEqual([
      1000, 2000, 4000, 300000, 300000,
    ]);
    expect(retryDelay('connection-lost', 5, 0)).toBe(0);
  });

  it('gives a busy server at least half a minute, and at most half an hour', () => {
    expect(retryDelay('server-busy', 1, 0)).toBe(30_000);
    expect(retryDelay('server-busy', 50, 1)).toBe(30 * 60_000);
  });

  it('never comes by itself after a refused password; a bad certificate asks for the user and is tried again', () => {
    expect([mustStop('wrong-password'), needsUser('wrong-password')]).toEqual([true, true]);
    expect([mustStop('tls-expired'), needsUser('tls-expired')]).toEqual([false, true]);
    expect([mustStop('connection-lost'), needsUser('connection-lost')]).toEqual([false, false]);
  });
});
