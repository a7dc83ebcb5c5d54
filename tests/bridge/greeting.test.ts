/** What answers on a port that somebody has typed, and what does not. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IMAP_GREETING, lookAtGreeting } from '../../src/bridge/greeting.ts';
import type { TestStep } from '../../src/model.ts';
import { eventually } from '../support/eventually.ts';

/** Where a connection is never made; null for the real thing. */
const { replaced } = vi.hoisted(() => ({ replaced: { socket: null as unknown } }));

vi.mock('../../src/bridge/tls.ts', async (original) => {
  const real = await original<typeof import('../../src/bridge/tls.ts')>();
  return { ...real, openSocket: (server: never) => replaced.socket ?? real.openSocket(server) };
});

let server: Server;
let port: number;
/** What the server says to whoever connects. */
let says: string[];
let steps: TestStep[];

beforeEach(async () => {
  steps = [];
  says = [];
  server = createServer((socket) => {
    socket.on('error', () => {});
    for (const bytes of says) socket.write(bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterEach(async () => {
  vi.useRealTimers();
  replaced.socket = null;
  await new Promise((resolve) => server.close(resolve));
});

const look = () =>
  lookAtGreeting({ host: '127.0.0.1', port, security: 'none' }, IMAP_GREETING, (step) => steps.push(step)).then(
    () => null,
    (error: { code: string }) => error.code,
  );

it.each<[string, string[], string | null]>([
  ['a greeting', ['* OK ready\r\n'], null],
  ['a greeting in pieces', ['* O', 'K rea', 'dy\r\n'], null],
  ['one that is signed in already', ['* PREAUTH ready\r\n'], null],
  ['one that has no time', ['* BYE later\r\n'], 'server-busy'],
  ['another protocol', ['+OK POP3 ready\r\n'], 'not-a-mail-server'],
  ['a word that only begins like one', ['* OKAY\r\n'], 'not-a-mail-server'],
  ['a line without an end', ['x'.repeat(5000)], 'not-a-mail-server'],
])('%s', async (_, bytes, code) => {
  says = bytes;
  expect([await look(), steps]).toEqual([code, ['connected']]);
});

describe('nothing', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });

  async function afterSeconds(seconds: number, answer: Promise<string | null>): Promise<string | null> {
    const answered = vi.fn();
    void answer.then(answered);
    await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
    expect(answered).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    return answer;
  }

  it('from a server that takes the connection is not waited for longer than fifteen seconds', async () => {
    const answer = look();
    await eventually(() => steps.length > 0);
    expect(await afterSeconds(15, answer)).toBe('server-silent');
  });

  it('at all, as behind a firewall: the server cannot be reached', async () => {
    const socket = new Socket();
    replaced.socket = socket;
    expect(await afterSeconds(15, look())).toBe('connection-timeout');
    expect([steps, socket.destroyed]).toEqual([[], true]);
  });
});
