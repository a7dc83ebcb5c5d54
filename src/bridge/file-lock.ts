/** A lock between programs for the milliseconds that a file takes to be read, changed and written. */
import { open, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, isMissing } from './data-folder.ts';

/** A lock older than this was left by a process that died. */
const STALE = 5_000;

/** Does the work while nobody else works under the same lock. @param file the lock's own file, gone afterwards */
export async function withFileLock<T>(file: string, now: () => number, work: () => Promise<T>): Promise<T> {
  await lock(file, now);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function lock(file: string, now: () => number): Promise<void> {
  const deadline = now() + 2 * STALE;
  for (;;) {
    try {
      return await (await open(file, 'wx', 0o600)).close();
    } catch (error) {
      if (!hasCode(error, 'EEXIST') || now() > deadline) throw error;
    }
    if (await isStale(file, now)) await rm(file, { force: true });
    else await sleep(20);
  }
}

async function isStale(file: string, now: () => number): Promise<boolean> {
  try {
    return now() - (await stat(file)).mtimeMs > STALE;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
