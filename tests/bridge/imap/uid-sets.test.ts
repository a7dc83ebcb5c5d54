import { describe, expect, it } from 'vitest';
import { hasUid, joinUidRanges, listUids, parseUidRanges, uidCount } from '../../../src/bridge/imap/uid-ranges.ts';
import { toUidSets } from '../../../src/bridge/imap/uid-set.ts';

describe('UID sets that are sent', () => {
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

  it('hold no more than asked for, where the answers are large', () => {
    expect(toUidSets([1, 2, 3, 4, 5], 2)).toEqual(['1:2', '3:4', '5']);
  });
});

describe('UID ranges that a server names', () => {
  it.each<[string, [number, number][] | null]>([
    ['5', [[5, 5]]],
    [
      '3,1:2,9:8',
      [
        [1, 3],
        [8, 9],
      ],
    ],
    ['1:4294967295', [[1, 4294967295]]],
    ['4294967296', null],
    ['0', null],
    ['1:*', null],
    ['-1', null],
    ['1e9', null],
    ['', null],
    ['1,,2', null],
  ])('%j', (text, ranges) => expect(parseUidRanges(text)).toEqual(ranges));

  it('are counted and searched without being counted out', () => {
    const all = parseUidRanges('2:4294967295') ?? [];
    expect(uidCount(all)).toBe(4294967294);
    expect([1, 2, 4294967295].map((uid) => hasUid(all, uid))).toEqual([false, true, true]);
    expect(listUids(all, 1000)).toBeNull();
  });

  it('are joined, and each of them is found', () => {
    const some = joinUidRanges(parseUidRanges('1:3,10') ?? [], parseUidRanges('4,20:22') ?? []);
    expect(some).toEqual([
      [1, 4],
      [10, 10],
      [20, 22],
    ]);
    expect(listUids(some, 100)).toEqual([1, 2, 3, 4, 10, 20, 21, 22]);
    for (let uid = 0; uid < 25; uid += 1) expect(hasUid(some, uid)).toBe([1, 2, 3, 4, 10, 20, 21, 22].includes(uid));
  });

  it('that are hundreds of thousands are no mailbox', () => {
    expect(parseUidRanges(Array.from({ length: 300_000 }, (_, at) => at * 2 + 1).join())).toBeNull();
  });
});
