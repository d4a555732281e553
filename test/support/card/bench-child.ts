import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { BenchAnswer, BenchRequest, Ended } from './bench-messages.ts';
import { createReader } from './virtual-reader.ts';

/**
 * Runs inside a mount and a network name space of its own (`unshare -m -n`): a /run and a loopback that nobody else
 * sees, pcscd with vpcd, the reader with its card, and whatever commands the test wants run beside them. Ends with
 * the test's process.
 */
const PORT = 35_963;
const READER = 'Virtual PCD';
const folder = process.argv[2] ?? '';
const log = join(folder, 'pcscd.log');
const hand = createReader(PORT);
const commands = new Set<ChildProcess>();
let pcscd: ChildProcess | null = null;

// However this process ends, nothing of it stays.
process.on('exit', () => pcscd?.kill('SIGKILL'));

execFileSync('mount', ['-t', 'tmpfs', 'none', '/run']);
mkdirSync('/run/pcscd');
execFileSync('ip', ['link', 'set', 'lo', 'up']);
// Without quick acknowledgements every command to the card costs some 40 ms.
execFileSync('ip', ['route', 'replace', 'local', '127.0.0.1', 'dev', 'lo', 'proto', 'kernel', 'scope', 'host', 'src', '127.0.0.1', 'table', 'local', 'quickack', '1']);
writeFileSync(join(folder, 'reader.conf'), `FRIENDLYNAME "${READER}"\nDEVICENAME /dev/null:${PORT}\nLIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so\nCHANNELID ${PORT}\n`);
await startPcscd();

process.on('message', (request: BenchRequest) => {
  void carryOut(request).then(
    (ended) => answer({ id: request.id, ended, problem: null }),
    (cause: unknown) => answer({ id: request.id, ended: null, problem: cause instanceof Error ? cause.message : String(cause) }),
  );
});
process.on('disconnect', () => void tearDown());
answer({ id: 0, ended: null, problem: null });

async function carryOut(request: BenchRequest): Promise<Ended | null> {
  switch (request.ask) {
    case 'run': return runCommand(request);
    case 'insert': {
      const seen = timesLogged('Card inserted into');
      await hand.insert(request.file);
      await until(() => timesLogged('Card inserted into') > seen, 'pcscd saw no card');
      return null;
    }
    case 'pull': {
      const [removed, inserted] = [timesLogged('Card Removed From'), timesLogged('Card inserted into')];
      hand.pull();
      // A card back within pcscd's 400 ms would not have been away.
      if (inserted > removed) await until(() => timesLogged('Card Removed From') > removed, 'pcscd saw no card go');
      return null;
    }
    case 'touch': hand.touch(request.value); return null;
    case 'mute': hand.mute(request.value); return null;
    case 'break-memory': hand.breakMemory(); return null;
    case 'pull-while-signing': hand.pullWhileSigning(); return null;
    case 'until-touch-awaited': await until(hand.awaitsTouch, 'the card waits for no touch'); return null;
    case 'stop-pcscd': await end(pcscd); return null;
    case 'start-pcscd': await startPcscd(); return null;
  }
}

async function startPcscd(): Promise<void> {
  writeFileSync(log, '');
  const output = openSync(log, 'a');
  pcscd = spawn('pcscd', ['--foreground', '--info', '--config', join(folder, 'reader.conf')], { stdio: ['ignore', output, output] });
  await until(() => timesLogged('daemon ready') > 0, 'pcscd does not start');
}

function runCommand({ command, environment, input, folder: where }: BenchRequest & { readonly ask: 'run' }): Promise<Ended> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, ...environment }, ...(where === null ? {} : { cwd: where }) });
    commands.add(child);
    const heard: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
    child.stdout.on('data', (chunk: Buffer) => heard.stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => heard.stderr.push(chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', reject);
    // A daemon that a command starts may hold its output open: the command's own end counts.
    child.once('exit', (code) => {
      commands.delete(child);
      setImmediate(() => resolve({ code, stdout: Buffer.concat(heard.stdout).toString(), stderr: Buffer.concat(heard.stderr).toString() }));
    });
  });
}

async function tearDown(): Promise<never> {
  for (const child of commands) child.kill('SIGKILL');
  // Agent and card daemon of this GNUPGHOME, and no others.
  spawnSync('gpgconf', ['--kill', 'all']);
  hand.pull();
  await end(pcscd);
  process.exit(0);
}

async function end(child: ChildProcess | null): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await Promise.race([gone, wait(2_000).then(() => child.kill('SIGKILL'))]);
}

function timesLogged(words: string): number {
  return readFileSync(log, 'utf8').split(words).length - 1;
}

async function until(holds: () => boolean, problem: string): Promise<void> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    if (holds()) return;
    await wait(10);
  }
  throw new Error(`${problem}: ${readFileSync(log, 'utf8').slice(-2_000)}`);
}

function answer(message: BenchAnswer): void {
  process.send?.(message);
}
