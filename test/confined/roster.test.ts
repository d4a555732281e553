import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Roster } from '../../src/core/model/roster.ts';
import { GpgHome } from '../support/gpg-home.ts';
import { CANNOT, ConfinedConsole } from './confined-console.ts';

/** A roster that is really signed and adopted decides which policy file's commands are run. */
let gpg: GpgHome;
let console_: ConfinedConsole;
beforeEach(() => {
  gpg = new GpgHome();
  console_ = new ConfinedConsole();
  // Adopting a roster is recorded, so that the archive has to be a real one, with a key of its own.
  rmSync(join(console_.home, 'log.key'));
  console_.repository.write('a', '1').commit('first');
});
afterEach(async () => {
  await console_.close();
  gpg.remove();
});

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

async function adopt(policyDigest: string): Promise<void> {
  const key = gpg.key('Ada <ada@example.com>');
  const roster: Roster = {
    v: 1, roster: 'example', version: 1, expires: '2999-01-01T00:00:00Z', policy_digests: [policyDigest], thresholds: { admin: 1 }, consoles: [],
    people: [{
      id: 'ada', name: 'Ada', emails: ['ada@example.com'], roles: ['devops-lead'], status: 'active', deputies: [], phones: [], voice_codes: [],
      keys: [{ fingerprint: key, cert: readFileSync(gpg.export(key), 'utf8'), use: ['admin'], on: 'file' }],
    }],
  };
  const file = join(console_.folder.path, 'roster.json');
  writeFileSync(file, JSON.stringify(roster));
  gpg.gpg(['--yes', '--armor', '--detach-sign', '--local-user', key, '--output', `${file}.asc`, file]);
  const adopted = await console_.core.dispatch('roster.adopt', { file, digest: sha256(readFileSync(file)) }, { shell: 'test' });
  if (!adopted.ok) throw new Error(adopted.error.message);
}

describe.skipIf(CANNOT !== null)('a roster in force', () => {
  test('has the commands of the policy that it pins run, and what they leave is proved', async () => {
    console_.offer({ run: 'echo hello' });
    await adopt(sha256(readFileSync(console_.policy)));
    expect(await console_.list()).toMatchObject({ ok: true, value: { authority: 'proved', refusal: null } });
    const ran = await console_.attempt({ withoutRoster: false });
    expect(ran).toMatchObject({ ok: true, value: { authority: 'proved', exitCode: 0 } });
    const { folder } = (ran as { value: { folder: string } }).value;
    expect(readFileSync(join(folder, 'evidence-manifest.json'), 'utf8')).toContain('policy pinned by the roster in force');
  });

  test('has no command of another policy run, whatever is confirmed', async () => {
    console_.offer({ run: 'echo hello' });
    await adopt('a'.repeat(64));
    expect(await console_.list()).toMatchObject({ ok: true, value: { authority: null, refusal: { code: 'not-permitted' } } });
    expect(await console_.attempt({ withoutRoster: true })).toMatchObject({ ok: false, error: { code: 'not-permitted', message: expect.stringContaining('does not name') as string } });
    // Nor of the policy that came with the console, which this roster does not name either.
    const listed = await console_.core.dispatch('command.list', { repo: console_.repository.path, version: 'v1.0.0', policyFile: null }, { shell: 'test' });
    expect(listed).toMatchObject({ ok: true, value: { refusal: { code: 'not-permitted' } } });
  });
});
