import { expect, it } from 'vitest';
import { measure, percentile, table } from '../../bench/measurement.ts';

it('percentiles are values that were measured (nearest rank)', () => {
  const values = Array.from({ length: 20 }, (_, at) => 20 - at);
  expect([0, 0.5, 0.95, 1].map((part) => percentile(values, part))).toEqual([1, 10, 19, 20]);
  expect(percentile([7], 0.95)).toBe(7);
  expect(() => percentile([], 0.5)).toThrow(RangeError);
});

it('sums up with the reference beside it, and prints a line each', () => {
  const names = { bench: 'b', metric: 'way', unit: 'ms', note: '' };
  const measured = measure(names, [3.14, 1, 2], { name: 'raw', values: [1, 1] });
  expect(measured).toMatchObject({
    n: 3,
    p50: 2,
    p95: 3.1,
    min: 1,
    max: 3.1,
    reference: { name: 'raw', p50: 1, p95: 1 },
  });
  expect(table([measured]).split('\n')).toHaveLength(2);
  expect(table([measured])).toContain('raw: 1 / 1');
});
