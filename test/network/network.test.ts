import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder, TestRepository } from '../support/repository.ts';

const ROOT = join(import.meta.dirname, '../..');
const CLI = join(ROOT, 'bin/countersign');
const NODE = process.execPath;

let folder: ReturnType<typeof temporaryFolder>;
let environment: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = temporaryFolder('network');
  environment = { ...process.env, COUNTERSIGN_HOME: join(folder.path, 'home') };
  const repository = new TestRepository(join(folder.path, 'repository'));
  repository.write('package-lock.json', '{"name":"x","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"x","version":"1.0.0"}}}').commit('first');
});
afterEach(() => folder.remove());

const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const canUnshare = has('unshare') && spawnSync('unshare', ['-n', 'true']).status === 0;
const canTrace = has('strace') && spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

const sessions: readonly (readonly [name: string, command: () => readonly string[], says: RegExp])[] = [
  ['the command line', () => ['sh', '-c', `${CLI} check --repo repository --outputs . --release v1.0.0; ${CLI} sbom --repo repository -o sbom.json; ${CLI} archive verify; ${CLI} sync --to shared`], /pushed 1 entries/],
  ['the window', () => [NODE, join(ROOT, 'test/network/window-session.ts'), folder.path], /the window was opened/],
  ['the demo', () => [NODE, join(ROOT, 'scripts/demo/main.ts')], /Done\. .*demo-output holds the signed release/],
];
const PATIENCE = 180_000;

/** For each `listen` of a trace, the `bind` before it of the same descriptor: what it listens on. */
function listening(lines: readonly string[]): string[] {
  return lines.flatMap((line, index) => {
    const descriptor = /\blisten\((\d+),/.exec(line)?.[1];
    if (descriptor === undefined) return [];
    return [lines.slice(0, index).findLast((before) => before.includes(`bind(${descriptor}, `)) ?? `${line}: bound to nothing that was seen`];
  });
}

describe.runIf(canUnshare)('without a network', () => {
  test.each(sessions)('%s works unchanged', (_, command, says) => {
    const { stdout, stderr } = spawnSync('unshare', ['-n', ...command()], { cwd: folder.path, env: environment, encoding: 'utf8' });
    expect(`${stdout}${stderr}`).toMatch(says);
  }, PATIENCE);
});

/** What a command and its children asked of the network, line by line. */
function traced(command: readonly string[]): { readonly stdout: string; readonly lines: readonly string[] } {
  const trace = join(folder.path, 'trace');
  const { stdout } = spawnSync('strace', ['-f', '--seccomp-bpf', '-qq', '-e', 'trace=network', '-o', trace, ...command], { cwd: folder.path, env: environment, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return { stdout, lines: readFileSync(trace, 'utf8').split('\n') };
}

describe.runIf(canTrace)('with one', () => {
  test('whoever did listen, in a child of a child, would be seen', () => {
    const { lines } = traced(['sh', '-c', `"${NODE}" -e "require('net').createServer().listen(0, '127.0.0.1', function () { this.close(); })"; true`]);
    expect(listening(lines).filter((bound) => !bound.includes('AF_UNIX'))).toHaveLength(1);
  });

  test.each(sessions)('%s listens nowhere and sends nothing', (_, command, says) => {
    const { stdout, lines } = traced(command());
    expect(stdout).toMatch(says);
    expect(lines.length).toBeGreaterThan(10);
    // Sockets of the internet families, by process and descriptor; those of the machine itself (AF_UNIX, AF_NETLINK) are no network.
    const stream = new Set(lines.flatMap((line) => (/socket\(AF_INET6?, SOCK_STREAM/.test(line) ? [line] : [])));
    expect([...stream]).toEqual([]);
    expect(listening(lines).filter((bound) => !bound.includes('AF_UNIX'))).toEqual([]);
    // Chromium connects a datagram socket to learn its address family; nothing is sent over any.
    const sent = lines.filter((line) => /\b(?:sendto|sendmsg|sendmmsg)\(/.test(line) && /AF_INET/.test(line));
    expect(sent).toEqual([]);
    const connected = lines.filter((line) => /\bconnect\(.*AF_INET/.test(line));
    const datagrams = lines.filter((line) => /socket\(AF_INET6?, SOCK_DGRAM/.test(line));
    expect(connected.length).toBeLessThanOrEqual(datagrams.length);
  }, PATIENCE);
});
