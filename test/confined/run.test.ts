import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Assessment } from '../../src/core/contract/contract.ts';
import { authorityToRun } from '../../src/core/service/check-run-handlers.ts';
import { systemCallFilter } from '../../src/main/adapters/confined/system-calls.ts';
import { CANNOT, ConfinedConsole, processesWith } from './confined-console.ts';

const ROOT = join(import.meta.dirname, '../..');
const JUNIT = 'node --test --test-reporter=junit --test-reporter-destination=reports/junit.xml --test-reporter=tap --test-reporter-destination=stdout';
let console_: ConfinedConsole;
beforeEach(() => {
  console_ = new ConfinedConsole();
});
afterEach(async () => {
  await console_.close();
});

const suite = (body: string): string => console_.repository.write('package.json', '{"type":"module"}').write('reports/.keep', '').write('test/unit/a.test.js', `import { test } from 'node:test'; import assert from 'node:assert';\n${body}\n`).commit('a suite');

describe.skipIf(CANNOT !== null)('a good suite', () => {
  test('passes, and what it left is evidence of the commit', async () => {
    const commit = suite('test("adds", () => assert.equal(1 + 1, 2)); test("counts", () => assert.ok(true));');
    // The work tree is not what is run.
    console_.repository.write('test/unit/a.test.js', 'throw new Error("of the work tree")');
    const ran = await console_.offer({ run: JUNIT, version: 'node --version', writes: ['reports/*.xml'] }).run();
    expect(ran).toMatchObject({ commit, end: 'exited', exitCode: 0, bound: true, authority: 'unproved', toolVersion: expect.stringMatching(/^v\d+\./) as string });
    expect(console_.output).toMatch(/ok 1 - adds/);
    const log = readFileSync(join(ran.folder, 'output.log'));
    expect(ran.outputSha256).toBe(createHash('sha256').update(log).digest('hex'));
    expect(ran.outputBytes).toBe(log.length);
    expect(ran.files).toEqual([{ path: 'files/reports/junit.xml', size: readFileSync(join(ran.folder, 'files/reports/junit.xml')).length, sha256: createHash('sha256').update(readFileSync(join(ran.folder, 'files/reports/junit.xml'))).digest('hex') }]);
    const manifest = JSON.parse(readFileSync(join(ran.folder, 'evidence-manifest.json'), 'utf8')) as { commit: string; run: string; files: { path: string }[] };
    expect(manifest.commit).toBe(commit);
    expect(manifest.run).toMatch(/unit-tests here .* exit 0; unproved: no roster in force/);
    expect(manifest.files.map(({ path }) => path)).toEqual(['files/reports/junit.xml', 'output.log', 'run.json']);
    const record = (JSON.parse(readFileSync(join(ran.folder, 'run.json'), 'utf8')) as { countersignRun: Record<string, unknown> }).countersignRun;
    expect(record).toMatchObject({ run: JUNIT, folder: '.', commit, exitCode: 0, authority: 'unproved', outputSha256: ran.outputSha256 });
    expect(console_.left()).toEqual([]);

    const judged = await console_.core.dispatch('release.evaluate', {
      draft: { version: 'v1.0.0', declared: [], repo: console_.repository.path, outputs: [console_.out], since: null, policyFile: console_.policy }, at: '2026-01-12T00:00:00Z', record: false,
    }, { shell: 'test' });
    const line = (judged as { value: Assessment }).value.report.results.find(({ id }) => id === 'unit-tests');
    expect(line?.summary).toMatch(/2 unit tests passed/);
  });

  test('that fails is told as failed, and its report is kept', async () => {
    suite('test("adds", () => assert.equal(1 + 1, 3));');
    const ran = await console_.offer({ run: JUNIT, writes: ['reports/*.xml'] }).run();
    expect(ran).toMatchObject({ end: 'exited', exitCode: 1, bound: true });
    expect(readFileSync(join(ran.folder, 'files/reports/junit.xml'), 'utf8')).toMatch(/<failure/);
  });

  test('is prepared from a cache that it may read and not write', async () => {
    suite('');
    const cache = join(console_.folder.path, 'cache');
    mkdirSync(cache);
    writeFileSync(join(cache, 'package.txt'), 'from the cache');
    execFileSync('chmod', ['-R', 'a+rX', console_.folder.path]);
    const ran = await console_.offer({
      prepare: 'cp /cache/packages/package.txt installed.txt && ! touch /cache/packages/new 2>/dev/null', run: 'cat installed.txt', caches: [{ name: 'packages', folder: cache }],
    }).run();
    expect(ran.exitCode).toBe(0);
    expect(readFileSync(join(ran.folder, 'output.log'), 'utf8')).toBe('from the cache');
  });

  test('whose preparation fails is not run', async () => {
    suite('');
    expect(await console_.offer({ prepare: 'echo nothing to install from; exit 3', run: 'true' }).attempt()).toMatchObject({ ok: false, error: { code: 'environment', message: expect.stringContaining('ended with 3') as string } });
    expect(console_.output).toMatch(/nothing to install from/);
    expect(existsSync(console_.out)).toBe(false);
  });

  test.each([
    ['the data folder', (): string => console_.home, 'not-permitted'],
    ['a folder that holds it', (): string => console_.folder.path, 'not-permitted'],
    ['the user’s home', (): string => '~/.', 'not-permitted'],
    ['/run', (): string => '/run', 'not-permitted'],
    ['/', (): string => '//', 'not-permitted'],
    ['a folder that is not there', (): string => '/nowhere/at/all', 'not-found'],
  ])('is not given %s as a cache', async (_, folder, code) => {
    suite('');
    expect(await console_.offer({ run: 'true', caches: [{ name: 'packages', folder: folder() }] }).attempt()).toMatchObject({ ok: false, error: { code } });
  });

  test('can be cancelled; then nothing of it goes on and nothing is kept', async () => {
    suite('');
    console_.offer({ run: 'echo begun; sleep 8642.1' });
    const running = console_.attempt();
    await expect.poll(() => console_.output, { timeout: 10_000 }).toMatch(/begun/);
    expect(await console_.core.dispatch('task.cancel', { task: 'run' }, { shell: 'test' })).toEqual({ ok: true, value: { cancelled: true } });
    expect(await running).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    await expect.poll(() => processesWith('8642.1'), { timeout: 5000 }).toEqual([]);
    expect(existsSync(console_.out)).toBe(false);
    expect(console_.left()).toEqual([]);
  });
});

