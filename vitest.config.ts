import { defineConfig } from 'vitest/config';

/** `npm run test:long` sets this: minutes instead of seconds, so apart from the everyday run. */
const long = process.env['LETTERBOX_LONG'] === '1';

const everyday = ['tests/**/*.test.{ts,tsx}'];
const endToEnd = ['tests/end-to-end/**/*.test.{ts,tsx}'];

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    environment: 'node',
    passWithNoTests: long,
    // Nothing may hide in a retry: a test that fails now and then shows a race.
    retry: 0,
    projects: long
      ? [
          {
            extends: true,
            test: { name: 'long', include: ['tests/**/*.long.ts'], testTimeout: 600_000, maxWorkers: 1 },
          },
        ]
      : [
          {
            extends: true,
            test: {
              name: 'unit',
              include: everyday,
              exclude: endToEnd,
              testTimeout: 20_000,
              hookTimeout: 30_000,
              // Some tests start servers of their own; more at once than this and deadlines measure the machine.
              maxWorkers: 2,
            },
          },
          {
            extends: true,
            test: {
              name: 'end-to-end',
              include: endToEnd,
              // A browser, a bridge and a mail server together fill a small machine.
              testTimeout: 120_000,
              hookTimeout: 120_000,
              fileParallelism: false,
              sequence: { groupOrder: 1 },
            },
          },
        ],
  },
});
