import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/e2e/**', 'node_modules/**', 'demo-output/**'],
    // No test ever asks the keyring of whoever runs it; the one that is about it brings its own.
    env: { COUNTERSIGN_KEYRING: 'off' },
    // Both processors of a small machine: most files wait for other programs much of their time.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
