import { defineConfig } from 'vitest/config';

/** `npm run test:long`: tests that take minutes, so apart from the everyday run. */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    include: ['tests/**/*.long.ts'],
    environment: 'node',
    passWithNoTests: true,
    retry: 0,
    testTimeout: 600_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
