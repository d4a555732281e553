import { join } from 'node:path';
import { defineConfig } from 'electron-vite';
import renderer from './vite.config.ts';

/** Builds the Electron shell; the window itself is built by the same configuration as for the Chromium shell. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: {
        input: {
          'main': join(import.meta.dirname, 'src/main/electron/main.ts'),
          'hash-worker': join(import.meta.dirname, 'src/main/adapters/hash-worker.ts'),
          'keyring-worker': join(import.meta.dirname, 'src/main/adapters/keystore/keyring-worker.ts'),
          'verify-worker': join(import.meta.dirname, 'src/main/adapters/sqlite/verify-worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rollupOptions: { input: { preload: join(import.meta.dirname, 'src/preload/preload.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer,
});
