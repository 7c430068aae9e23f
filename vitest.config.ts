import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // A test that passes at the second try has found something.
    retry: 0,
    pool: 'forks',
    maxWorkers: 2,
  },
});
