import { join } from 'node:path';
import { openWindow } from '../../src/main/chromium/window.ts';
import { compose } from '../../src/main/compose.ts';

/** A session in the window, headless: looks at every screen, reads the archive, and leaves. Run by the tests as a program of its own. */
const home = process.argv[2];
if (home === undefined) throw new Error('Name a folder for the console’s data');
const core = compose({ shell: 'chromium', home: join(home, 'console') });
const { page, close } = await openWindow(core, { headless: true, viewport: { width: 1280, height: 800 } });
for (const route of ['home', 'releases', 'release/new', 'archive', 'verify', 'settings']) {
  await page.goto(`https://console.invalid/#/${route}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
}
await page.evaluate(() => (window as unknown as { countersign: { call: (name: string, input: unknown) => Promise<unknown> } }).countersign.call('archive.verify', { from: null, vkeys: [] }));
process.stdout.write('the window was opened\n');
await close();
await core.close();
