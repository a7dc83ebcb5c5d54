/** One account's life, with mail sources that do what they are told, in compressed time. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BridgeError } from '../../src/bridge/errors.ts';
import { silent } from '../../src/bridge/log.ts';
import { type Supervisor, startSupervisor } from '../../src/bridge/supervisor.ts';
import type { Account, AccountStatus, ErrorCode, MarkOperation } from '../../src/model.ts';
import { FakeSource } from '../support/fake-source.ts';

const CAN = { flags: 'server', folders: false, push: true, move: false } as const;
const ACCOUNT: Account = {
  id: 'a',
  protocol: 'imap',
  name: 'Work',
  address: '',
  user: 'anna',
  server: { host: 'mail.example.test', port: 993, security: 'tls' },
};
const MARK: MarkOperation = { kind: 'seen', account: 'a', folder: 'INBOX', uidValidity: 7, target: { uids: [1] } };
const MINUTE = 60_000;

/** What the next source that is opened does: tells this many unseen messages, or fails. */
let next: { unseen: number } | { fail: ErrorCode } | 'hang';
let sources: FakeSource[];
let statuses: AccountStatus[];
let secret: string | null;
/** How long the server wants to be left alone. */
let pause: number;
let supervisor: Supervisor;

function start(): void {
  supervisor = startSupervisor({
    account: ACCOUNT,
    readSecret: () => secret,
    openAccount: () => ({
      connect() {
        const source = new FakeSource(() => next);
        sources.push(source);
        return source;
      },
      pause: () => pause,
    }),
    can: CAN,
    log: silent,
    now: Date.now,
    random: () => 1,
    onChange: (status) => statuses.push(status),
    onFolders: () => {},
  });
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const last = () => sources.at(-1) as FakeSource;

beforeEach(() => {
  vi.useFakeTimers();
  next = { unseen: 3 };
  sources = [];
  statuses = [];
  secret = 'secret';
  pause = 0;
});

afterEach(async () => {
  await supervisor.stop();
  expect(vi.getTimerCount(), 'timers left behind').toBe(0);
  vi.useRealTimers();
});

it('says nothing that it does not know, then what the server says', async () => {
  start();
  expect(supervisor.status).toMatchObject({ unread: null, asOf: null, state: 'old', code: null });
  await settle();
  expect(supervisor.status).toMatchObject({ unread: 3, asOf: Date.now(), state: 'fresh', code: null, retryAt: null });
  last().tell(5);
  expect(supervisor.status.unread).toBe(5);
});

it.each<ErrorCode>(['connection-lost', 'host-not-found', 'server-busy', 'tls-expired', 'internal', 'wrong-password'])(
  'the number and its time outlive %s',
  async (code) => {
    start();
    await settle();
    const { asOf } = supervisor.status;
    next = { fail: code };
    await vi.advanceTimersByTimeAsync(1_000);
    last().die(code);
    await vi.advanceTimersByTimeAsync(30 * MINUTE);
    expect(sources.length).toBeGreaterThan(code === 'wrong-password' ? 0 : 1);
    expect(supervisor.status).toMatchObject({ unread: 3, asOf, code });
    expect(supervisor.status.state).not.toBe('fresh');
  },
);

it('tries again after 1, 2, 4, 8 … seconds, says when, and is fresh again by itself', async () => {
  next = { fail: 'connection-refused' };
  start();
  await settle();
  for (const [at, delay] of [1_000, 2_000, 4_000, 8_000, 16_000].entries()) {
    expect(sources).toHaveLength(at + 1);
    expect(supervisor.status).toMatchObject({ state: 'old', code: 'connection-refused', retryAt: Date.now() + delay });
    await vi.advanceTimersByTimeAsync(delay - 1);
    expect(sources).toHaveLength(at + 1);
    await vi.advanceTimersByTimeAsync(1);
  }
  next = { unseen: 1 };
  await vi.advanceTimersByTimeAsync(32_000);
  expect(supervisor.status).toMatchObject({ unread: 1, state: 'fresh', code: null, retryAt: null });
});

it('a line that held for minutes starts the waits from the beginning, one that did not does not', async () => {
  next = { fail: 'connection-refused' };
  start();
  await vi.advanceTimersByTimeAsync(1_000 + 2_000);
  next = { unseen: 1 };
  await vi.advanceTimersByTimeAsync(4_000);
  last().die('connection-lost');
  await settle();
  expect(supervisor.status.retryAt).toBe(Date.now() + 8_000);
  await vi.advanceTimersByTimeAsync(8_000 + 3 * MINUTE);
  last().die('connection-lost');
  await settle();
  expect(supervisor.status.retryAt).toBe(Date.now() + 1_000);
});

it.each<ErrorCode>(['wrong-password', 'sign-in-refused'])(
  '%s: one attempt, and none more until the user asks',
  async (code) => {
    next = { fail: code };
    start();
    await vi.advanceTimersByTimeAsync(24 * 60 * MINUTE);
    // A browser that starts, a computer that wakes or moves: nobody has typed a new password.
    for (let time = 0; time < 5; time += 1) {
      await supervisor.rest();
      supervisor.wake();
      await vi.advanceTimersByTimeAsync(MINUTE);
    }
    expect(sources).toHaveLength(1);
    expect(supervisor.status).toMatchObject({ state: 'needs-you', code, retryAt: null });
    next = { unseen: 2 };
    supervisor.check();
    await settle();
    expect(supervisor.status).toMatchObject({ unread: 2, state: 'fresh', code: null });
  },
);

it('without a password nobody is asked', async () => {
  secret = null;
  start();
  await vi.advanceTimersByTimeAsync(60 * MINUTE);
  expect(sources).toHaveLength(0);
  expect(supervisor.status).toMatchObject({ state: 'needs-you', code: 'password-missing', retryAt: null });
});

it('a bad certificate needs the user and is tried again all the same', async () => {
  next = { fail: 'tls-expired' };
  start();
  await settle();
  expect(supervisor.status.state).toBe('needs-you');
  next = { unseen: 0 };
  await vi.advanceTimersByTimeAsync(1_000);
  expect(supervisor.status.state).toBe('fresh');
});

it('signs in no more often than the server may be asked, and says when it will', async () => {
  pause = MINUTE;
  start();
  await settle();
  expect([sources.length, supervisor.status.retryAt]).toEqual([0, Date.now() + MINUTE]);
  supervisor.wake();
  await vi.advanceTimersByTimeAsync(MINUTE - 1);
  expect(sources).toHaveLength(0);
  pause = 0;
  await vi.advanceTimersByTimeAsync(1);
  expect(supervisor.status).toMatchObject({ unread: 3, state: 'fresh', retryAt: null });
});

it('a person who asks is let in at once, once', async () => {
  pause = MINUTE;
  next = { fail: 'connection-refused' };
  start();
  await settle();
  supervisor.check();
  await settle();
  expect(sources).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(MINUTE - 1);
  expect(sources).toHaveLength(1);
});

it.each(['check', 'wake'] as const)('%s ends a wait', async (what) => {
  next = { fail: 'connection-refused' };
  start();
  await vi.advanceTimersByTimeAsync(5 * MINUTE);
  const made = sources.length;
  next = { unseen: 1 };
  supervisor[what]();
  await settle();
  expect(sources).toHaveLength(made + 1);
  expect(supervisor.status.state).toBe('fresh');
});

it('asks a server that is silent every ten minutes, and on request', async () => {
  start();
  await vi.advanceTimersByTimeAsync(10 * MINUTE);
  expect(last().checks).toBe(1);
  expect(supervisor.status.asOf).toBe(Date.now());
  supervisor.check();
  expect(last().checks).toBe(2);
});

it('a line that does not answer is replaced within seconds', async () => {
  start();
  await settle();
  const first = last();
  first.answers = false;
  supervisor.check();
  await vi.advanceTimersByTimeAsync(8_000 + 1_000);
  expect([first.closed, sources.length, supervisor.status.state]).toEqual([true, 2, 'fresh']);
});

it('work waits for the next line, and is done once', async () => {
  next = { fail: 'connection-refused' };
  start();
  const done = supervisor.carryOut((source) => source.mark(MARK));
  await vi.advanceTimersByTimeAsync(MINUTE);
  next = { unseen: 1 };
  await vi.advanceTimersByTimeAsync(5 * MINUTE);
  expect(await done).toBe(true);
  expect(sources.flatMap(({ marks }) => marks)).toEqual([MARK]);
});

it('work whose line dies under it is done on the next one, which is told', async () => {
  start();
  await settle();
  last().answers = false;
  const tries: boolean[] = [];
  const done = supervisor.carryOut(async (source, again) => {
    tries.push(again);
    await source.mark(MARK);
  });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await done).toBe(true);
  expect(tries).toEqual([false, true]);
  expect(last().marks).toEqual([MARK]);
});

