import { describe, expect, it } from 'vitest';
import { mustStop, needsUser, retryDelay } from '../../src/bridge/backoff.ts';

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
