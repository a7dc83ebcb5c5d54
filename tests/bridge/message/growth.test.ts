import { expect, it } from 'vitest';
import { growth, LINEAR } from './growth.ts';

const size = (length: number) => length;

it('tells work that grows with its input from work that grows with its square', () => {
  const linear = (length: number) => {
    let sum = 0;
    for (let n = 0; n < 2000 * length; n += 1) sum = (sum + n) % 7;
    return sum;
  };
  const quadratic = (length: number) => {
    let sum = 0;
    for (let n = 0; n < length * length; n += 1) sum = (sum + n) % 7;
    return sum;
  };
  expect(growth(4000, size, linear)).toBeLessThan(LINEAR);
  expect(growth(4000, size, () => 1)).toBeLessThan(LINEAR);
  expect(growth(4000, size, quadratic)).toBeGreaterThan(LINEAR);
});
