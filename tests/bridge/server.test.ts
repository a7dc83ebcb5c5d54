/** The door, from outside: who gets in, who does not, and what those learn. */
import { connect, createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { openLinkSession } from '../../src/background/link-session.ts';
import { parsePairingCode } from '../../src/pairing-code.ts';
import { encodeFrame } from '../../src/protocol.ts';
import { importKey, makeEphemeral, type SecureChannel, startClient } from '../../src/secure-channel.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary.ts';
import { startTestBridge, type TestBridge } from '../support/test-bridge.ts';
import { type Identity, ORIGIN, TestClient } from '../support/test-client.ts';
import { turns } from '../support/turns.ts';

let directory: TemporaryDirectory;
let running: TestBridge;
let port: number;

beforeEach(async () => {
  directory = temporaryDirectory('server');
  running = await startTestBridge(directory.path);
  port = running.bridge.port;
});

afterEach(async () => {
  await running.stop();
  directory.remove();
});

/** Sends bytes and gives all that comes back until the bridge hangs up; an upgrade is enough of an answer. */
function raw(bytes: string | Buffer, host = '127.0.0.1'): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () => socket.write(bytes));
    let answer = '';
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => {
      answer += '(and the connection stays open)';
      end();
    }, 5_000);
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      if (answer.startsWith('HTTP/1.1 101 ') && answer.includes('\r\n\r\n')) end();
    });
    socket.on('close', end);
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNREFUSED' ? reject(error) : end()));
  });
}

function upgrade(change: { host?: string; origin?: string | null; extra?: string; line?: string } = {}): string {
  const { host = `127.0.0.1:${port}`, origin = ORIGIN, extra = '', line = 'GET / HTTP/1.1' } = change;
  const originLine = origin === null ? '' : `Origin: ${origin}\r\n`;
  return `${line}\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${originLine}${extra}\r\n`;
}

const REFUSAL = 'HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

