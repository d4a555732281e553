import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/e2e/**', 'node_modules/**', 'demo-output/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
