// Which tests run, in how many processes, and how long each may take.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['sensor/**/*.test.ts', 'aggregator/**/*.test.ts', 'test/**/*.test.ts'],
    pool: 'forks',
    // The slow files wait for programs that they started: a core left free for the runner would idle.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
