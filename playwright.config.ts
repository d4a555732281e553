import { defineConfig } from '@playwright/test';
import type { ShellOptions } from './test/e2e/console.ts';

// No test ever asks the keyring of whoever runs it.
process.env['COUNTERSIGN_KEYRING'] = 'off';

/** One suite over both shells; Electron's is skipped, and says so, where its binary is not installed. */
export default defineConfig<ShellOptions>({
  testDir: 'test/e2e',
  outputDir: 'test-results/e2e',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  // Each file opens windows of its own over cores of its own, and waits a third of its time: two at once.
  workers: 2,
  forbidOnly: true,
  retries: 0,
  reporter: 'list',
  projects: [
    { name: 'chromium', use: { shell: 'chromium' } },
    { name: 'electron', use: { shell: 'electron' } },
  ],
});