it('work under which every line dies is given up, and the account goes on', async () => {
  start();
  await settle();
  let tries = 0;
  const done = supervisor.carryOut(async () => {
    tries += 1;
    throw new BridgeError('connection-lost');
  });
  const refused = expect(done).rejects.toThrow('connection-lost');
  await vi.advanceTimersByTimeAsync(MINUTE);
  await refused;
  expect(tries).toBe(4);
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(supervisor.status.state).toBe('fresh');
});

it('work that the server refuses is not tried again', async () => {
  start();
  await settle();
  const done = supervisor.carryOut(async () => {
    throw new BridgeError('server-refused');
  });
  await expect(done).rejects.toThrow('server-refused');
  expect(sources).toHaveLength(1);
});

it('once stopped it tells nothing, tries nothing, and lets go of who waits', async () => {
  next = { fail: 'connection-refused' };
  start();
  await settle();
  const done = supervisor.carryOut((source) => source.mark(MARK));
  const told = statuses.length;
  await supervisor.stop();
  expect(await done).toBe(false);
  await vi.advanceTimersByTimeAsync(60 * MINUTE);
  expect([sources.length, statuses.length]).toEqual([1, told]);
});

it('stopped in the middle of connecting it leaves no line behind', async () => {
  next = 'hang';
  start();
  await settle();
  await supervisor.stop();
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(sources.every(({ closed }) => closed)).toBe(true);
  expect(sources).toHaveLength(1);
});