describe('a web page and its kind', () => {
  it('an extension is let as far as the handshake: the check below is not vacuous', async () => {
    expect(await raw(upgrade())).toMatch(/^HTTP\/1\.1 101 /);
  });

  it.each([
    ['a page', 'http://evil.test:48700'],
    ['a page over TLS', 'https://example.test'],
    ['a sandboxed frame', 'null'],
    ['nobody', null],
    ['a host that looks like an extension', 'chrome-extension://abcdefghijklmnopabcdefghijklmnop.evil.test'],
    ['a subdomain of nothing', 'chrome-extension://x.abcdefghijklmnopabcdefghijklmnop'],
    ['a slash behind', 'chrome-extension://abcdefghijklmnopabcdefghijklmnop/'],
    ['capitals', 'CHROME-EXTENSION://abcdefghijklmnopabcdefghijklmnop'],
    ['letters beyond p', 'chrome-extension://abcdefghijklmnopabcdefghijklmnoz'],
    ['Firefox without its UUID', 'moz-extension://letterbox'],
    ['an address that cannot be read', 'http://['],
  ])('by its origin: %s', async (_, origin) => {
    expect(await raw(upgrade({ origin }))).toBe(REFUSAL);
  });

  it.each([['localhost'], ['localhost.'], ['0.0.0.0'], ['[::1]'], ['127.1'], ['2130706433'], ['evil.test']])(
    'by the name it dialled: %s',
    async (name) => {
      expect(await raw(upgrade({ host: `${name}:${port}` }))).toBe(REFUSAL);
      expect(await raw(upgrade({ host: name }))).toBe(REFUSAL);
    },
  );

  it('with doubled headers', async () => {
    expect(await raw(upgrade({ extra: `Origin: ${ORIGIN}\r\n` }))).toBe(REFUSAL);
    expect(await raw(upgrade({ extra: `Host: 127.0.0.1:${port}\r\n` }))).toBe(REFUSAL);
  });

  it.each(['GET', 'POST', 'OPTIONS', 'HEAD', 'TRACE', 'PUT'])('by plain HTTP: %s', async (method) => {
    const request = (headers: string) => raw(`${method} / HTTP/1.1\r\n${headers}\r\n`);
    const host = `Host: 127.0.0.1:${port}\r\n`;
    expect(await request(`${host}Origin: http://evil.test\r\nContent-Length: 0\r\n`)).toBe(REFUSAL);
    expect(await request('')).toBe(REFUSAL);
    expect(await request(`${host}Expect: 100-continue\r\nContent-Length: 5\r\n`)).toBe(REFUSAL);
    expect(await request(`${host}Expect: a miracle\r\n`)).toBe(REFUSAL);
  });

  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
  const version = 'Sec-WebSocket-Version: 13\r\n';

  it.each([
    ['no key', key, ''],
    ['a key that is too short', key, 'Sec-WebSocket-Key: dGhlIHNhbXBsZQ==\r\n'],
    ['a key that is no base64', key, 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ???\r\n'],
    ['two keys', key, key + key],
    ['no version', version, ''],
    ['an old version', version, 'Sec-WebSocket-Version: 8\r\n'],
    ['a version that is no number', version, 'Sec-WebSocket-Version: x\r\n'],
    ['another upgrade', 'Upgrade: websocket\r\n', 'Upgrade: h2c\r\n'],
    ['no upgrade', 'Upgrade: websocket\r\n', ''],
    ['another subprotocol', version, `${version}Sec-WebSocket-Protocol: mqtt\r\n`],
    ['a subprotocol that is no word', version, `${version}Sec-WebSocket-Protocol: mail-bridge-1, (\r\n`],
    ['a subprotocol twice', version, `${version}Sec-WebSocket-Protocol: mail-bridge-1, mail-bridge-1\r\n`],
    ['an empty subprotocol', version, `${version}Sec-WebSocket-Protocol:\r\n`],
  ])("an extension's request with %s", async (_, line, instead) => {
    const request = upgrade();
    expect(request).toContain(line);
    expect(await raw(request.replace(line, instead))).toBe(REFUSAL);
  });

  it('a later subprotocol may be offered beside ours', async () => {
    const answer = await raw(upgrade({ extra: 'Sec-WebSocket-Protocol: mail-bridge-2, mail-bridge-1\r\n' }));
    expect(answer).toMatch(/^HTTP\/1\.1 101 .*\r\nSec-WebSocket-Protocol: mail-bridge-1\r\n/s);
  });

  it.each([
    ['GET //', () => upgrade({ line: 'GET // HTTP/1.1' })],
    ['another path', () => upgrade({ line: 'GET /?token=1 HTTP/1.1' })],
    ['GET http://[', () => upgrade({ line: 'GET http://[ HTTP/1.1' })],
    ['HTTP/1.0', () => upgrade({ line: 'GET / HTTP/1.0' })],
    ['a broken Host', () => upgrade({ host: '[::' })],
    ['CONNECT', () => `CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`],
    ['a TLS hello', () => Buffer.from('16030100c8010000c40303', 'hex')],
    ['a megabyte of header', () => upgrade({ extra: `X: ${'x'.repeat(1024 * 1024)}\r\n` })],
    ['rubbish', () => Buffer.from([0, 1, 2, 255, 254, 13, 10, 13, 10])],
  ])('%s neither gets in nor ends the bridge', async (_, make) => {
    expect(await raw(make())).toBe(REFUSAL);
    const { client } = await running.pair();
    await client.close();
  });

  it('from another computer: nothing listens there', async () => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address && !address.internal && address.family === 'IPv4');
    if (!outside) return expect(outside).toBeUndefined();
    await expect(raw(upgrade(), outside.address)).rejects.toThrow('ECONNREFUSED');
  });
});

/** Opens a socket and goes through the handshake by hand. */
async function shake(
  identity: Identity,
): Promise<{ socket: WebSocket; channel: SecureChannel; closed: Promise<number> }> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { origin: ORIGIN });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  const next = () => new Promise<string>((resolve) => socket.once('message', (data) => resolve(String(data))));
  await new Promise((resolve) => socket.once('open', resolve));
  const client = await startClient(
    { cid: identity.cid, origin: ORIGIN, host: `127.0.0.1:${port}` },
    identity.key,
    await makeEphemeral(),
  );
  const answer = next();
  socket.send(client.hello);
  const { proof, channel } = await client.finish(await answer);
  socket.send(proof);
  return { socket, channel, closed };
}

function closeCode(act: (socket: WebSocket) => void): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { origin: ORIGIN });
  socket.once('open', () => act(socket));
  return new Promise((resolve) => socket.once('close', resolve));
}

describe("another program with an extension's headers", () => {
  it.each<[string, (socket: WebSocket) => void]>([
    [
      'an unknown client',
      (socket) =>
        socket.send(JSON.stringify({ t: 'hello', v: 1, cid: 'AAAAAAAAAAA', n: 'A'.repeat(43), e: 'A'.repeat(87) })),
    ],
    ['rubbish', (socket) => socket.send('hello')],
    ['a binary hello', (socket) => socket.send(Buffer.from('{}'), { binary: true })],
    ['over a kilobyte', (socket) => socket.send(`{"t":"hello"${' '.repeat(2000)}}`)],
    ['silence', () => {}],
  ])('%s: out within the deadline, with one code for all', async (_, act) => {
    expect(await closeCode(act)).toBe(4401);
  });

  it('more than a frame may hold: out', async () => {
    expect(await closeCode((socket) => socket.send('x'.repeat(66 * 1024)))).toBe(1009);
  });

  it('the origin of another extension, with the right key: out', async () => {
    const { client, identity } = await running.pair();
    await client.close();
    const other = TestClient.open(identity, [], 'chrome-extension://ponmlkjihgfedcbaponmlkjihgfedcba');
    expect((await other.session.ended).code).toBe('pairing-revoked');
  });
});

