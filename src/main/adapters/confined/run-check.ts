import { spawn } from 'node:child_process';
import { chown, lstat, mkdir, mkdtemp, open, readdir, rename, rm, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AppError } from '../../../core/model/errors.ts';
import type { ConfinedRunner, RunContext, RunOutcome, RunRequest } from '../../../core/workflow/confined-run.ts';
import type { Hasher } from '../hashing.ts';
import { writeManifest } from '../evidence-folder.ts';
import { checkOut } from './checkout.ts';
import { clearWritten, keepWritten } from './keep-evidence.ts';
import { confinementProblem, runConfined, type Bounds, type ConfinedResult } from './run-confined.ts';
import { NAMES, strangerId } from './walls.ts';

/** Folders of runs begin so, followed by the process that they belong to. */
const PREFIX = 'countersign-run-';
const VERSION_BOUNDS = { seconds: 30, outputBytes: 64 * 1024 };
const OUTPUT_SHOWN_EVERY = 100;
const NOTES_KEPT = 200;

interface Prepared {
  /** The run's own temporary folder, which goes when the run has ended. */
  readonly folder: string;
  readonly tree: string;
  readonly user: number | null;
}

/**
 * Runs a policy's command on a clean checkout of a commit, and writes what it left as evidence into a new folder.
 * `secrets` are folders that no command may see wherever they lie.
 */
export function createConfinedRunner(options: { readonly hasher: Hasher; readonly secrets: () => readonly string[] }): ConfinedRunner {
  return {
    problem: confinementProblem,
    run: async (request, context) => {
      const problem = confinementProblem();
      if (problem !== null) throw problem;
      await sweep();
      const prepared = await prepare();
      try {
        return await runIn(prepared, request, context, options);
      } finally {
        await cleared(prepared.folder);
      }
    },
  };
}

async function runIn(prepared: Prepared, request: RunRequest, context: RunContext, { hasher, secrets }: Parameters<typeof createConfinedRunner>[0]): Promise<RunOutcome> {
  const { command, commit } = request;
  const { tree, folder, user } = prepared;
  const { leftOut } = await checkOut(request.repository, commit, tree, {
    signal: context.signal,
    progress: (done, total) => context.progress({ label: `Checking out ${commit.slice(0, 12)}`, item: null, done, total, unit: 'files' }),
  });
  const notes = leftOut.map((line) => `not checked out: ${line}`);
  const place = await lstat(join(tree, command.folder)).catch(() => null);
  if (place?.isDirectory() !== true) throw new AppError('not-found', `Commit ${commit.slice(0, 12)} has no folder ${command.folder}.`, { hint: 'The policy file names the folder in which the command is run.', details: { folder: command.folder } });
  if (user !== null) await owned(tree, user);

  const bounds: Bounds = { seconds: command.seconds, outputBytes: command.output_bytes, processes: command.processes, memoryBytes: command.memory_bytes, diskBytes: command.disk_bytes };
  const walls = { tree, names: join(folder, 'names'), caches: command.caches, secrets: secrets(), temporaryBytes: Math.min(command.disk_bytes, 1024 * 1024 * 1024) };
  const confined = (run: string, of: Bounds, output: (bytes: Buffer) => void): Promise<ConfinedResult> =>
    runConfined({ run, folder: command.folder, bounds: of, walls, user, signal: context.signal, output });

  const log = await open(join(folder, 'output.log'), 'wx', 0o600);
  const shown = shownAsItComes(context.output);
  let writing = Promise.resolve();
  const keep = (bytes: Buffer): void => {
    writing = writing.then(() => log.writeFile(bytes));
    shown.add(bytes);
  };
  try {
    if (command.prepare !== undefined) {
      context.progress({ label: `Preparing: ${command.prepare}`, item: null, done: 0, total: null, unit: 'bytes' });
      const made = await confined(command.prepare, bounds, shown.add);
      if (made.end !== 'exited' || made.exitCode !== 0) {
        throw new AppError('environment', `The preparation ${describedEnd(made, bounds)}: ${command.prepare}`, { hint: 'What it printed says why. There is no network: a cache that the policy names must hold all that it installs.', details: { run: command.prepare } });
      }
    }
    const toolVersion = command.version === undefined ? null : await versionOf(command.version, bounds, confined);
    const stood = await clearWritten(tree, command.writes);
    if (stood.length > 0) notes.push(`taken away before the run, as it is what the command writes: ${stood.slice(0, 5).join(', ')}${stood.length > 5 ? ` and ${stood.length - 5} more` : ''}`);

    let printed = 0;
    const step = (): void => context.progress({ label: `Running: ${command.run}`, item: null, done: printed, total: null, unit: 'bytes' });
    step();
    const result = await confined(command.run, bounds, (bytes) => {
      printed += bytes.length;
      keep(bytes);
      step();
    });
    await writing;
    return await leave(request, prepared, { result, toolVersion, notes }, { hasher, context, bounds });
  } finally {
    shown.end();
    await writing.catch(() => undefined);
    await log.close();
  }
}

