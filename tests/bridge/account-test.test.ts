/** Tests of settings, with a source that does what it is told. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AccountTest, makeAccountTest } from '../../src/bridge/account-test.ts';
import type { Account } from '../../src/model.ts';
import { FakeSource } from '../support/fake-source.ts';

const ACCOUNT: Account = {
  id: 'a',
  protocol: 'imap',
  name: 'Work',
  address: '',
  user: 'anna',
  server: { host: '127.0.0.1', port: 143, security: 'none' },
};

let clock: number;
let sources: FakeSource[];
let test: AccountTest;

function start(next: ConstructorParameters<typeof FakeSource>[0]): void {
  clock = 1_000_000;
  sources = [];
  test = makeAccountTest({
    vault: { read: () => null, write: async () => {}, rebind: async () => {}, forget: async () => {} },
    openAccount: () => ({
      connect() {
        const source = new FakeSource(next);
        sources.push(source);
        return source;
      },
      pause: () => 0,
    }),
    now: () => clock,
  });
}

const run = () => test(ACCOUNT, 'secret', () => {});

describe('tests of settings', () => {
  beforeEach(() => start(() => ({ unseen: 0 })));

  it('are ten a minute; what is more goes to no server', async () => {
    for (let tests = 0; tests < 10; tests += 1) {
      expect(await run()).toBeNull();
      clock += 1_000;
    }
    expect(await run()).toBe('too-many');
    expect(sources).toHaveLength(10);
    clock += 50_000;
    expect(await run()).toBeNull();
    expect(await run()).toBe('too-many');
    clock += 60_000;
    expect(await run()).toBeNull();
  });

  it('leave no line behind', async () => {
    await run();
    start(() => ({ fail: 'wrong-password' }));
    expect(await run()).toBe('wrong-password');
    expect(sources.map(({ closed }) => closed)).toEqual([true]);
  });
});

describe('a test that comes to no end', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    start(() => 'hang');
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is answered before the page gives it up, and its line is closed', async () => {
    const answer = run();
    await vi.advanceTimersByTimeAsync(56_000);
    expect(await answer).toBe('timed-out');
    expect(sources.map(({ closed }) => closed)).toEqual([true]);
  });
});
