import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import type { ReleaseDraft } from '../../src/core/model/release.ts';
import type { CheckId } from '../../src/core/model/verdict.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { GreenRelease } from './green-release.ts';
import { temporaryFolder } from './repository.ts';

/** Who sits at which console, each with a key in a file of their own data folder. */
const OWNERS = { rita: ['release-manager', 'devops', 'on-call'], tess: ['cto'], uma: ['qa'] } as const;
export type Owner = keyof typeof OWNERS;

export const PASSPHRASE = 'a passphrase for tests';
/** A window opens at 21:00 on this day. */
export const NOON = '2026-01-12T12:00:00Z';
export const WINDOW = '2026-01-12T21:30:00Z';

/** What is attested where the release is built; QA attests its own lines from its own console. */
const ATTESTED: readonly CheckId[] = ['monitoring-configured'];
const PASSED = '<testsuites><testsuite name="smoke" tests="2"><testcase name="a"/><testcase name="b"/></testsuite></testsuites>';
const CALENDAR = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//example//windows//EN', 'BEGIN:VEVENT', 'UID:window', 'SUMMARY:Maintenance window', 'DTSTART:20260105T210000Z', 'DTEND:20260106T010000Z', 'RRULE:FREQ=DAILY', 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');

/**
 * A release manager, a CTO and QA, each with a data folder, a log and a key of their own, who meet in one shared folder; and the console of the
 * build, which signed both versions. `v1.0.0` is in production; everything of `v1.1.0`, a major release, is green but what the three have to say.
 */
export class ThreeConsoles {
  readonly build = new GreenRelease();
  readonly shared = temporaryFolder('shared');
  readonly keys: Record<Owner, { readonly fingerprint: string; readonly file: string }>;
  readonly #cores = new Map<Owner, Core>();

  constructor() {
    this.keys = { rita: nobody, tess: nobody, uma: nobody };
  }

  get time(): string {
    return this.build.time;
  }

  set time(time: string) {
    this.build.time = time;
  }

  home(owner: Owner): string {
    return join(this.build.folder.path, `home-${owner}`);
  }

  /** A console's core, with nothing in front of it. */
  client(owner: Owner): Client {
    const core = this.#cores.get(owner) ?? compose({ shell: 'test', home: this.home(owner), now: () => new Date(this.time) });
    this.#cores.set(owner, core);
    return connect({ call: (name, input) => core.dispatch(name, input, { shell: 'test' }), listen: core.listen });
  }

  async prepare(): Promise<void> {
    const { build } = this;
    build.people.push({ id: 'cora', key: build.gpg.key('cora <cora@example.com>'), roles: ['compliance'] });
    build.consoles.push({ ...(await consoleOf(build.client)), owner: 'alan' });
    for (const [id, roles] of Object.entries(OWNERS) as [Owner, readonly string[]][]) {
      mkdirSync(this.home(id), { recursive: true });
      const { key } = await this.client(id).call('keys.create', { name: id, email: `${id}@example.com`, algorithm: 'ed25519', passphrase: PASSPHRASE, file: null });
      this.keys[id] = { fingerprint: key.fingerprint, file: key.file };
      build.people.push({ id, key: key.fingerprint, roles: [...roles], cert: (await this.client(id).call('keys.export', { key: key.file, out: null })).armored });
      build.consoles.push({ ...(await consoleOf(this.client(id))), owner: id });
    }
    await build.prepare(ATTESTED);
    await this.#attestForMajor();
    for (const [name, content] of [['passed.xml', PASSED], ['windows.ics', CALENDAR], ['production.env', 'DEBUG=False\nLOG_LEVEL=WARNING\n']] as const) writeFileSync(this.file(name), content);
    await this.#signBefore();
    const roster = this.file('roster.json');
    for (const owner of Object.keys(OWNERS) as Owner[]) await this.client(owner).call('roster.adopt', { file: roster, digest: createHash('sha256').update(readFileSync(roster)).digest('hex') });
    await this.#deployBefore();
  }

  file(name: string): string {
    return join(this.build.folder.path, name);
  }

  draft(): ReleaseDraft {
    return this.build.draft(undefined, ['major']);
  }

  by(owner: Owner): { readonly key: string; readonly passphrase: string } {
    return { key: this.keys[owner].file, passphrase: PASSPHRASE };
  }

  /** Every console brings its own and takes what the others brought. */
  async meet(...owners: readonly Owner[]): Promise<void> {
    const clients = [this.build.client, ...(owners.length === 0 ? (Object.keys(OWNERS) as Owner[]) : owners).map((owner) => this.client(owner))];
    for (const client of [...clients, ...clients]) {
      const { problems } = await client.call('sync.run', { url: this.shared.path, task: undefined });
      if (problems.length > 0) throw new Error(problems.map(({ origin, message }) => `${origin}: ${message}`).join(' '));
    }
  }

  async close(): Promise<void> {
    await this.closeCores();
    await this.build.close();
    this.shared.remove();
  }

  /** So that windows can open the same data folders. */
  async closeCores(): Promise<void> {
    for (const core of this.#cores.values()) await core.close();
    this.#cores.clear();
  }

  /** What a major release asks for besides (policy §3.3, §3.4). */
  async #attestForMajor(): Promise<void> {
    const { client, keys, people, repository } = this.build;
    const sign = (key: string, check: CheckId, files: readonly string[], details: Record<string, string>): Promise<unknown> =>
      client.call('statement.sign', { key, statement: { kind: 'line', repo: repository.path, release: 'v1.1.0', policyFile: null, check, statement: 'I looked at it.', files: [...files], details } });
    const report = this.file('penetration-test.txt');
    writeFileSync(report, 'Two findings, both mended.\n');
    await sign(keys.grace, 'penetration-test', [report], { firm: 'Example Testers', tested_on: '2026-01-05', retested_on: '2026-01-10' });
    await sign(people.find(({ id }) => id === 'cora')?.key ?? '', 'compliance-notified', [], {});
  }

  async #signBefore(): Promise<void> {
    const { client, keys, before } = this.build;
    mkdirSync(this.file('old'));
    writeFileSync(this.file('old/product.tar.gz'), Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), Buffer.alloc(90, 3)]));
    await client.call('signing.sign', { key: keys.alan, files: [this.file('old/product.tar.gz')], out: this.file('old'), release: { version: 'v1.0.0', commit: before }, replace: false, task: undefined });
  }

  async #deployBefore(): Promise<void> {
    await this.meet();
    const rita = this.client('rita');
    const doer = { ...this.by('rita'), as: null };
    const { deployment } = await rita.call('deployment.start', {
      draft: { ...this.build.draft([this.file('old')]), version: 'v1.0.0' }, environment: 'production', method: 'direct', doer, target: this.file('old'), configuration: null, unauthorised: 'Before this policy was in force.', task: undefined,
    });
    await rita.call('deployment.finish', { deployment: deployment.record, doer, smoke: [this.file('passed.xml')], regression: [this.file('passed.xml')], task: undefined });
  }
}

const nobody = { fingerprint: '', file: '' };

async function consoleOf(client: Client): Promise<{ readonly origin: string; readonly vkey: string }> {
  const { origin, vkey } = await client.call('console.status', {});
  return { origin, vkey };
}