interface Ran {
  readonly result: ConfinedResult;
  readonly toolVersion: string | null;
  readonly notes: readonly string[];
}

/** Writes a run's record, output and files into a draft, which gets its name when it is whole. */
async function leave(
  request: RunRequest, { folder, tree }: Prepared, { result, toolVersion, notes: before }: Ran,
  { hasher, context, bounds }: { readonly hasher: Hasher; readonly context: RunContext; readonly bounds: Bounds },
): Promise<RunOutcome> {
  const { command, commit, check, authority, release } = request;
  const whole = result.end === 'exited';
  const name = `${check}-${command.name}-${commit.slice(0, 12)}-${request.at.replaceAll(/[-:]/g, '')}`;
  const out = resolve(request.out);
  const target = join(out, name);
  if ((await lstat(target).catch(() => null)) !== null) throw new AppError('already-exists', `${target} is there already.`, { hint: 'Run it again in a second.', details: { path: target } });
  await mkdir(out, { recursive: true }).catch((cause: unknown) => {
    throw new AppError('environment', `${out} could not be made: ${cause instanceof Error ? cause.message : String(cause)}`, { details: { path: out }, cause });
  });
  const draft = await mkdtemp(join(out, '.countersign-run-'));
  try {
    await chmod(draft, 0o755);
    // Of a command that was stopped nothing is kept but what it printed: half a report may read like a whole one.
    const kept = whole ? await keepWritten(tree, command.writes, join(draft, 'files'), context.signal) : { files: [], notes: [] };
    const notes = [...before, ...kept.notes.slice(0, NOTES_KEPT), ...(kept.notes.length > NOTES_KEPT ? [`${kept.notes.length - NOTES_KEPT} more were left out`] : []), ...(whole ? [] : [`the command ${describedEnd(result, bounds)}, so no file of it is kept`])];
    const record = {
      v: 1, release, check, name: command.name, run: command.run, prepare: command.prepare ?? null, folder: command.folder, commit,
      policyDigest: request.policyDigest, authority, at: request.at, ...result, toolVersion, files: kept.files, notes,
    };
    await writeFile(join(draft, 'run.json'), `${JSON.stringify({ countersignRun: record }, null, 2)}\n`, { flag: 'wx' });
    await copyLog(join(folder, 'output.log'), join(draft, 'output.log'));
    if (whole) {
      const proof = authority === 'proved' ? 'policy pinned by the roster in force' : 'unproved: no roster in force';
      await writeManifest(draft, {
        commit, run: `countersign run ${check} ${command.name} at ${request.at}, exit ${result.exitCode ?? 'by signal'}; ${proof}`, hasher, signal: context.signal,
        progress: (item, done, total) => context.progress({ label: 'Hashing', item, done, total, unit: 'files' }),
      });
    }
    await rename(draft, target);
    return { folder: target, ...result, toolVersion, files: kept.files, bound: whole, notes };
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    throw cause;
  }
}

