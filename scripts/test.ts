import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildWindow, ensureBrowser } from '../src/main/prepare.ts';
import { readReport, windowReport, type TestReport, type WindowReport } from './failed-tests.ts';
import { checkTypes, PROJECTS } from './types.ts';

/**
 * `npm test`: types, lint, unused code, then unit, contract, architecture and end-to-end tests. It installs what it
 * needs where it may, says how where it may not, and closes with what failed and one line: `N passed, N failed`.
 */
const ROOT = join(import.meta.dirname, '..');
const RESULTS = join(ROOT, 'test-results');
const BIN = join(ROOT, 'node_modules');
let passed = 0;
let failed = 0;
/** What failed, said once more at the end: the end is what one sees of a long run. */
const failures: string[] = [];

rmSync(RESULTS, { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });
ensureTools();
const browser = ensureBrowser();
await buildWindow();

for (const project of PROJECTS) step(`types: ${project}`, checkTypes(project));
step('lint', said(process.execPath, [join(BIN, 'oxlint/bin/oxlint'), '--quiet']));
step('unused code', said(process.execPath, [join(BIN, 'knip/bin/knip.js'), '--no-progress']));
await vitest();
await endToEnd();

if (failures.length > 0) process.stdout.write(`\nWhat failed:\n${failures.join('\n')}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function step(name: string, problem: string | null): void {
  process.stdout.write(`${problem === null ? 'ok' : 'FAILED'}  ${name}\n`);
  if (problem === null) passed += 1;
  else {
    failed += 1;
    failures.push(`  ${name}`);
    process.stdout.write(`${problem}\n`);
  }
}

function said(command: string, args: readonly string[]): string | null {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8' });
  return status === 0 ? null : `${stdout}${stderr}`;
}

async function vitest(): Promise<void> {
  const file = join(RESULTS, 'unit.json');
  const code = await run([join(BIN, 'vitest/vitest.mjs'), 'run'], { COUNTERSIGN_CARD_SUITE: 'required', COUNTERSIGN_UNIT_REPORT: file });
  count('the unit tests', readReport<TestReport>(file), code);
}

async function endToEnd(): Promise<void> {
  const file = join(RESULTS, 'end-to-end.json');
  const code = await run([join(BIN, '@playwright/test/cli.js'), 'test', '--config', 'playwright.config.ts', '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_FILE: file, COUNTERSIGN_BROWSER: browser });
  const report = readReport<WindowReport>(file);
  count('the end-to-end tests', report === null ? null : windowReport(report), code);
}

/** A runner that ended badly without a failed test (it crashed, or ran none) has failed all the same. */
function count(runner: string, report: TestReport | null, code: number): void {
  const { passed: good, failed: bad } = report ?? { passed: 0, failed: [] };
  const crashed = bad.length === 0 && (code !== 0 || good === 0);
  passed += good;
  failed += crashed ? 1 : bad.length;
  failures.push(...bad.map(({ file, name, why }) => `  ${file}: ${name}\n      ${why}`));
  if (crashed) failures.push(`  ${runner} ended with ${code}, and ${good} passed.`);
}

function run(args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...more } });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

/** The programs that the tests use for real. As root on Debian they are installed; elsewhere they are named. */
function ensureTools(): void {
  const wanted: Readonly<Record<string, string>> = { git: 'git', gpg: 'gnupg', sha256sum: 'coreutils', 'gpg-agent': 'gpg-agent', strace: 'strace', unshare: 'util-linux', jq: 'jq', Xvfb: 'xvfb', bwrap: 'bubblewrap', setpriv: 'util-linux', ip: 'iproute2', skopeo: 'skopeo', python3: 'python3', openssl: 'openssl', '/usr/sbin/sshd': 'openssh-server', 'ssh-keygen': 'openssh-client', '/usr/lib/postgresql': 'postgresql', psql: 'postgresql-client', 'gnome-keyring-daemon': 'gnome-keyring', 'dbus-daemon': 'dbus', 'dbus-send': 'dbus', pcscd: 'pcscd', '/usr/lib/gnupg/scdaemon': 'scdaemon', '/usr/lib/pcsc/drivers/serial/libifdvpcd.so': 'vsmartcard-vpcd' };
  const missing = Object.entries(wanted).filter(([program]) => !isThere(program));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, debian]) => debian))];
  if (process.getuid?.() !== 0) {
    process.stderr.write(`The tests need ${missing.map(([program]) => program).join(', ')}. On Debian: sudo apt-get install ${packages.join(' ')}\n`);
    process.exit(3);
  }
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update'], { env: environment, stdio: 'ignore' });
  const { status } = spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env: environment, stdio: 'ignore' });
  if (status !== 0) process.stderr.write(`apt-get install ${packages.join(' ')} failed; the tests that need them will fail.\n`);
}

/** A program by its name on the path, or a file by its whole path. */
function isThere(wanted: string): boolean {
  return wanted.startsWith('/') ? existsSync(wanted) : spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin:/sbin; command -v ${wanted}`]).status === 0;
}
