import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/browser/**', '**/node_modules/**'],
    environment: 'node',
    // Forked processes: node:sqlite, sockets and child processes behave as they do in production.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
  },
});
