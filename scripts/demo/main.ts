import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Output } from '../../src/core/contract/types.ts';
import type { CheckReport } from '../../src/core/model/verdict.ts';
import type { Verification } from '../../src/core/model/verification.ts';
import { makeSampleOutputs } from './sample-outputs.ts';
import { makeSampleRepository } from './sample-repository.ts';
import { writeSummary } from './summary.ts';

/** `npm run demo`: the main job end to end, on a sample, by the same command line that a user has. */
const ROOT = join(import.meta.dirname, '../..');
const OUT = join(ROOT, 'demo-output');
const repository = join(OUT, 'repository');
const reports = join(OUT, 'reports');
const release = join(OUT, 'release');
const home = join(OUT, 'console-one');
const secondHome = join(OUT, 'console-two');
const shared = join(OUT, 'shared-archive');
const keyring = join(OUT, 'release-key.asc');

/** A release that was made by other means: it can be recorded, and is marked as imported. */
const RELEASED_ELSEWHERE = {
  event_type: 'release', release_version: 'v1.0.0', release_date: '2026-01-12T12:00:00Z', release_commit: 'v1.0.0',
  release_artifacts: ['tariff-1.0.0.tar.gz'], release_notes: 'Prices by zone.', deployed_by: 'devops@example.com', approved_by: ['cto@example.com'],
  deployment_environment: 'production', deployment_status: 'success', rollback_plan: 'None: it is the first release.',
};

// A socket's path is short; the folder of the demo may be deep.
const gnupg = mkdtempSync(join(tmpdir(), 'countersign-demo-'));
const environment = { ...process.env, GNUPGHOME: gnupg, COUNTERSIGN_HOME: home, COUNTERSIGN_KEYRING: 'off' };

try {
  await main();
} finally {
  spawnSync('gpgconf', ['--kill', 'all'], { env: environment });
  rmSync(gnupg, { recursive: true, force: true });
}

async function main(): Promise<void> {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT);
  say('A sample to release');
  const { commit } = makeSampleRepository(repository);
  tell(`a git repository with a tag v1.0.0, merges and a range to release, at ${commit.slice(0, 12)}`);
  makeSampleOutputs(repository, reports, release);
  tell('its reports, by vitest with istanbul, ESLint, and in the shapes of npm audit, pytest, ZAP and a forge');

  say('Evidence');
  run(['manifest', reports, '--commit', commit, '--run', 'demo/1']);
  run(['sbom', '--repo', repository, '-o', join(release, 'sbom.json')]);
  run(['evidence', reports]);

  say('The checklist, before signing');
  const check = ['check', '--repo', repository, '--outputs', reports, '--outputs', release, '--release', 'v1.1.0'];
  describe(json<CheckReport>(check, 1));

  say('Signing, with a key made for this demo in its own GNUPGHOME');
  gpg('--pinentry-mode', 'loopback', '--passphrase', '', '--quick-gen-key', 'Tariff Release Key <release@example.com>', 'ed25519', 'cert,sign', '1y');
  const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(gpg('--list-secret-keys', '--with-colons'))?.[1] ?? '';
  writeFileSync(keyring, gpg('--armor', '--export', fingerprint));
  const artifacts = ['tariff-1.1.0.tar.gz', 'tariff-1.1.0.zip', 'sbom.json'];
  const files = artifacts.map((name) => join(release, name));
  run(['sign', '--key', fingerprint, '--out', release, '--release', 'v1.1.0', '--commit', commit, ...files]);

  say('Anyone can check it without this program');
  for (const name of [...artifacts, 'SHA256SUMS']) execFileSync('gpg', ['--verify', join(release, `${name}.asc`), join(release, name)], { env: environment, stdio: 'pipe' });
  tell(`gpg --verify accepts ${artifacts.length + 1} signatures`);
  execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: release, stdio: 'pipe' });
  tell('sha256sum -c accepts SHA256SUMS');

  say('And with it');
  const verifications = files.map((file) => json<Verification>(['verify', '--keyring', keyring, file], 0));
  for (const [index, { verdict, signer }] of verifications.entries()) tell(`${artifacts[index] ?? ''}: ${verdict}, by ${signer?.user ?? ''}`);
  tell(`one byte changed in a copy: ${tampered(join(release, 'tariff-1.1.0.tar.gz'))}`);

  say('The checklist, after signing');
  const report = json<CheckReport>(check, 1);
  describe(report);

  say('The Genesis Archive');
  writeFileSync(join(OUT, 'elsewhere.json'), `${JSON.stringify(RELEASED_ELSEWHERE, null, 2)}\n`);
  run(['record', 'release', '--from', join(OUT, 'elsewhere.json')]);
  run(['archive', 'list']);
  run(['archive', 'verify']);
  run(['archive', 'export', '--format', 'tiles', '--out', join(OUT, 'archive-export')]);
  run(['sync', '--to', shared]);

  say('A second console, with a home of its own, pulls it and verifies it');
  run(['sync', '--to', shared], secondHome);
  run(['archive', 'verify'], secondHome);
  run(['archive', 'verify', '--from', join(OUT, 'archive-export')], secondHome);
  const entries = json<Output<'archive.list'>>(['archive', 'list'], 0, secondHome);

  writeSummary(OUT, { commit, report, verifications: verifications.map((verification, index) => ({ name: artifacts[index] ?? '', verification })), entries: entries.entries, fingerprint });
  say(`Done. ${relative(process.cwd(), OUT) || OUT} holds the signed release, the archive and summary.html.`);
}

