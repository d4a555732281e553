import { execFile, execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GpgHome } from '../support/gpg-home.ts';
import { CANNOT, ConfinedConsole, processesWith } from './confined-console.ts';

/** A repository whose own suite is hostile, run for real beside a real key and a running agent. */
const AS_ROOT = process.getuid?.() === 0;
const SECRET = 'the-environment-holds-this-secret';
let console_: ConfinedConsole;
beforeEach(() => {
  console_ = new ConfinedConsole();
});
afterEach(async () => {
  await console_.close();
});

const listening = (server: Server, where: string | number): Promise<void> => new Promise((resolve, reject) => {
  server.once('error', reject);
  if (typeof where === 'number') server.listen(where, '127.0.0.1', resolve);
  else server.listen(where, resolve);
});

describe.skipIf(CANNOT !== null)('a hostile suite', () => {
  test('reaches no key, no home, no socket, no network and no process, and does not outlive its run', async () => {
    const gpg = new GpgHome();
    const key = gpg.key('Release <release@example.com>');
    // An agent that holds the key and would sign: the suite must not find it.
    gpg.gpg(['--local-user', key, '--detach-sign', '--output', '-', join(console_.home, 'log.key')]);
    const agent = execFileSync('gpgconf', ['--list-dirs', 'agent-socket'], { env: { ...process.env, GNUPGHOME: gpg.path }, encoding: 'utf8' }).trim();
    expect(existsSync(agent)).toBe(true);

    const mark = `countersign-mark-${process.pid}-${Date.now()}`;
    const servers = [createServer(), createServer(), createServer(), createServer()] as const;
    const heard: string[] = [];
    const [run, temporary, abstract, tcp] = servers;
    for (const server of servers) server.on('connection', (socket) => { heard.push('connection'); socket.destroy(); });
    const udp = createSocket('udp4').on('message', () => heard.push('datagram'));
    const runFolder = AS_ROOT ? '/run' : console_.folder.path;
    process.env['COUNTERSIGN_TEST_SECRET'] = SECRET;
    try {
      await listening(run, join(runFolder, `${mark}.sock`));
      await listening(temporary, join(tmpdir(), `${mark}.sock`));
      for (const path of [join(runFolder, `${mark}.sock`), join(tmpdir(), `${mark}.sock`)]) chmodSync(path, 0o777);
      await listening(abstract, `\0${mark}`);
      await listening(tcp, 0);
      await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', () => resolve()));
      const address = tcp.address();
      const goals = {
        files: { 'the key': join(gpg.path, 'private-keys-v1.d'), 'the log key': join(console_.home, 'log.key'), 'a shadow': '/etc/shadow', 'the machine’s id': '/etc/machine-id', 'the policy': console_.policy, 'a repository file': join(console_.repository.path, '.git/config') },
        folders: { 'GNUPGHOME': gpg.path, 'COUNTERSIGN_HOME': console_.home, 'the home': homedir(), '/home': '/home/..data', '/root': '/root', '/run': '/run', '/var': '/var', '/etc/ssh': '/etc/ssh', 'the temporary folder': console_.folder.path, 'the project': join(import.meta.dirname, '../..') },
        sockets: { 'of /run': join(runFolder, `${mark}.sock`), 'of /tmp': join(tmpdir(), `${mark}.sock`), 'of the agent': agent, 'of pcscd': '/run/pcscd/pcscd.comm', 'of dbus': '/run/dbus/system_bus_socket' },
        abstract: mark, tcp: typeof address === 'object' && address !== null ? address.port : 0, udp: udp.address().port, secret: SECRET, pid: process.pid, mark, key,
      };
      // The attempts are real: outside the walls the same suite reaches all of this.
      const bare = join(console_.folder.path, 'bare');
      mkdirSync(bare);
      for (const [name, text] of [['attack.js', readFileSync(join(import.meta.dirname, 'attack.js'))], ['package.json', '{"type":"module"}'], ['goals.json', JSON.stringify({ ...goals, control: true })]] as const) writeFileSync(join(bare, name), text);
      await promisify(execFile)(process.execPath, ['attack.js'], { cwd: bare, env: { ...process.env, GNUPGHOME: gpg.path } });
      const reached = Object.entries(JSON.parse(readFileSync(join(bare, 'attempts.json'), 'utf8')) as Record<string, string>).filter(([, result]) => result.startsWith('REACHED')).map(([name]) => name);
      expect(reached).toEqual(expect.arrayContaining([
        'read the log key', 'list GNUPGHOME', 'list COUNTERSIGN_HOME', 'list the home', 'list /run', 'socket of /run', 'socket of /tmp', 'socket of the agent', 'abstract socket', 'tcp', 'secret of the environment', 'secret of any process', 'gpg', 'sign',
      ]));
      expect(new Set(heard)).toEqual(new Set(['connection', 'datagram']));
      heard.length = 0;

      console_.repository.write('attack.js', readFileSync(join(import.meta.dirname, 'attack.js'))).write('package.json', '{"type":"module"}').write('goals.json', JSON.stringify(goals)).commit('A suite that nobody should run');
      const ran = await console_.offer({ run: 'node attack.js', writes: ['attempts.json'] }).run();
      expect(ran, console_.output).toMatchObject({ end: 'exited', exitCode: 0 });
      const { user, ...found } = JSON.parse(readFileSync(join(ran.folder, 'files/attempts.json'), 'utf8')) as Record<string, string>;
      expect(Object.entries(found).filter(([, result]) => result.includes('REACHED'))).toEqual([]);
      expect(Object.keys(found).length).toBeGreaterThan(40);
      expect(user).toBe('1000 check');
      expect(heard).toEqual([]);
    } finally {
      delete process.env['COUNTERSIGN_TEST_SECRET'];
      for (const server of servers) server.close();
      udp.close();
      gpg.remove();
    }
    // Nothing was left: no process, no file beside the evidence, no temporary folder.
    await expect.poll(() => processesWith(mark), { timeout: 5000 }).toEqual([]);
    expect(existsSync(join(tmpdir(), mark))).toBe(false);
    for (const folder of ['/usr', '/etc', '/', '/dev']) expect(existsSync(join(folder, 'countersign-was-here'))).toBe(false);
    expect(console_.left()).toEqual([]);
  });

  test.runIf(AS_ROOT)('does not see a data folder that lies among the programs, nor run as root outside', async () => {
    const home = mkdtempSync('/usr/local/share/countersign-test-');
    chmodSync(home, 0o755);
    const other = new ConfinedConsole(home);
    try {
      writeFileSync(join(home, 'open.txt'), 'anybody may read this');
      other.repository.write('run.sh', `ls -A ${home}; cat ${home}/open.txt; sleep 1.29384\n`).commit('look');
      const running = other.offer({ run: 'sh run.sh' }).run();
      await expect.poll(() => processesOf('1.29384').some((pid) => isStranger(pid)), { timeout: 5000 }).toBe(true);
      expect(processesOf('1.29384').every((pid) => isStranger(pid))).toBe(true);
      const ran = await running;
      expect(readFileSync(join(ran.folder, 'output.log'), 'utf8')).toMatch(/^cat: \S+open\.txt: No such file or directory\n$/);
    } finally {
      await other.close();
      rmSync(home, { recursive: true });
    }
  });

  test('cannot fork without end', async () => {
    console_.repository.write('bomb.pl', 'while (1) { my $child = fork; if (defined $child && $child == 0) { sleep 60 if rand() < 0.5 } }\n').commit('bomb');
    let most = 0;
    const counting = setInterval(() => {
      most = Math.max(most, readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isStranger(name)).length);
    }, 50);
    const ran = await console_.offer({ run: 'perl bomb.pl', seconds: 3, processes: 64 }).run();
    clearInterval(counting);
    expect(ran.end === 'timed-out' || ran.exitCode !== 0).toBe(true);
    if (AS_ROOT) {
      expect(most).toBeGreaterThan(10);
      expect(most).toBeLessThan(80);
    }
    await expect.poll(() => processesWith('bomb.pl'), { timeout: 5000 }).toEqual([]);
    expect(console_.left()).toEqual([]);
  });

  test('cannot fill the output: it is cut at the limit, nothing else is kept, and nothing is bound', async () => {
    console_.repository.write('x', '').commit('yes');
    const ran = await console_.offer({ run: 'echo made > made.xml; yes', writes: ['made.xml'], output_bytes: 100_000 }).run();
    expect(ran).toMatchObject({ end: 'too-much-output', exitCode: null, outputBytes: 100_000, files: [], bound: false });
    expect(statSync(join(ran.folder, 'output.log')).size).toBe(100_000);
    expect(existsSync(join(ran.folder, 'evidence-manifest.json'))).toBe(false);
  });

  test('has no process left once its run is told, so that nothing it wrote can be swapped while it is looked at', async () => {
    console_.repository.write('x', '').commit('daemons');
    const swap = 'while :; do rm -rf reports; ln -s /etc reports; rm -f reports; mkdir reports; : 9517.3; done';
    for (let round = 0; round < 5; round += 1) {
      const ran = await console_.offer({ run: `for i in 1 2 3 4 5 6 7 8 9 10 11 12; do setsid sh -c '${swap}' </dev/null >/dev/null 2>&1 & done; sleep 0.1; kill -9 1; echo "<testsuites/>" > out.xml`, writes: ['out.xml', 'reports/**'] }).run();
      expect(processesWith('9517.3')).toEqual([]);
      expect(ran.files.map(({ path }) => path)).toEqual(['files/out.xml']);
      // The name of the folder is by the second.
      await new Promise((done) => setTimeout(done, 1000));
    }
  });

  test('cannot run for ever, nor refuse to end', async () => {
    console_.repository.write('x', '').commit('sleep');
    const ran = await console_.offer({ run: 'trap "" TERM INT HUP; (setsid sh -c "trap : TERM; sleep 4321.5" &) ; sleep 4321.5', seconds: 1 }).run();
    expect(ran).toMatchObject({ end: 'timed-out', exitCode: null, bound: false });
    expect(ran.seconds).toBeLessThan(4);
    await expect.poll(() => processesWith('4321.5'), { timeout: 5000 }).toEqual([]);
  });

  test.each([
    ['one large file', 'head -c 200000000 /dev/zero > large', ['exited', 'too-much-written']],
    ['many files', 'i=0; while :; do i=$((i+1)); head -c 8000000 /dev/urandom > large$i; done', ['too-much-written']],
    ['its temporary folder', 'head -c 200000000 /dev/zero > /tmp/large', ['exited']],
    ['shared memory', 'head -c 200000000 /dev/zero > /dev/shm/large', ['exited']],
  ])('cannot fill the disk with %s', async (_, run, ends) => {
    console_.repository.write('x', '').commit('fill');
    const ran = await console_.offer({ run, disk_bytes: 32 * 1024 * 1024, seconds: 30 }).run();
    expect(ends).toContain(ran.end);
    expect(ran.exitCode).not.toBe(0);
    expect(console_.left()).toEqual([]);
  });

  test('cannot take more memory than it is given', async () => {
    console_.repository.write('x', '').commit('grow');
    const ran = await console_.offer({ run: `perl -e 'my $x = "x" x 600_000_000; print length $x'`, memory_bytes: 256 * 1024 * 1024 }).run();
    expect(ran.exitCode).not.toBe(0);
    expect(readFileSync(join(ran.folder, 'output.log'), 'utf8')).toMatch(/out of memory/i);
  });

  test('cannot hand out what is not its own as evidence, nor leave a tree that cannot be taken away', async () => {
    console_.repository.write('reports/old.xml', '<testsuites/>').write('reports/evidence-manifest.json', '{}').commit('reports that were committed');
    const script = [
      'ls reports', `ln -s ${join(console_.home, 'log.key')} reports/key.xml`, 'ln -s / reports/all', 'mkfifo reports/pipe.xml', 'echo "{}" > reports/evidence-manifest.json', 'echo "<testsuites/>" > reports/new.xml',
      'mkdir -p locked/in && chmod 000 locked', 'perl -e \'for (1..3000) { mkdir "deep"; chdir "deep" }\'',
    ].join('; ');
    const ran = await console_.offer({ run: script, writes: ['reports/**'] }).run();
    expect(readFileSync(join(ran.folder, 'output.log'), 'utf8')).toBe('');
    expect(ran.files.map(({ path }) => path)).toEqual(['files/reports/new.xml']);
    expect(ran.notes.join('\n')).toMatch(/taken away before the run.*reports\/old\.xml/);
    expect(ran.notes.join('\n')).toMatch(/reports\/key\.xml: not a regular file/);
    expect(ran.notes.join('\n')).toMatch(/reports\/pipe\.xml: not a regular file/);
    expect(readdirSync(join(ran.folder, 'files/reports'))).toEqual(['new.xml']);
    expect(console_.left()).toEqual([]);
  });
});

/** Ids of the processes that run a sleep of exactly so long. */
function processesOf(seconds: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8') === `sleep\0${seconds}\0`;
    } catch {
      return false;
    }
  });
}

function isStranger(pid: string): boolean {
  try {
    return statSync(`/proc/${pid}`).uid > 1_000_000_000;
  } catch {
    return false;
  }
}
