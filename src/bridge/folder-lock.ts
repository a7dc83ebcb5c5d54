/** One bridge a data folder: two would write over each other's accounts, passwords and settled operations. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { withFileLock } from './file-lock.ts';
import { DamagedFile, jsonFile } from './json-file.ts';
import { processIdentity } from './process-identity.ts';

/** Thrown when another bridge is at work on the folder. */
export class FolderTaken extends Error {
  override name = 'FolderTaken';

  constructor(readonly pid: number) {
    super();
  }
}

const holderSchema = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  identity: v.string(),
});

/**
 * Takes the folder. What a bridge left that was killed, or went with the computer, is no lock.
 * @returns what gives the folder back
 * @throws {FolderTaken}
 */
export async function lockFolder(folder: string, now: () => number): Promise<() => Promise<void>> {
  const file = path.join(folder, 'bridge.lock');
  const holders = jsonFile(file, v.nullable(holderSchema), null);
  const own = { pid: process.pid, identity: (await processIdentity(process.pid)) ?? '' };

  async function find() {
    const holder = await holders.read().catch((error: unknown) => {
      // Half a lock is none: its bridge did not come as far as to work.
      if (error instanceof DamagedFile) return null;
      throw error;
    });
    return holder && (await processIdentity(holder.pid)) === holder.identity ? holder : null;
  }

  await withFileLock(`${file}.lock`, now, async () => {
    const holder = await find();
    if (holder) throw new FolderTaken(holder.pid);
    await holders.write(own);
  });
  return () => rm(file, { force: true });
}