describe.skipIf(CANNOT !== null)('a console that is killed', () => {
  test('takes its command with it, and the next run clears what it left', async () => {
    suite('');
    console_.offer({ run: 'echo begun; sleep 7531.9' });
    const child = spawn(join(ROOT, 'node_modules/.bin/node'), [join(ROOT, 'src/main/cli/main.ts'), 'run', 'unit-tests', '--repo', console_.repository.path, '--release', 'v1.0.0', '--out', console_.out, '--policy', console_.policy, '--yes', '--without-roster'], {
      env: { ...process.env, COUNTERSIGN_HOME: console_.home }, stdio: 'ignore',
    });
    const folders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith(`countersign-run-${child.pid ?? 0}-`));
    // The command itself runs. What stands around it names it too, and earlier; killed then, the console can leave a bubblewrap that waits and runs nothing.
    await expect.poll(() => processesWith('sleep 7531.9').some((line) => line.startsWith('sleep')), { timeout: 15_000 }).toBe(true);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    await expect.poll(() => processesWith('7531.9'), { timeout: 5000 }).toEqual([]);
    expect(folders()).toHaveLength(1);
    await console_.offer({ run: 'true' }).run();
    expect(folders()).toEqual([]);
  });

  test('shows what is printed as plain lines', async () => {
    suite('');
    const ran = await console_.offer({ run: String.raw`printf '\033[31mred\033[0m\r50%%\r100%%\r\n\tdone\n'` }).run();
    expect(console_.output).toBe('red\n50%\n100%\n    done\n');
    // What is kept is what was printed, byte for byte.
    expect(readFileSync(join(ran.folder, 'output.log'), 'utf8')).toBe('\u001b[31mred\u001b[0m\r50%\r100%\r\n\tdone\n');
  });
});

