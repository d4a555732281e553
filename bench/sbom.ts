import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The bill of materials of a lock file of 1,000 packages: the whole `countersign sbom` process against the whole
 * `cyclonedx-npm --package-lock-only` process, run in turn, the best run of each compared, with the package URLs of both.
 */
const PACKAGES = Number(process.argv[2] ?? 1_000);
const RUNS = Number(process.argv[3] ?? 5);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const ours = join(root, 'bin', 'countersign');
const theirs = join(root, 'node_modules', '@cyclonedx', 'cyclonedx-npm', 'bin', 'cyclonedx-npm-cli.js');

const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
try {
  const repository = join(folder, 'product');
  const home = join(folder, 'home');
  mkdirSync(repository);
  mkdirSync(home);
  const { manifest, lock } = realisticLock(PACKAGES);
  writeFileSync(join(repository, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(join(repository, 'package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`);
  const git = (...parts: string[]): unknown =>
    execFileSync('git', ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.org', '-c', 'commit.gpgsign=false', ...parts], { cwd: repository, stdio: 'pipe' });
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '-m', 'A product with its lock file');

  const environment = { ...process.env, COUNTERSIGN_HOME: home, npm_config_offline: 'true', npm_config_update_notifier: 'false' };
  const mine = join(folder, 'ours.json');
  const other = join(folder, 'theirs.json');
  const runOurs = (): number => milliseconds(ours, ['sbom', '--repo', repository, '-o', mine], repository, environment);
  const runTheirs = (): number =>
    milliseconds(process.execPath, [theirs, '--package-lock-only', '--spec-version', '1.6', '--output-file', other], repository, environment);
  runOurs();
  runTheirs();
  const times = Array.from({ length: RUNS }, () => ({ ours: runOurs(), theirs: runTheirs() }));
  const best = { ours: Math.min(...times.map((time) => time.ours)), theirs: Math.min(...times.map((time) => time.theirs)) };
  const purls = { ours: purlsOf(mine), theirs: purlsOf(other) };
  const missing = [...purls.theirs].filter((purl) => !purls.ours.has(purl));
  const added = [...purls.ours].filter((purl) => !purls.theirs.has(purl));

  console.log(`packages in the lock file   ${PACKAGES}`);
  console.log(`countersign sbom            ${best.ours.toFixed(0)} ms (best of ${RUNS})`);
  console.log(`cyclonedx-npm               ${best.theirs.toFixed(0)} ms (best of ${RUNS})`);
  console.log(`ratio                       ${(best.ours / best.theirs).toFixed(2)} (at most 0.50 is wanted)`);
  console.log(`package URLs                ${purls.ours.size} and ${purls.theirs.size}, ${missing.length + added.length === 0 ? 'the same set' : 'not the same set'}`);
  for (const purl of missing.slice(0, 5)) console.log(`  not in ours: ${purl}`);
  for (const purl of added.slice(0, 5)) console.log(`  only in ours: ${purl}`);
  process.exitCode = missing.length + added.length === 0 && best.ours <= best.theirs / 2 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function milliseconds(program: string, parts: readonly string[], cwd: string, env: NodeJS.ProcessEnv): number {
  const before = performance.now();
  execFileSync(program, parts, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  return performance.now() - before;
}

interface Listed {
  readonly purl?: string;
  readonly components?: readonly Listed[];
}

function purlsOf(file: string): Set<string> {
  const found = new Set<string>();
  const visit = ({ purl, components = [] }: Listed): void => {
    if (purl !== undefined) found.add(purl);
    for (const inner of components) visit(inner);
  };
  for (const component of (JSON.parse(readFileSync(file, 'utf8')) as { components: Listed[] }).components) visit(component);
  return found;
}

type Entry = Record<string, unknown>;

/** A tree as npm writes it: most packages at the top, some nested in two versions, scopes, aliases, bundles, dev and optional ones. */
function realisticLock(count: number): { manifest: Entry; lock: Entry } {
  const packages: Record<string, Entry> = {};
  const direct: Record<string, string> = {};
  const development: Record<string, string> = {};
  const names = Array.from({ length: count }, (_, at) => (at % 6 === 0 ? `@scope-${at % 30}/part-${at}` : `package-${at}`));
  const licences = ['MIT', 'ISC', 'Apache-2.0', 'BSD-3-Clause', '(MIT OR Apache-2.0)', 'SEE LICENSE IN LICENSE.md'];
  const versionOf = (at: number): string => `${1 + (at % 7)}.${at % 13}.${at % 29}${at % 97 === 0 ? '-rc.1' : ''}`;
  const wanted: Record<string, string>[] = names.map(() => ({}));
  for (const [at, name] of names.entries()) {
    // A parent has a lower number, so that the tree has no loops; the first ones are direct.
    if (at < 20) (at % 3 === 2 ? development : direct)[name] = `^${versionOf(at)}`;
    else {
      const parent = wanted[Math.floor((at * 7919) % Math.floor(at / 2))];
      if (parent !== undefined) parent[name] = `^${versionOf(at)}`;
    }
  }
  // What only development leads to is marked so, as npm does.
  const production = new Set<string>();
  const visit = (name: string): void => {
    if (production.has(name)) return;
    production.add(name);
    for (const next of Object.keys(wanted[names.indexOf(name)] ?? {})) visit(next);
  };
  for (const name of Object.keys(direct)) visit(name);
  for (const [at, name] of names.entries()) {
    const alias = at % 50 === 49 && at >= 20;
    const real = alias ? `${name}-renamed` : name;
    const dependencies = wanted[at] ?? {};
    packages[`node_modules/${name}`] = {
      ...(alias ? { name: real } : {}),
      version: versionOf(at),
      // As where npm is told to leave out its own registry; the others are of a registry and repositories elsewhere.
      ...(at % 100 === 33 ? { resolved: `git+ssh://git@example.org/${real}.git#${digest('sha1', real, 'hex')}` } : {}),
      ...(at % 10 === 4 ? { resolved: `https://npm.example.org/${real}/-/${real.split('/').at(-1) ?? real}-${versionOf(at)}.tgz` } : {}),
      ...(at % 100 === 33 ? {} : { integrity: `sha512-${digest('sha512', `${real}${at}`, 'base64')}` }),
      ...(production.has(name) ? {} : { dev: true }),
      license: licences[at % licences.length],
      ...(Object.keys(dependencies).length === 0 ? {} : { dependencies }),
      engines: { node: '>=18' },
    };
  }
  return {
    manifest: { name: 'product', version: '1.2.3', private: true, license: 'MIT', dependencies: direct, devDependencies: development },
    lock: {
      name: 'product', version: '1.2.3', lockfileVersion: 3, requires: true,
      packages: { '': { name: 'product', version: '1.2.3', license: 'MIT', dependencies: direct, devDependencies: development }, ...packages },
    },
  };
}

function digest(algorithm: 'sha1' | 'sha512', text: string, encoding: 'hex' | 'base64'): string {
  return createHash(algorithm).update(text).digest(encoding);
}
