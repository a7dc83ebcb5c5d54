import { expect, it } from 'vitest';
import { countUnread } from '../../src/bridge/count-unread.ts';

const mailbox = (unseen: number[], emailIds: [number, string][] = []) => ({
  unseen: new Set(unseen),
  emailIds: new Map(emailIds),
});

it('messages of the same id count once, those without each', () => {
  const inbox = mailbox(
    [1, 2, 3],
    [
      [1, 'x'],
      [2, 'y'],
    ],
  );
  const all = mailbox(
    [10, 11, 12],
    [
      [10, 'x'],
      [11, 'z'],
    ],
  );
  expect(countUnread([inbox, all])).toBe('x y 3 z 12'.split(' ').length);
});

it('the id of a message that is read counts for nothing', () => {
  expect(
    countUnread([
      mailbox(
        [2],
        [
          [1, 'x'],
          [2, 'y'],
        ],
      ),
      mailbox([], [[7, 'x']]),
    ]),
  ).toBe(1);
  expect(countUnread([])).toBe(0);
});
