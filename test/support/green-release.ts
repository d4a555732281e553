import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type Client } from '../../src/core/contract/connect.ts';
import type { Assessment } from '../../src/core/contract/contract.ts';
import type { ReleaseType } from '../../src/core/model/primitives.ts';
import type { ReleaseDraft } from '../../src/core/model/release.ts';
import type { Roster } from '../../src/core/model/roster.ts';
import type { CheckId } from '../../src/core/model/verdict.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { GpgHome } from './gpg-home.ts';
import { temporaryFolder, TestRepository } from './repository.ts';

const POLICY = join(import.meta.dirname, '../../resources/policies/gq-ssdlc-008.yaml');
const NOW = '2026-01-12T12:00:00Z';
const VERSION = 'v1.1.0';

/** Lines that somebody attests for a minor release. */
const ATTESTED: readonly CheckId[] = [
  'monitoring-configured', 'deployment-scheduled', 'rollback-plan', 'qa-automated-checks', 'qa-release-notes', 'qa-changelog', 'qa-api-documentation', 'qa-staging-tested', 'qa-no-critical-issues',
];

const NAMES = ['grace', 'alan', 'quinn', 'cleo', 'ines', 'ada'] as const;
type Name = (typeof NAMES)[number];

/** A real release with everything that the policy asks of it: repository, reports, exports, signatures, people. */
export class GreenRelease {
  readonly folder = temporaryFolder('green');
  readonly gpg = new GpgHome('2026-01-01T00:00:00Z');
  readonly repository: TestRepository;
  readonly outputs: string;
  readonly commit: string;
  readonly core: Core;
  readonly client: Client;
  readonly keys: Readonly<Record<Name, string>>;
  /** The commit of the last release. */
  readonly before: string;

  /** Other consoles that the roster names; added to before `prepare`. */
  readonly consoles: Roster['consoles'][number][] = [];
  /** Other people that the roster names, by the roles that they have; added to before `prepare`. */
  readonly people: { readonly id: string; readonly key: string; readonly roles: string[]; /** Where gpg does not hold it. */ readonly cert?: string; readonly phones?: string[]; readonly codes?: Roster['people'][number]['voice_codes'] }[] = [];
  /** Other policy files that the roster names; added to before `prepare`. */
  readonly policies: string[] = [];
  /** What time it is for the console. */
  time = NOW;

  constructor() {
    this.keys = Object.fromEntries(NAMES.map((name) => [name, this.gpg.key(`${name} <${name}@example.com>`)])) as Record<Name, string>;
    this.repository = new TestRepository(join(this.folder.path, 'product'));
    const { repository } = this;
    repository.write('package.json', JSON.stringify({ name: 'product', version: '1.0.0' })).write('package-lock.json', lockOf('1.0.0')).write('src/index.js', 'export const one = 1;\n');
    this.before = repository.write('secrets-inventory.yml', 'v: 1\nsecrets:\n  - { name: DATABASE_PASSWORD, rotated: 2025-12-20 }\n').write('openapi.yaml', apiOf('1.0.0', '')).commit('first');
    repository.git('tag', 'v1.0.0');
    this.commit = repository.write('package-lock.json', lockOf('1.1.0')).write('src/index.js', 'export const two = 2;\n').write('openapi.yaml', apiOf('1.1.0', '  /prices:\n    get: { responses: { "200": { description: all of them } } }\n'))
      .write('CHANGELOG.md', '# Changelog\n\n## [1.1.0] - 2026-01-11\n\n### Added\n\n- Prices.\n').write('RELEASE_NOTES.md', '## 1.1.0\n\nPrices are there now, and everybody who uses the product can ask for all of them at once.\n').commit('Add prices (#12)');
    repository.git('tag', VERSION);
    this.outputs = join(this.folder.path, 'outputs');
    this.core = compose({ shell: 'test', home: join(this.folder.path, 'home'), now: () => new Date(this.time) });
    this.client = connect({ call: (name, input) => this.core.dispatch(name, input, { shell: 'test' }), listen: this.core.listen });
  }

