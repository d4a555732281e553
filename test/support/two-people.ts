import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../../src/core/contract/connect.ts';
import type { Roster } from '../../src/core/model/roster.ts';
import { compose } from '../../src/main/compose.ts';
import { GpgHome } from './gpg-home.ts';
import { temporaryFolder } from './repository.ts';

const POLICY = join(import.meta.dirname, '../../resources/policies/gq-ssdlc-008.yaml');

type Id = 'quinn' | 'grace';
const PEOPLE: Readonly<Record<Id, { readonly name: string; readonly roles: string[]; readonly use: Roster['people'][number]['keys'][number]['use'] }>> = {
  quinn: { name: 'Quinn Tester', roles: ['qa'], use: ['approve'] },
  grace: { name: 'Grace Architect', roles: ['security-architect', 'devops-lead'], use: ['approve', 'admin'] },
};

export const PASSPHRASE = 'a passphrase for tests';

/**
 * A data folder with two people whose keys lie in files of it, one whose key gpg holds (`ines`), one who left, and the roster that names
 * them, which nobody took yet. `iris`, whose key gpg holds too, is not in the roster.
 */
export class TwoPeople {
  readonly folder = temporaryFolder('people');
  readonly gpg = new GpgHome();
  readonly home = join(this.folder.path, 'home');
  readonly rosterFile = join(this.folder.path, 'roster-1.json');
  readonly files: Record<string, string> = {};
  readonly prints: Record<string, string> = {};
  digest = '';
  roster: Roster | null = null;

  async prepare(): Promise<void> {
    mkdirSync(this.home, { recursive: true });
    const core = compose({ shell: 'test', home: this.home });
    const client = connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen });
    const certs: Record<string, string> = {};
    for (const id of ['quinn', 'grace', 'leo']) {
      const { key } = await client.call('keys.create', { name: id, email: `${id}@example.com`, algorithm: 'ed25519', passphrase: PASSPHRASE, file: null });
      this.files[id] = key.file;
      this.prints[id] = key.fingerprint;
      certs[id] = (await client.call('keys.export', { key: key.file, out: null })).armored;
    }
    for (const id of ['iris', 'ines']) this.prints[id] = this.gpg.key(`${id} <${id}@example.com>`);
    certs['ines'] = readFileSync(this.gpg.export(this.prints['ines'] ?? ''), 'utf8');
    const person = (id: string, name: string, roles: string[], use: Roster['people'][number]['keys'][number]['use'], status: 'active' | 'left' = 'active'): Roster['people'][number] => ({
      id, name, emails: [`${id}@example.com`], roles, status, deputies: [], phones: [], voice_codes: [], keys: [{ fingerprint: this.prints[id] ?? '', cert: certs[id] ?? '', use, on: 'file' }],
    });
    const { origin, vkey } = await client.call('console.status', {});
    this.roster = {
      v: 1, roster: 'example', version: 1, expires: '2999-01-01T00:00:00Z', policy_digests: [createHash('sha256').update(readFileSync(POLICY)).digest('hex')], thresholds: { admin: 1 },
      consoles: [{ origin, vkey, owner: 'quinn' }],
      people: [...Object.entries(PEOPLE).map(([id, { name, roles, use }]) => person(id, name, roles, use)), person('ines', 'Inés Núñez', ['ciso'], ['approve']), person('leo', 'Leo Gone', ['qa'], ['approve'], 'left')],
    };
    writeFileSync(join(this.folder.path, 'draft.json'), JSON.stringify(this.roster));
    const proposed = await client.call('roster.propose', { file: join(this.folder.path, 'draft.json'), changes: {}, out: this.rosterFile });
    this.digest = proposed.digest;
    await client.call('roster.sign', { file: this.rosterFile, key: this.files['grace'] ?? '', passphrase: PASSPHRASE });
    await core.close();
  }

  async adopt(): Promise<void> {
    const core = compose({ shell: 'test', home: this.home });
    const answer = await core.dispatch('roster.adopt', { file: this.rosterFile, digest: this.digest }, { shell: 'test' });
    if (!answer.ok) throw new Error(answer.error.message);
    await core.close();
  }

  remove(): void {
    this.gpg.remove();
    this.folder.remove();
  }
}
