import { buildWindow } from '../src/main/prepare.ts';

/** Builds the window for the Chromium shell, if its sources have changed. */
await buildWindow();