function countersign(args: readonly string[], at: string): { status: number; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'bin/countersign'), args, { env: { ...environment, COUNTERSIGN_HOME: at }, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return { status: status ?? 4, stdout, stderr };
}

function run(args: readonly string[], at: string = home): void {
  process.stdout.write(`\n  $ countersign ${args.map((arg) => (arg.startsWith(ROOT) ? relative(ROOT, arg) : arg)).join(' ')}\n`);
  const { status, stdout, stderr } = countersign(args, at);
  if (status !== 0) throw new Error(`countersign ${args.join(' ')} ended with ${status}: ${stderr}`);
  for (const line of stdout.trimEnd().split('\n')) tell(line.replaceAll(`${ROOT}/`, ''));
}

function json<Value>(args: readonly string[], expected: number, at: string = home): Value {
  const { status, stdout, stderr } = countersign([...args, '--json'], at);
  if (status !== expected) throw new Error(`countersign ${args.join(' ')} ended with ${status}, not ${expected}: ${stderr}`);
  return JSON.parse(stdout) as Value;
}

function gpg(...args: readonly string[]): string {
  return execFileSync('gpg', ['--batch', '--no-tty', '--quiet', ...args], { env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Flips one byte of a copy that keeps the signature beside it, and says what the verification finds. */
function tampered(file: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-tampered-'));
  try {
    const bytes = readFileSync(file);
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(join(folder, 'a.tar.gz'), bytes);
    copyFileSync(`${file}.asc`, join(folder, 'a.tar.gz.asc'));
    const { verdict, problems } = json<Verification>(['verify', '--keyring', keyring, join(folder, 'a.tar.gz')], 1);
    return `${verdict}. ${problems[0]?.message ?? ''}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function describe(report: CheckReport): void {
  for (const { id, status, summary } of report.results) if (status !== 'needs-person' && status !== 'not-applicable') tell(`${id.padEnd(26)} ${status.padEnd(8)} ${summary}`);
  const asked = report.results.filter(({ status }) => status === 'needs-person').length;
  tell(`${asked} lines ask a person. Gate ${report.gate}, authority ${report.authority}.`);
}

function say(title: string): void {
  process.stdout.write(`\n${title}\n`);
}

function tell(line: string): void {
  process.stdout.write(`    ${line}\n`);
}
