import { describe, expect, it } from 'vitest';
import { makePushTrust } from '../../../src/bridge/imap/push-trust.ts';

const MINUTE = 60_000;

describe('how often a server is asked for a sign of life', () => {
  it('is below four minutes from the start', () => {
    expect(makePushTrust().renewal).toBeLessThan(4 * MINUTE);
  });

  it('falls below the age at which lines die, after the third', () => {
    const push = makePushTrust();
    push.died(3 * MINUTE);
    push.died(3 * MINUTE + 2000);
    expect(push.renewal).toBeGreaterThan(3 * MINUTE);
    push.died(3 * MINUTE + 5000);
    expect(push.renewal).toBeLessThan(3 * MINUTE);
    expect(push.renewal).toBeGreaterThan(1.5 * MINUTE);
  });

  it('stays where lines die at any age', () => {
    const push = makePushTrust();
    const before = push.renewal;
    for (const age of [2, 5, 3, 9, 2.5, 30]) push.died(age * MINUTE);
    expect(push.renewal).toBe(before);
  });

  it('never falls below a minute', () => {
    const push = makePushTrust();
    for (let n = 0; n < 30; n += 1) push.died(61_000 + n);
    expect(push.renewal).toBe(MINUTE);
    for (let n = 0; n < 30; n += 1) push.died(1000);
    expect(push.renewal).toBe(MINUTE);
  });
});

describe('a server that keeps news to itself', () => {
  it('is polled after the second time in a row, until it tells of something', () => {
    const push = makePushTrust();
    push.missed();
    expect(push.reliable).toBe(true);
    push.heard();
    push.missed();
    expect(push.reliable).toBe(true);
    push.missed();
    expect([push.reliable, push.renewal]).toEqual([false, MINUTE]);
    push.heard();
    expect(push.reliable).toBe(true);
  });
});
