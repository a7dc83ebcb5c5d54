import { describe, expect, it } from 'vitest';
import { difference, isEmpty } from '../../src/bridge/mailbox-state.ts';
import type { Message } from '../../src/model.ts';
import { mailboxOf, mailRow } from '../support/mail-rows.ts';
import { seededRandom } from '../support/seeded-random.ts';

describe('a difference', () => {
  it('applied to what was gives what is, for many random pairs', () => {
    const random = seededRandom(1);
    for (let run = 0; run < 300; run += 1) {
      const some = () =>
        mailboxOf(
          Array.from({ length: 30 }, (_, at) => at + 1)
            .filter(() => random() < 0.5)
            .map((uid) => mailRow(uid, { seen: random() < 0.5, snippet: random() < 0.5 ? null : `Hello ${run}` })),
        );
      const [before, after] = [some(), some()];
      const delta = difference(before, after);
      if (!delta) throw new Error('the same window');
      const result = new Map(before.rows);
      for (const uid of delta.gone) result.delete(uid);
      for (const { uid, ...change } of delta.flags)
        result.set(uid, { ...(result.get(uid) ?? mailRow(uid)), ...change });
      for (const one of delta.rows) result.set(one.uid, one);
      const plain = (map: ReadonlyMap<number, Message>) => [...map.values()].sort((a, b) => a.uid - b.uid);
      expect(plain(result), `run ${run}`).toEqual(plain(after.rows));
    }
  });

  it('of equal states is empty; of another UIDVALIDITY or window, or of half a state, there is none', () => {
    const held = mailboxOf([mailRow(1), mailRow(2)]);
    const same = difference(held, { ...held, rows: new Map(held.rows) });
    expect(same && isEmpty(same)).toBe(true);
    expect(difference(held, { ...held, uidValidity: 8 })).toBeNull();
    expect(difference(held, { ...held, low: 2 })).toBeNull();
    expect(difference(held, { ...held, complete: false })).toBeNull();
    expect(difference({ ...held, complete: false }, held)).toBeNull();
  });
});
