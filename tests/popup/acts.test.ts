import { expect, test } from 'vitest';
import type { Can } from '../../src/model.ts';
import { actOfKey, removalsFrom } from '../../src/popup/acts.ts';
import { message } from '../support/pages/content.ts';

const can: Can = { flags: 'server', folders: true, push: true, move: true };

test('an account that cannot move, or has not said so, takes nothing out of a folder', () => {
  expect(removalsFrom({ ...can, move: false }, 'inbox')).toEqual([]);
  expect(removalsFrom(undefined, 'inbox')).toEqual([]);
});

test('nothing is moved to where it is', () => {
  expect(removalsFrom(can, 'inbox')).toEqual(['archive', 'trash', 'spam']);
  expect(removalsFrom(can, null)).toEqual(['archive', 'trash', 'spam']);
  expect(removalsFrom(can, 'archive')).not.toContain('archive');
  expect(removalsFrom(can, 'trash')).not.toContain('trash');
  expect(removalsFrom(can, 'junk')).toEqual(['trash', 'not-spam']);
});

test('a key does the opposite of what is so, the way out of spam included', () => {
  const read = message('work', 1, { seen: true, flagged: true });
  expect(actOfKey('toggle', read, [])).toBe('unseen');
  expect(actOfKey('star', read, [])).toBe('unstar');
  expect(actOfKey('spam', read, removalsFrom(can, 'inbox'))).toBe('spam');
  expect(actOfKey('spam', read, removalsFrom(can, 'junk'))).toBe('not-spam');
});

test('a key that changes nothing is silent, one that cannot is not', () => {
  const read = message('work', 1, { seen: true });
  expect(actOfKey('read', read, [])).toBeNull();
  expect(actOfKey('archive', read, [])).toBe('unsupported');
});