describe('a session', () => {
  let identity: Identity;
  beforeEach(async () => {
    const paired = await running.pair();
    identity = paired.identity;
    await paired.client.close();
  });

  const hello = encodeFrame([{ type: 'hello', version: '0', major: 1, minor: 0 }]);

  it.each<[string, (socket: WebSocket, channel: SecureChannel) => Promise<void>]>([
    ['a text frame', async (socket) => socket.send('{}')],
    ['a frame that was not sealed', async (socket) => socket.send(Buffer.from('[]'))],
    ['no list', async (socket, channel) => socket.send(await channel.seal(Buffer.from('{"type":"ping"}')))],
    ['no JSON', async (socket, channel) => socket.send(await channel.seal(Buffer.from([0xff, 0xfe])))],
    [
      'a command before the hello',
      async (socket, channel) => socket.send(await channel.seal(Buffer.from('[{"type":"ping"}]'))),
    ],
    [
      'a malformed command',
      async (socket, channel) => {
        socket.send(await channel.seal(hello));
        socket.send(
          await channel.seal(
            Buffer.from('[{"type":"operate","id":"1","operation":{"kind":"seen","account":"__proto__"}}]'),
          ),
        );
      },
    ],
    [
      'a frame sent twice',
      async (socket, channel) => {
        const sealed = await channel.seal(hello);
        socket.send(sealed);
        socket.send(sealed);
      },
    ],
  ])('ends for %s, and the next client is served', async (_, attack) => {
    const { socket, channel, closed } = await shake(identity);
    await attack(socket, channel);
    expect(await closed).toBe(4403);
    const client = TestClient.connect(identity);
    await client.until(({ events }) => events.some((event) => event.type === 'accounts'));
    await client.close();
  });

  it('tells another major version which side is too old, and ends', async () => {
    const { socket, channel, closed } = await shake(identity);
    const first = new Promise<Buffer>((resolve) => socket.once('message', (data) => resolve(data as Buffer)));
    socket.send(await channel.seal(Buffer.from('[{"type":"hello","version":"9.0.0","major":9,"minor":0}]')));
    expect(JSON.parse(Buffer.from(await channel.open(await first)).toString())).toMatchObject([
      { type: 'hello', major: 1 },
    ]);
    expect(await closed).toBe(4426);
  });

  it('answers a command it does not know, and goes on', async () => {
    const client = TestClient.connect(identity);
    await client.until(({ events }) => events.some((event) => event.type === 'accounts'));
    client.session.send([{ type: 'snooze', id: 'want-1' } as never]);
    await client.until(({ events }) =>
      events.some((event) => event.type === 'unsupported' && event.command === 'snooze' && event.id === 'want-1'),
    );
    client.send({ type: 'ping' });
    await client.until(({ events }) => events.some((event) => event.type === 'pong'));
    await client.close();
  });

  it('of a revoked browser is over by itself; others stay; it does not come back', async () => {
    const other = await running.pair();
    const client = TestClient.connect(identity);
    await client.until(({ events }) => events.some((event) => event.type === 'accounts'));
    await running.book.revoke(Buffer.from(identity.cid).toString('hex'));
    expect((await client.session.ended).code).toBe('pairing-revoked');
    expect((await TestClient.connect(identity).session.ended).code).toBe('pairing-revoked');
    other.client.send({ type: 'ping' });
    await other.client.until(({ events }) => events.some((event) => event.type === 'pong'));
    await other.client.close();
  });
});

