import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { BridgeProcess } from '../support/bridge-process.ts';
import { freePort } from '../support/free-port.ts';

let bridge: BridgeProcess | undefined;

afterEach(async () => {
  await bridge?.close();
  bridge = undefined;
});

it('starts the built bridge on 127.0.0.1, takes its log, and asks it for a code and for its clients', async () => {
  bridge = await BridgeProcess.start();
  expect(bridge.lines.find(({ event }) => event === 'listening')).toMatchObject({ level: 'info', port: bridge.port });
  await listens(bridge.port);
  expect(await bridge.pair()).toMatch(/^mb1_[A-Za-z0-9_-]{20,}$/);
  expect(await bridge.command('clients')).toContain('No browser is paired');
});

it('kills and restarts it on the same port with the same data', async () => {
  bridge = await BridgeProcess.start();
  const { port } = bridge;
  await bridge.pair();
  await bridge.kill('SIGKILL');
  expect(bridge.running).toBe(false);
  await expect(listens(port)).rejects.toThrow('ECONNREFUSED');
  await bridge.restart();
  expect(bridge.port).toBe(port);
  await listens(port);
  await bridge.kill('SIGTERM');
  expect(bridge.lines.at(-1)?.event).toBe('stopping');
  expect(bridge.lines.filter(({ event }) => event === 'listening')).toHaveLength(2);
  expect(existsSync(bridge.data)).toBe(true);
  await bridge.close();
  expect(existsSync(bridge.data)).toBe(false);
});

it('tells what the bridge said when it does not start', async () => {
  bridge = await BridgeProcess.start();
  await expect(BridgeProcess.start({ port: bridge.port })).rejects.toThrow(`Port ${bridge.port} on 127.0.0.1 is taken`);
  await expect(BridgeProcess.start({ port: await freePort(), script: '/nowhere.js' })).rejects.toThrow('/nowhere.js');
});

/** Resolves when somebody listens there. */
async function listens(port: number): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}
