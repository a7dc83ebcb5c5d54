import { expect, it } from 'vitest';
import { makeLoginRate } from '../../src/bridge/login-rate.ts';

it('two sign-ins at once, the third when the first is two minutes old', () => {
  let now = 1_000_000;
  const rate = makeLoginRate(() => now);
  expect(rate.spare()).toBe(true);
  rate.note();
  expect([rate.wait(), rate.spare()]).toEqual([0, false]);
  now += 30_000;
  rate.note();
  expect(rate.wait()).toBe(90_000);
  now += 89_999;
  expect(rate.wait()).toBe(1);
  now += 1;
  expect(rate.wait()).toBe(0);
});

it('a clock that is set back shuts nobody out', () => {
  let now = 1_000_000;
  const rate = makeLoginRate(() => now);
  rate.note();
  rate.note();
  now -= 500_000;
  expect(rate.wait()).toBe(0);
});
