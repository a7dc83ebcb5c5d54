/** How late a timer comes: what this machine adds to every number that the other benchmarks print. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Benchmark, type Measurement, measure } from './measurement.ts';

const TIMES = 50;
/** As long as the pauses of the benchmarks that look again and again. Milliseconds. */
const DELAY = 5;

export const needs: Benchmark['needs'] = { programs: [], build: false };

export async function bench(): Promise<Measurement[]> {
  const late: number[] = [];
  for (let n = 0; n < TIMES; n += 1) {
    const start = performance.now();
    await sleep(DELAY);
    late.push(performance.now() - start - DELAY);
  }
  const names = { bench: 'clock', metric: `a timer of ${DELAY} ms comes late`, unit: 'ms' };
  return [measure({ ...names, note: 'nothing else runs in this process' }, late, null)];
}
