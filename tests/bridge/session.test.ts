/** One browser's session, without a socket: what it starts and whether it ends it. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silent } from '../../src/bridge/log.ts';
import type { Listener, Mailroom } from '../../src/bridge/mailroom.ts';
import { type Session, startSession } from '../../src/bridge/session.ts';
import type { AccountStatus, ErrorCode } from '../../src/model.ts';
import {
  type BridgeEvent,
  CLOSE,
  type Command,
  encodeFrame,
  MAX_FRAME_TO_BROWSER,
  parseEvents,
  type UnknownMessage,
} from '../../src/protocol.ts';
import { mailboxOf, mailRow } from '../support/mail-rows.ts';

const listening = new Set<Listener>();
const operated: string[] = [];
let answer: (code: ErrorCode | null) => void = () => {};

const mailroom: Mailroom = {
  facts: () => [{ type: 'accounts', accounts: [] }],
  mailboxes: () => [],
  accounts: () => [],
  ask: () => new Promise(() => {}),
  statusOf: () => null,
  listen(listener) {
    listening.add(listener);
    return () => listening.delete(listener);
  },
  operate(id) {
    operated.push(id);
    return new Promise((resolve) => {
      answer = resolve;
    });
  },
  setSecret: async () => {},
  undo: () => {},
  check: () => {},
  wake: () => {},
  stop: async () => {},
};

interface Opened {
  session: Session;
  events: (BridgeEvent | UnknownMessage)[];
  frames: Uint8Array[];
  closed: number[];
  send(...commands: Command[]): Promise<void>;
}

/** The seal is left out: frames are what they say. @param taken when the browser takes what it is sent */
function open(
  commitPairing: ((label: string) => Promise<boolean>) | null = null,
  taken: () => Promise<void> = async () => {},
): Opened {
  const opened: Omit<Opened, 'session' | 'send'> = { events: [], frames: [], closed: [] };
  let received = 0;
  const session = startSession({
    wire: {
      async send(frame) {
        opened.frames.push(frame);
        opened.events.push(...parseEvents(frame));
        await taken();
      },
      close: (code) => opened.closed.push(code),
    },
    channel: {
      seal: async (plaintext) => new Uint8Array(plaintext),
      async open(frame) {
        received += 1;
        return new Uint8Array(frame);
      },
    },
    mailroom,
    testAccount: async () => null,
    commitPairing,
    version: '0',
    log: silent,
  });
  return {
    ...opened,
    session,
    async send(...commands) {
      const before = received;
      session.receive(encodeFrame(commands));
      await vi.waitFor(() => expect(received).toBe(before + 1));
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const hello = (major = 1): Command => ({ type: 'hello', version: '0', major, minor: 0 });
const resume: Command = { type: 'resume', mailboxes: [] };
const operate: Command = { type: 'operate', id: 'o', operation: { kind: 'remove-account', account: 'a' } };

it('listens until it ends', async () => {
  const { session, send } = open();
  await send(hello(), resume);
  expect(listening.size).toBe(1);
  session.end();
  expect(listening.size).toBe(0);
});

it('a browser that is gone before its first words were read is not listened for', async () => {
  const { session, send } = open();
  const sent = send(hello(), resume);
  session.end();
  await sent;
  expect(listening.size).toBe(0);
});

it('does nothing for a browser of another major version', async () => {
  operated.length = 0;
  const { session, send, closed } = open();
  await send(hello(2), resume, operate);
  expect([closed, operated, listening.size]).toEqual([[CLOSE.version], [], 0]);
  session.end();
});

it('does nothing before the hello', async () => {
  operated.length = 0;
  const { session, send, closed } = open();
  await send(operate, hello());
  expect([closed, operated]).toEqual([[CLOSE.badFrame], []]);
  session.end();
});

it('does nothing for the holder of a code who does not pair, or not any more', async () => {
  operated.length = 0;
  const first = open(async () => true);
  await first.send(hello(), operate);
  expect([first.closed, operated]).toEqual([[CLOSE.badFrame], []]);
  const late = open(async () => false);
  await late.send(hello(), { type: 'commit-pairing', label: 'late' }, resume, operate);
  expect([late.closed, operated, listening.size]).toEqual([[CLOSE.refused], [], 0]);
  const paired = open(async () => true);
  await paired.send(hello(), { type: 'commit-pairing', label: 'paired' }, operate);
  expect([paired.closed, operated]).toEqual([[], ['o']]);
  for (const { session } of [first, late, paired]) session.end();
});

it('is silent once it has ended', async () => {
  const { session, send, events } = open();
  await send(hello(), operate);
  const before = events.length;
  session.end();
  answer(null);
  await new Promise((resolve) => setImmediate(resolve));
  expect(events).toHaveLength(before);
});

it('splits whatever it has to tell into frames that the browser takes', async () => {
  const { session, send, frames, events } = open();
  await send(hello(), resume);
  const [listener] = listening;
  const row = (uid: number) =>
    mailRow(uid, {
      folder: 'F'.repeat(1000),
      messageId: 'é'.repeat(1000),
      from: { name: '\u4e2d'.repeat(300), address: '\u4e2d'.repeat(400), misleading: false },
      subject: '\u4e2d'.repeat(1000),
    });
  const rows = Array.from({ length: 200 }, (_, at) => row(at + 1));
  const state = mailboxOf(rows);
  const status: AccountStatus = {
    account: 'a',
    unread: 0,
    asOf: null,
    state: 'fresh',
    code: null,
    retryAt: null,
    can: { flags: 'server', folders: false, push: true, move: false },
  };
  listener?.tellSnapshot({ account: 'a', folder: 'F'.repeat(1000), epoch: 'e', revision: 0, state }, status);
  listener?.tell(
    Array.from({ length: 3000 }, (_, at): BridgeEvent => ({ type: 'status', ...status, account: `account-${at}` })),
  );
  await vi.waitFor(() => expect(events.filter((event) => event.type === 'status')).toHaveLength(3001));
  expect(events.flatMap((event) => (event.type === 'rows' ? event.rows : []))).toHaveLength(200);
  expect(Math.max(...frames.map((frame) => frame.length))).toBeLessThanOrEqual(MAX_FRAME_TO_BROWSER - 16);
  session.end();
});

it.each<[string, Uint8Array]>([
  ['what is no JSON', new Uint8Array([255])],
  ['what is no list', new TextEncoder().encode('{}')],
  ['a command without its fields', new TextEncoder().encode('[{"type":"operate"}]')],
])('hangs up on %s', async (_, frame) => {
  const { session, closed } = open();
  session.receive(frame);
  await vi.waitFor(() => expect(closed).toEqual([CLOSE.badFrame]));
  session.end();
});

describe('time', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const MINUTE = 60_000;

  it('a browser that has said nothing for more than a minute is gone', async () => {
    const { session, closed } = open();
    await vi.advanceTimersByTimeAsync(69_000);
    expect(closed).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(closed).toEqual([1001]);
    session.end();
  });

  it('one that pings is not, and gets fresh keys once a day', async () => {
    const { session, send, closed } = open();
    await send(hello());
    for (let minutes = 0; minutes < 24 * 60 - 1; minutes += 1) {
      await vi.advanceTimersByTimeAsync(MINUTE);
      session.receive(encodeFrame([{ type: 'ping' }]));
    }
    expect(closed).toEqual([]);
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(closed).toEqual([1000]);
    session.end();
  });

  /** More than may wait for a browser, in frames of its own size. */
  const flood = (): BridgeEvent[] =>
    Array.from({ length: 100 }, (_, at) => ({ type: 'bytes', id: 'w', at, data: 'x'.repeat(64 * 1024) }));

  it('a browser that takes nothing for half a minute is let go', async () => {
    const { session, send, closed } = open(null, () => new Promise(() => {}));
    await send(hello(), resume);
    const [listener] = listening;
    listener?.tell(flood());
    await vi.advanceTimersByTimeAsync(29_000);
    expect(closed).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(closed).toEqual([1013]);
    session.end();
  });

  it('one that is slow is waited for', async () => {
    let take: () => void = () => {};
    const { session, send, closed, frames } = open(null, () => new Promise((resolve) => (take = resolve)));
    await send(hello(), resume);
    const [listener] = listening;
    listener?.tell(flood());
    await vi.advanceTimersByTimeAsync(25_000);
    // It has taken half of it by now.
    while (frames.length < 25) {
      take();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.advanceTimersByTimeAsync(30_000);
    expect(closed).toEqual([]);
    session.end();
  });
});
