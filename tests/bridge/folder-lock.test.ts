/** Whether a bridge may work on a data folder. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FolderTaken, lockFolder } from '../../src/bridge/folder-lock.ts';
import { processIdentity } from '../../src/bridge/process-identity.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary.ts';

let directory: TemporaryDirectory;
let file: string;
const lock = () => lockFolder(directory.path, Date.now);

beforeEach(() => {
  directory = temporaryDirectory('lock');
  file = `${directory.path}/bridge.lock`;
});
afterEach(() => directory.remove());

it('belongs to one at a time', async () => {
  const release = await lock();
  await expect(lock()).rejects.toMatchObject({ name: 'FolderTaken', pid: process.pid });
  await release();
  expect(existsSync(file)).toBe(false);
  await (await lock())();
});

it('of two that come at once one gets it', async () => {
  const results = await Promise.allSettled([lock(), lock(), lock()]);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(FolderTaken);
});

it.each<[string, () => string]>([
  ['of a process that had our number before us', () => JSON.stringify({ pid: process.pid, identity: 'of yesterday' })],
  ['of a process that is gone', () => readFileSync(file, 'utf8').replace(String(process.pid), '4194303')],
  ['that was cut by a crash', () => '{"pid":'],
  ['that is empty', () => ''],
])('a lock %s is none', async (_, left) => {
  await lock();
  writeFileSync(file, left());
  await (await lock())();
});

it('a process is told from another, and from itself when it has ended', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const { pid = 0 } = other;
  try {
    const [own, its] = [await processIdentity(process.pid), await processIdentity(pid)];
    expect(own).toBe(await processIdentity(process.pid));
    expect(its).not.toBeNull();
    expect(its).not.toBe(own);
  } finally {
    other.kill('SIGKILL');
    await once(other, 'exit');
  }
  expect(await processIdentity(pid)).toBeNull();
});