  /** `attested`: the lines that somebody attests. */
  async prepare(attested: readonly CheckId[] = ATTESTED): Promise<void> {
    this.#writeReports();
    mkdirSync(join(this.outputs, 'release'), { recursive: true });
    writeFileSync(join(this.outputs, 'release', 'product.tar.gz'), Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), Buffer.alloc(100, 7)]));
    await this.client.call('sbom.generate', { repo: this.repository.path, out: join(this.outputs, 'sbom.json'), commit: null, task: undefined });
    await this.client.call('signing.sign', {
      key: this.keys.alan, files: [join(this.outputs, 'release', 'product.tar.gz')], out: join(this.outputs, 'release'), release: { version: VERSION, commit: this.commit }, replace: false, task: undefined,
    });
    cpSync(join(this.outputs, 'release'), join(this.outputs, 'read-back'), { recursive: true });
    await this.bind(this.outputs, this.commit);
    // The figures of the last release are bound to its commit, by a manifest of their own.
    const baseline = join(this.folder.path, 'baseline');
    mkdirSync(baseline);
    writeFileSync(join(baseline, 'hyperfine.json'), hyperfineOf(0.102));
    await this.bind(baseline, this.before);
    await this.#adoptRoster();
    for (const check of attested) await this.attest(check);
  }

  get baseline(): string {
    return join(this.folder.path, 'baseline');
  }

  async bind(folder: string, commit: string): Promise<void> {
    await this.client.call('evidence.writeManifest', { directory: folder, commit, run: 'ci://42', task: undefined });
  }

  async attest(check: CheckId): Promise<void> {
    const key = check === 'monitoring-configured' || check === 'deployment-scheduled' || check === 'rollback-plan' ? this.keys.grace : this.keys.quinn;
    await this.client.call('statement.sign', { key, statement: { kind: 'line', repo: this.repository.path, release: VERSION, policyFile: null, check, statement: 'I looked at it.', files: [], details: {} }, task: undefined });
  }

  draft(outputs: readonly string[] = [this.outputs, this.baseline], declared: readonly ReleaseType[] = []): ReleaseDraft {
    return { version: VERSION, declared: [...declared], repo: this.repository.path, outputs: [...outputs], since: null, policyFile: null };
  }

  judge(outputs?: readonly string[], declared?: readonly ReleaseType[]): Promise<Assessment> {
    return this.client.call('release.evaluate', { draft: this.draft(outputs, declared), at: null, record: false, task: undefined });
  }

  async close(): Promise<void> {
    await this.core.close();
    this.gpg.remove();
    this.folder.remove();
  }

  #writeReports(): void {
    const write = (path: string, content: unknown): void => {
      mkdirSync(join(this.outputs, path, '..'), { recursive: true });
      writeFileSync(join(this.outputs, path), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    };
    for (const suite of ['unit', 'integration', 'e2e', 'regression']) {
      write(`reports/${suite}.xml`, `<testsuites><testsuite name="test/${suite}/prices" tests="2"><testcase classname="test/${suite}/prices" name="one"/><testcase classname="test/${suite}/prices" name="two"/></testsuite></testsuites>`);
    }
    write('reports/coverage-summary.json', { total: { lines: { total: 100, covered: 91, skipped: 0, pct: 91 }, statements: { total: 100, covered: 91, skipped: 0, pct: 91 }, functions: { total: 1, covered: 1, skipped: 0, pct: 100 }, branches: { total: 10, covered: 9, skipped: 0, pct: 90 } } });
    write('reports/eslint.json', [{ filePath: 'src/index.js', messages: [], errorCount: 0, warningCount: 0 }]);
    write('reports/npm-audit.json', { auditReportVersion: 2, vulnerabilities: {}, metadata: { vulnerabilities: {}, dependencies: { prod: 1, total: 1 } } });
    write('reports/zap.json', { '@version': '2.16.1', '@generated': 'Sun, 11 Jan 2026 10:00:00', site: [{ '@name': 'https://staging.example.com', alerts: [{ pluginid: '10021', alert: 'X-Content-Type-Options', riskcode: '1', confidence: '2', instances: [] }] }] });
    write('reports/hyperfine.json', hyperfineOf(0.1));
    write('forge/pulls.json', [{
      number: 12, title: 'Add prices', url: 'https://github.com/example/product/pull/12', state: 'MERGED', author: { login: 'ada', is_bot: false }, baseRefName: 'main', headRefOid: 'e'.repeat(40), mergeCommit: { oid: this.commit },
      mergedBy: { login: 'grace', is_bot: false }, mergedAt: '2026-01-11T10:00:00Z', commits: [{ oid: 'e'.repeat(40), committedDate: '2026-01-11T08:00:00Z', authors: [{ login: 'ada', email: 'ada@example.com', name: 'Ada Example' }] }],
      reviews: [{ author: { login: 'grace' }, state: 'APPROVED', submittedAt: '2026-01-11T09:00:00Z', commit: { oid: 'e'.repeat(40) } }],
    }]);
    write('forge/threads.json', { data: { repository: { pullRequests: { nodes: [{ number: 12, title: 'Add prices', url: 'https://github.com/example/product/pull/12', headRefOid: 'e'.repeat(40), reviewThreads: { totalCount: 1, nodes: [{ isResolved: true }] } }] } } } });
  }

  /** The roster that `prepare` takes, to be changed into the next. */
  get roster(): Roster {
    const person = (id: Name, roles: string[], use: Roster['people'][number]['keys'][number]['use'], emails: string[]): Roster['people'][number] => ({
      id, name: id, emails, roles, status: 'active', deputies: [], phones: [], voice_codes: [], keys: [{ fingerprint: this.keys[id], cert: readFileSync(this.gpg.export(this.keys[id]), 'utf8'), use, on: 'file' }],
    });
    return {
      v: 1, roster: 'example', version: 1, expires: '2999-01-01T00:00:00Z', policy_digests: [POLICY, ...this.policies].map((path) => sha256(readFileSync(path))), thresholds: { admin: 1 }, consoles: [...this.consoles],
      people: [
        person('grace', ['security-architect', 'devops-lead'], ['approve', 'admin'], ['grace@example.com', 'grace@users.noreply.github.com']),
        person('alan', ['release-manager'], ['release'], ['alan@example.com']), person('quinn', ['qa'], ['approve'], ['quinn@example.com']),
        person('cleo', ['cto', 'ciso'], ['approve'], ['cleo@example.com']), person('ines', ['ciso'], ['approve'], ['ines@example.com']),
        // Test commits are by this address.
        person('ada', ['ciso'], ['approve'], ['ada@example.com']),
        ...this.people.map(({ id, key, roles, cert, phones = [], codes = [] }): Roster['people'][number] => ({
          id, name: id, emails: [`${id}@example.com`], roles, status: 'active', deputies: [], phones, voice_codes: codes, keys: [{ fingerprint: key, cert: cert ?? readFileSync(this.gpg.export(key), 'utf8'), use: ['approve'], on: 'file' }],
        })),
      ],
    };
  }

  async #adoptRoster(): Promise<void> {
    const file = join(this.folder.path, 'roster.json');
    writeFileSync(file, JSON.stringify(this.roster));
    this.gpg.gpg(['--armor', '--detach-sign', '--local-user', this.keys.grace, '--output', `${file}.asc`, file]);
    await this.client.call('roster.adopt', { file, digest: sha256(readFileSync(file)) });
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function lockOf(version: string): string {
  const left = { version: '1.0.0', resolved: 'https://registry.example.com/left-1.0.0.tgz', integrity: `sha512-${Buffer.alloc(64, 1).toString('base64')}`, license: 'MIT' };
  return JSON.stringify({ name: 'product', version, lockfileVersion: 3, requires: true, packages: { '': { name: 'product', version, dependencies: { left: '1.0.0' } }, 'node_modules/left': left } });
}

function apiOf(version: string, more: string): string {
  return `openapi: 3.1.0\ninfo: { title: Product, version: ${version} }\npaths:\n  /health:\n    get: { responses: { "200": { description: it runs } } }\n${more}`;
}

function hyperfineOf(mean: number): string {
  return JSON.stringify({ results: [{ command: 'node src/index.js', mean, stddev: 0.002, median: mean, min: mean, max: mean, times: [mean, mean, mean, mean] }] });
}