describe('what may be run', () => {
  beforeEach(() => {
    suite('');
    console_.offer({ run: 'true' });
  });

  test('is listed with its folder, and without a roster told to be unproved', async () => {
    expect(await console_.list()).toMatchObject({ ok: true, value: { authority: 'unproved', commands: [{ check: 'unit-tests', name: 'here', run: 'true', folder: '.' }] } });
  });

  test.each([
    ['unconfirmed', { confirmed: false }, 'not-permitted'],
    ['without a roster, and without saying so', { withoutRoster: false }, 'not-permitted'],
    ['another policy than was looked at', { expected: { policyDigest: 'a'.repeat(64), commit: 'b'.repeat(40) } }, 'not-permitted'],
    ['a command that the policy does not have', { name: 'other' }, 'not-found'],
    ['a line that has none', { check: 'linters-passed' }, 'not-found'],
  ])('not %s', async (_, more, code) => {
    expect(await console_.attempt(more)).toMatchObject({ ok: false, error: { code } });
    expect(existsSync(console_.out)).toBe(false);
  });

  test('not what a policy file inside the repository names', async () => {
    copyFileSync(console_.policy, join(console_.repository.path, 'policy.yaml'));
    const listed = await console_.core.dispatch('command.list', { repo: console_.repository.path, version: 'v1.0.0', policyFile: join(console_.repository.path, 'policy.yaml') }, { shell: 'test' });
    expect(listed).toMatchObject({ ok: false, error: { code: 'not-permitted', message: expect.stringContaining('lies in the repository') as string } });
  });

  test('only what a roster pins, where one is held', () => {
    const policy = { digest: 'a'.repeat(64), file: 'other.yaml' };
    const held = (digests: string[], problem: string | null = null) => ({ signed: { roster: { policy_digests: digests } }, problem });
    expect(authorityToRun(policy, null)).toBe('unproved');
    expect(authorityToRun(policy, held([policy.digest]))).toBe('proved');
    expect(() => authorityToRun(policy, held(['b'.repeat(64)]))).toThrow(/does not name other\.yaml/);
    expect(() => authorityToRun(policy, held([policy.digest], 'it expired'))).toThrow(/not in force/);
  });

  test.each([
    ['a folder outside', { folder: '../..' }], ['a line break', { run: 'true\nfalse' }], ['characters that turn the line around', { run: 'echo \u202e' }], ['a relative cache', { caches: [{ name: 'x', folder: 'cache' }] }],
  ])('a policy file with %s in a command is refused', async (_, command) => {
    console_.offer({ run: 'true', ...command });
    expect(await console_.list()).toMatchObject({ ok: false, error: { code: 'policy-invalid' } });
  });

  test('only where the machine’s system calls are known', () => {
    expect(() => systemCallFilter('mips')).toThrow(/cannot be confined on mips/);
    for (const machine of ['x64', 'arm64']) expect(systemCallFilter(machine).length % 8).toBe(0);
  });
});

const canUnshare = spawnSync('unshare', ['-Urm', 'true']).status === 0;

describe.runIf(CANNOT === null && canUnshare)('where nothing can be confined', () => {
  const onThisMachineBut = (first: string): ReturnType<typeof spawnSync> => {
    suite('');
    console_.offer({ run: 'touch /tmp/countersign-ran-unconfined' });
    const command = `${first} exec "$@"`;
    return spawnSync('unshare', ['-Urm', 'sh', '-c', command, 'sh', join(ROOT, 'bin/countersign'), 'run', 'unit-tests', '--repo', console_.repository.path, '--release', 'v1.0.0', '--out', console_.out, '--policy', console_.policy, '--yes', '--without-roster'], {
      encoding: 'utf8', env: { ...process.env, COUNTERSIGN_HOME: console_.home },
    });
  };

  test.each([
    ['bubblewrap is not there', 'mount --bind /dev/null /usr/bin/bwrap &&', /bubblewrap is not installed/],
    ['the kernel gives no namespaces', 'echo 0 > /proc/sys/user/max_user_namespaces &&', /cannot be confined, so it is not run/],
  ])('because %s, nothing is run', (_, first, says) => {
    const { status, stderr } = onThisMachineBut(first);
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/apt-get install bubblewrap/);
    expect(status).toBe(3);
    expect(existsSync('/tmp/countersign-ran-unconfined')).toBe(false);
    expect(existsSync(console_.out)).toBe(false);
  });
});
