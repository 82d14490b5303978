import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // A browser on a busy machine may miss a beat; a real fault fails each time.
    retry: 2,
    include: ['tests/e2e/**/*.test.ts'],
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A file with its browser leaves a core half idle, and two cores are what is there.
    maxWorkers: 2,
  },
});
