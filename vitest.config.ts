import { defineConfig } from 'vitest/config';

const endToEnd = ['tests/end-to-end/**/*.test.{ts,tsx}'];

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    environment: 'node',
    // Nothing may hide in a retry: a test that fails now and then shows a race.
    retry: 0,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.{ts,tsx}'],
          exclude: endToEnd,
          testTimeout: 20_000,
          hookTimeout: 30_000,
          // Some tests start servers of their own; more at once than this, and deadlines measure the machine.
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'end-to-end',
          include: endToEnd,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // A browser, a bridge and a mail server together fill a small machine: one file at a time, after the rest.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
