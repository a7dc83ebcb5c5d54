/** The driver as it is called, with the benchmark that needs nothing but a clock. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary.ts';

const script = fileURLToPath(new URL('../../scripts/bench.mjs', import.meta.url));
let directory: TemporaryDirectory;

beforeAll(() => {
  directory = temporaryDirectory('bench');
});

afterAll(() => directory.remove());

function drive(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', timeout: 15_000 });
}

it('prints a table and writes what it measured, into a folder that was not there', () => {
  const file = `${directory.path}/deep/clock.json`;
  const { status, stdout } = drive('clock', '--json', file);
  expect(status).toBe(0);
  const [measured, ...more] = JSON.parse(readFileSync(file, 'utf8'));
  expect(more).toEqual([]);
  const fields = ['bench', 'metric', 'unit', 'n', 'p50', 'p95', 'min', 'max', 'reference', 'note'];
  expect(Object.keys(measured)).toEqual(fields);
  expect(measured).toMatchObject({ bench: 'clock', unit: 'ms', n: 50, reference: null });
  expect([measured.min, measured.p50, measured.p95, measured.max]).toEqual(
    [measured.min, measured.p50, measured.p95, measured.max].sort((a, b) => a - b),
  );
  expect(stdout).toContain(measured.metric);
  expect(stdout).toContain(String(measured.p95));
});

it.each([[['no-such']], [[]], [['clock', 'badge']], [['clock', '--jsn', 'x']]])(
  'lists what there is when asked for %j, and measures nothing',
  (args) => {
    const { status, stdout, stderr } = drive(...args);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/There are: .*\bclock\b/)]);
  },
);
