import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The window is plain files under one folder: no inline script, no data URL, so that the strict CSP holds. */
export default defineConfig({
  root: 'src/renderer',
  base: './',
  publicDir: '../../resources/icons',
  plugins: [react()],
  build: {
    outDir: '../../out/renderer',
    emptyOutDir: true,
    target: 'chrome124',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    sourcemap: false,
  },
});