async function copyLog(from: string, to: string): Promise<void> {
  const source = await open(from, 'r');
  await writeFile(to, source.createReadStream(), { flag: 'wx' });
}

async function versionOf(run: string, bounds: Bounds, confined: (run: string, of: Bounds, output: (bytes: Buffer) => void) => Promise<ConfinedResult>): Promise<string | null> {
  const pieces: Buffer[] = [];
  const { exitCode } = await confined(run, { ...bounds, ...VERSION_BOUNDS }, (bytes) => pieces.push(bytes));
  const line = Buffer.concat(pieces).toString('utf8').trim().split('\n')[0]?.trim().slice(0, 200) ?? '';
  return exitCode === 0 && line !== '' ? line : null;
}

/** Hands on text a few times a second, never in the middle of a character. */
function shownAsItComes(show: (text: string) => void): { readonly add: (bytes: Buffer) => void; readonly end: () => void } {
  const decoder = new TextDecoder();
  let waiting = '';
  let timer: NodeJS.Timeout | null = null;
  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (waiting !== '') show(readable(waiting));
    waiting = '';
  };
  return {
    add: (bytes) => {
      waiting += decoder.decode(bytes, { stream: true });
      if (waiting.length > 64 * 1024) flush();
      else timer ??= setTimeout(flush, OUTPUT_SHOWN_EVERY);
    },
    end: flush,
  };
}

/** Colours and moves of the cursor say nothing on a page; a line that is written over becomes a line. */
function readable(text: string): string {
  return text.replaceAll(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '').replaceAll(/\r\n?/g, '\n').replaceAll('\t', '    ');
}

function describedEnd({ end, exitCode }: ConfinedResult, bounds: Bounds): string {
  if (end === 'timed-out') return `took longer than ${bounds.seconds} s`;
  if (end === 'too-much-output') return `printed more than ${bounds.outputBytes} bytes`;
  if (end === 'too-much-written') return `wrote more than ${bounds.diskBytes} bytes`;
  return `ended with ${exitCode ?? 'a signal'}`;
}

async function prepare(): Promise<Prepared> {
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const user = strangerId();
  await mkdir(join(folder, 'tree'));
  await mkdir(join(folder, 'names'));
  await chmod(join(folder, 'names'), 0o755);
  for (const [name, text] of Object.entries(NAMES)) {
    await writeFile(join(folder, 'names', name), text);
    await chmod(join(folder, 'names', name), 0o644);
  }
  // The stranger must get as far as the checkout, and nobody else.
  if (user !== null) await chown(folder, user, user);
  return { folder, tree: join(folder, 'tree'), user };
}

/** Gives a checkout to the user that the command runs under; links are given themselves, not what they lead to. */
async function owned(tree: string, user: number): Promise<void> {
  await ran('chown', ['--recursive', '--no-dereference', '--', `${user}:${user}`, tree]);
}

/** Takes away all that a run left, however deep and whatever modes it gave. */
async function cleared(folder: string): Promise<void> {
  // `rm` walks by descriptors: it takes away trees that are deeper than any path may be long.
  if ((await ran('rm', ['-rf', '--one-file-system', '--', folder])) === 0) return;
  await ran('chmod', ['-R', 'u+rwX', '--', folder]);
  await ran('rm', ['-rf', '--one-file-system', '--', folder]);
}

/** Folders that a console left when it was killed in the middle of a run. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const pid = /^countersign-run-(\d{1,9})-[A-Za-z0-9]{6}$/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const found = await lstat(join(tmpdir(), name)).catch(() => null);
    if (found?.isDirectory() === true) await cleared(join(tmpdir(), name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException | null)?.code !== 'ESRCH';
  }
}

function ran(program: string, args: readonly string[]): Promise<number> {
  return new Promise((done) => {
    const child = spawn(program, args, { stdio: 'ignore', env: { PATH: '/usr/bin:/bin' }, cwd: '/' });
    child.once('error', () => done(127));
    child.once('exit', (code) => done(code ?? 1));
  });
}
