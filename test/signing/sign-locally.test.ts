import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import type { Input, Output } from '../../src/core/contract/types.ts';
import type { AppError } from '../../src/core/model/errors.ts';
import { createLocalKeys } from '../../src/main/adapters/local-keys/local-keys.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { GpgHome } from '../support/gpg-home.ts';
import { temporaryFolder } from '../support/repository.ts';

const PASSPHRASE = 'correct horse battery staple';
const ALGORITHMS = ['ed25519', 'rsa4096'] as const;

/** A home of gpg's that holds nobody's secret: it only verifies. */
let gpg: GpgHome;
let folder: ReturnType<typeof temporaryFolder>;
let core: Core;
let client: Client;
const files = new Map<string, { readonly file: string; readonly fingerprint: string; readonly keyring: string }>();
let kept: ReturnType<typeof temporaryFolder>;

beforeAll(async () => {
  gpg = new GpgHome();
  kept = temporaryFolder('local-keys');
  const keys = createLocalKeys(join(kept.path, 'keys'), () => new Date());
  for (const algorithm of ALGORITHMS) {
    const { key } = await keys.create({ name: 'Release', email: 'release@example.com', algorithm, days: 365, passphrase: PASSPHRASE, file: null });
    const keyring = join(kept.path, `${algorithm}.pgp`);
    writeFileSync(keyring, await keys.certificate(key.file));
    gpg.gpg(['--import', keyring]);
    files.set(algorithm, { file: key.file, fingerprint: key.fingerprint, keyring });
  }
}, 120_000);
afterAll(() => {
  gpg.remove();
  kept.remove();
});
beforeEach(() => {
  folder = temporaryFolder('sign-locally');
  core = compose({ shell: 'test', home: join(folder.path, 'home') });
  client = connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen });
  mkdirSync(at('build'));
  for (const name of ['a.zip', 'b.zip']) writeFileSync(at('build', name), Buffer.alloc(3 * 1024 * 1024 + 5, name));
});
afterEach(async () => {
  await core.close();
  folder.remove();
});

const at = (...parts: readonly string[]): string => join(folder.path, ...parts);
const keyOf = (algorithm: string): { readonly file: string; readonly fingerprint: string; readonly keyring: string } => files.get(algorithm) ?? { file: '', fingerprint: '', keyring: '' };
const sign = (algorithm: string, more: Partial<Input<'signing.sign'>> = {}): Promise<Output<'signing.sign'>> =>
  client.call('signing.sign', { local: { file: keyOf(algorithm).file, passphrase: PASSPHRASE }, files: [at('build/a.zip'), at('build/b.zip')], out: at('release'), release: null, replace: false, ...more });

describe.each(ALGORITHMS)('a local %s key', (algorithm) => {
  test.each(['each', 'manifest'] as const)('signs a release that gpg and this program accept (%s)', async (cover) => {
    const { fingerprint, keyring } = keyOf(algorithm);
    const signed = await sign(algorithm, { cover });
    expect(signed.key).toBe(fingerprint);
    execFileSync('bash', ['-euc', signed.commands.join('\n')], { stdio: 'pipe' });
    for (const name of ['a.zip', 'b.zip']) {
      expect(await client.call('signing.verify', { artifact: at('release', name), signature: null, keyring, signers: [fingerprint] })).toMatchObject({ verdict: 'good', when_made: 'good', today: 'good', problems: [] });
    }
  });
});

test('a wrong passphrase signs nothing, leaves nothing, and stands in no file', async () => {
  const wrong = 'a passphrase that nobody chose';
  const error: AppError = await sign('ed25519', { local: { file: keyOf('ed25519').file, passphrase: wrong } }).then(() => Promise.reject(new Error('It did not fail')), (cause: AppError) => cause);
  expect(error).toMatchObject({ code: 'pin-failed' });
  expect(JSON.stringify({ ...error, message: error.message })).not.toContain(wrong);
  await sign('ed25519', { out: at('other') });
  for (const file of readdirSync(at('home'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
    const text = readFileSync(join(file.parentPath, file.name), 'latin1');
    expect(text.includes(wrong) || text.includes(PASSPHRASE), file.name).toBe(false);
  }
});

test('somebody has to sign', async () => {
  const { local: _local, ...nobody } = { local: null, files: [at('build/a.zip')], out: at('release'), release: null, replace: false };
  await expect(client.call('signing.sign', nobody)).rejects.toMatchObject({ code: 'bad-input' });
});
