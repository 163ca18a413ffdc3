import { defineConfig } from 'vitest/config';

// The Playground in Chromium: one after another, since they share the ports and the screen.
export default defineConfig({
  test: {
    include: ['tests/browser/*.browser.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    passWithNoTests: false,
    allowOnly: false,
  },
});
