import { renameSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary.ts';

const system = vi.hoisted(() => ({ full: false }));
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  return {
    ...real,
    watch(...parameters: Parameters<typeof real.watch>) {
      if (system.full) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
      return real.watch(...parameters);
    },
  };
});
const { watchFile } = await import('../../src/bridge/file-watch.ts');

let directory: TemporaryDirectory;
let unwatch: () => void;

beforeEach(() => {
  directory = temporaryDirectory('watch');
});
afterEach(() => {
  unwatch();
  directory.remove();
});

it.each([
  ['a system that tells of changes', false],
  ['a system that has no room left for it', true],
])('notices within a second that a file has come, and that it was replaced, with %s', async (_, full) => {
  system.full = full;
  const file = `${directory.path}/pairing.json`;
  const changed = vi.fn();
  unwatch = watchFile(file, changed);
  writeFileSync(file, '1');
  await vi.waitFor(() => expect(changed).toHaveBeenCalled(), { timeout: 2_000 });
  changed.mockClear();
  writeFileSync(`${file}.tmp`, 'another');
  renameSync(`${file}.tmp`, file);
  await vi.waitFor(() => expect(changed).toHaveBeenCalled(), { timeout: 2_000 });
});