describe('a crowd', () => {
  const opened = (socket: WebSocket) => new Promise((resolve) => socket.once('open', resolve));
  const gone = (socket: WebSocket) => new Promise((resolve) => socket.once('close', resolve));
  const serves = (client: TestClient) =>
    client.until(({ events }) => events.some((event) => event.type === 'accounts'), 'the accounts');

  it('of four that prove nothing is as many as there may be; the next one gets in when one has gone', async () => {
    const sockets = Array.from({ length: 4 }, () => new WebSocket(`ws://127.0.0.1:${port}`, { origin: ORIGIN }));
    await Promise.all(sockets.map(opened));
    expect(await raw(upgrade())).toBe(REFUSAL);
    const [first] = sockets;
    if (!first) throw new Error('unreachable');
    first.close();
    await gone(first);
    expect(await raw(upgrade())).toMatch(/^HTTP\/1\.1 101 /);
    for (const socket of sockets) socket.terminate();
  });

  it('of sixteen browsers is as many as there may be; the next one gets in when one has gone', async () => {
    const { client, identity } = await running.pair();
    const clients = [client];
    while (clients.length < 16) {
      const next = TestClient.connect(identity);
      await serves(next);
      clients.push(next);
    }
    expect(await raw(upgrade())).toBe(REFUSAL);
    await client.close();
    await expect.poll(() => running.lines.filter((line) => line.includes('session-ended'))).toHaveLength(1);
    const next = TestClient.connect(identity);
    await serves(next);
    await Promise.all([...clients, next].map((one) => one.close()));
  });

  it('that guesses makes everybody wait a moment, and shuts nobody out', async () => {
    const { client, identity } = await running.pair();
    await client.close();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      for (let guesses = 0; guesses < 9; guesses += 1)
        expect(await closeCode((socket) => socket.send('hello'))).toBe(4401);
      // Time stands still, and it is served.
      const before = TestClient.connect(identity);
      await serves(before);
      await before.close();
      expect(await closeCode((socket) => socket.send('hello'))).toBe(4401);
      const sessions = () => running.lines.filter((line) => line.includes('session-started')).length;
      const [heard, started] = [running.lines.length, sessions()];
      const after = TestClient.connect(identity);
      await turns(100);
      await vi.advanceTimersByTimeAsync(2_900);
      await turns(100);
      expect([after.events, sessions()]).toEqual([[], started]);
      await vi.advanceTimersByTimeAsync(200);
      await serves(after);
      expect(running.lines.slice(heard).join('')).toContain('session-started');
      await after.close();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a pairing code', () => {
  it('works once', async () => {
    const code = await running.pairCode();
    const { client } = await TestClient.pair(code);
    await client.close();
    const parsed = await parsePairingCode(code);
    if (!parsed) throw new Error('unreachable');
    const again = TestClient.open({ cid: parsed.cid, key: await importKey(parsed.secret), port }, []);
    expect(['pairing-revoked', 'bridge-unknown']).toContain((await again.session.ended).code);
  });

  it('still works when the browser died before it had committed', async () => {
    const code = await running.pairCode();
    const parsed = await parsePairingCode(code);
    if (!parsed) throw new Error('unreachable');
    const first = await shake({ cid: parsed.cid, key: await importKey(parsed.secret), port });
    first.socket.terminate();
    const { client } = await TestClient.pair(code);
    await client.close();
  });

  it('no more than three wait at a time', async () => {
    for (let n = 0; n < 3; n++) await running.pairCode();
    await expect(running.pairCode()).rejects.toThrow('too many');
  });
});

describe('a squatter on the port', () => {
  it('learns the hello and nothing more, and the browser knows that this is not its bridge', async () => {
    const { client, identity } = await running.pair();
    await client.close();
    const heard: string[] = [];
    const { WebSocketServer } = await import('ws');
    const squatter = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await new Promise((resolve) => squatter.once('listening', resolve));
    squatter.on('connection', (socket) =>
      socket.on('message', (data) => {
        heard.push(String(data));
        socket.send(
          JSON.stringify({ t: 'server', n: 'A'.repeat(43), e: JSON.parse(String(data)).e, tag: 'A'.repeat(43) }),
        );
      }),
    );
    const address = squatter.address();
    const squatted = typeof address === 'object' && address ? address.port : 0;
    const session = openLinkSession({
      ...identity,
      port: squatted,
      origin: ORIGIN,
      version: '0',
      openSocket: (url, protocol) =>
        new WebSocket(url, protocol, { origin: ORIGIN }) as unknown as globalThis.WebSocket,
      now: Date.now,
      onProved: async () => [{ type: 'set-secret', account: 'a', secret: 'canary' }],
      onReady: async () => {},
      onEvents: async () => {},
    });
    expect(await session.ended).toEqual({ code: 'bridge-unknown', final: false });
    expect(heard.map((text) => JSON.parse(text).t)).toEqual(['hello']);
    squatter.close();
  });

  it('who relays on another port gets no session', async () => {
    const { client, identity } = await running.pair();
    await client.close();
    const relay: Server = createServer((socket) => {
      const upstream = connect({ host: '127.0.0.1', port });
      // The relay even mends the Host header: the port is part of what is proved.
      socket.once('data', (data) => {
        upstream.write(data.toString('latin1').replace(/Host: [^\r]*/, `Host: 127.0.0.1:${port}`), 'latin1');
        socket.pipe(upstream);
      });
      upstream.pipe(socket);
      for (const end of [socket, upstream]) end.on('error', () => {});
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    const address = relay.address();
    const relayed = TestClient.connect({
      ...identity,
      port: typeof address === 'object' && address ? address.port : 0,
    });
    expect((await relayed.session.ended).code).toBe('bridge-unknown');
    relay.close();
  });
});
