import { expect, test } from 'vitest';
import type { Operation, RemoveKind } from '../../src/model.ts';
import { undoableRemovals } from '../../src/popup/undoable.ts';
import type { OutboxRow } from '../../src/store.ts';

const NOW = 1_000_000;
const box = { account: 'work', folder: 'INBOX', uidValidity: 7 };

function removal(id: string, age: number, rest: Partial<OutboxRow> = {}, kind: RemoveKind = 'archive'): OutboxRow {
  return { id, operation: { ...box, kind, target: { uids: [1] } }, created: NOW - age, failed: null, ...rest };
}
const ids = (outbox: OutboxRow[]) => undoableRemovals(outbox, NOW).map((row) => row.id);

test('the newest comes first, each once', () => {
  expect(ids([removal('a', 3000), removal('b', 2000), removal('a', 2900)])).toEqual(['b', 'a']);
});

test('what the bridge waits with no longer, or only for a blink, is not offered', () => {
  expect(ids([removal('a', 7000), removal('b', 6900), removal('c', 6000)])).toEqual(['c']);
});

test('what has failed or is no removal is not offered', () => {
  const mark: Operation = { ...box, kind: 'star', target: { uids: [1] } };
  expect(ids([removal('a', 10, { failed: 'folder-missing' }), removal('b', 10, { operation: mark })])).toEqual([]);
});
