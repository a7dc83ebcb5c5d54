/** The bridge as a whole: what it leaves behind when it stops. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary.ts';
import { startTestBridge, type TestBridge } from '../support/test-bridge.ts';
import { TestClient } from '../support/test-client.ts';
import { turns } from '../support/turns.ts';

let directory: TemporaryDirectory;
let running: TestBridge;

beforeEach(async () => {
  directory = temporaryDirectory('serve');
  running = await startTestBridge(directory.path);
});
afterEach(() => directory.remove());

const isListening = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
const lastSeen = () =>
  (
    JSON.parse(readFileSync(`${directory.path}/pairing.json`, 'utf8')) as { clients: { lastSeen: number }[] }
  ).clients.map((client) => client.lastSeen);

it('has not stopped before what it was writing is written, and leaves nothing half done', async () => {
  const { client, identity } = await running.pair();
  await client.close();
  const [before = 0] = lastSeen();
  // Another program, `letterbox clients` say, holds the file at this moment.
  const lock = `${directory.path}/pairing.json.lock`;
  writeFileSync(lock, '');
  const again = TestClient.connect(identity);
  await again.until(({ events }) => events.some((event) => event.type === 'accounts'));
  let stopped = false;
  const stopping = running.stop().then(() => {
    stopped = true;
  });
  await again.session.ended;
  await expect.poll(() => isListening(identity.port)).toBe(false);
  await turns(50);
  expect(stopped).toBe(false);
  rmSync(lock);
  await stopping;
  const [after = 0] = lastSeen();
  expect(after).toBeGreaterThan(before);
  expect(existsSync(lock)).toBe(false);
});

it('gives its data folder back when it cannot listen', async () => {
  const other = temporaryDirectory('serve-other');
  try {
    await expect(startTestBridge(other.path, running.bridge.port)).rejects.toThrow();
    const second = await startTestBridge(other.path);
    await second.stop();
  } finally {
    other.remove();
    await running.stop();
  }
});
