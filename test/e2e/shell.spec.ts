import { expect, test } from './console.ts';

const CALL = '__countersignCall';

test.describe('the window is shut to everything but itself', () => {
  test.beforeEach(({ shell }) => test.skip(shell !== 'chromium', 'The Electron shell is driven against a stub in test/electron.'));

  test('a call is answered in an envelope, and a bad one refused', async ({ open }) => {
    const { page } = await open();
    const call = (name: string, input: unknown): Promise<unknown> =>
      page.evaluate(([called, given]) => (window as unknown as { countersign: { call: (name: unknown, input: unknown) => Promise<unknown> } }).countersign.call(called, given), [name, input]);
    expect(await call('settings.read', {})).toMatchObject({ ok: true, value: { appearance: 'system' } });
    expect(await call('settings.read', { more: 1 })).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    expect(await call('toString', {})).toMatchObject({ ok: false, error: { code: 'unknown-call' } });
    expect(await call('evidence.list', { directory: '/nowhere', policyFile: null })).toMatchObject({ ok: false, error: { code: 'not-found', details: { path: '/nowhere' } } });
  });

  test('a frame inside the page reaches nothing', async ({ open }) => {
    const { page } = await open();
    const answer = await page.evaluate(async (binding) => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const inside = frame.contentWindow as unknown as Record<string, unknown> | null;
      const bridge = inside?.['countersign'];
      const call = inside?.[binding] as ((name: string, input: unknown) => Promise<unknown>) | undefined;
      return { bridge: bridge === undefined, answer: call === undefined ? null : await call('settings.read', {}) };
    }, CALL);
    expect(answer.bridge).toBe(true);
    if (answer.answer !== null) expect(answer.answer).toMatchObject({ ok: false, error: { code: 'not-permitted' } });
  });

  test('nothing else is fetched, and no window opens', async ({ open }) => {
    const { page } = await open();
    const outcome = await page.evaluate(async () => {
      const reach = async (url: string): Promise<string> => fetch(url, { mode: 'no-cors' }).then(() => 'reached', () => 'refused');
      const image = (url: string): Promise<string> =>
        new Promise((resolve) => {
          const element = new Image();
          element.onload = () => resolve('reached');
          element.onerror = () => resolve('refused');
          element.src = url;
        });
      window.open('https://example.com/');
      return [await reach('https://example.com/'), await reach('https://console.invalid/../package.json'), await image('https://example.com/a.png'), await image('file:///etc/hostname')];
    });
    expect(outcome).toEqual(['refused', 'refused', 'refused', 'refused']);
    await expect.poll(() => page.context().pages().length).toBe(1);
  });

  test('a page that leaves its origin is closed', async ({ open }) => {
    const { page } = await open();
    const closed = page.waitForEvent('close');
    await page.evaluate(() => {
      location.href = 'about:blank';
    }).catch(() => undefined);
    await closed;
  });

  test('paths of chosen files travel, bytes do not', async ({ open, sample }) => {
    const { page } = await open();
    await page.evaluate(() => {
      const input = document.createElement('input');
      input.type = 'file';
      input.multiple = true;
      input.id = 'chosen';
      document.body.append(input);
    });
    const files = [`${sample.repository}/README.md`, sample.keyring];
    await page.locator('#chosen').setInputFiles(files);
    const paths = await page.evaluate(() =>
      (window as unknown as { countersign: { pathsOf: (files: unknown[]) => Promise<string[]> } }).countersign.pathsOf([...((document.querySelector('#chosen') as HTMLInputElement).files ?? [])]),
    );
    expect(paths).toEqual(files);
  });

  test('strict policy headers come with every file', async ({ open }) => {
    const { page } = await open();
    const answer = await page.reload();
    expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'");
  });
});
