import { InvalidArgumentError } from 'commander';
import { createInterface } from 'node:readline/promises';
import type { CommandRun, OfferedCommand } from '../../../core/contract/policy-calls.ts';
import type { Output } from '../../../core/contract/types.ts';
import { AppError } from '../../../core/model/errors.ts';
import { CheckId } from '../../../core/model/verdict.ts';
import { printable } from '../progress-line.ts';
import { JSON_FLAG, run, type AddCommands } from './run.ts';

interface Options {
  readonly repo: string; readonly release: string; readonly out?: string; readonly policy?: string; readonly name?: string;
  readonly list?: boolean; readonly yes?: boolean; readonly withoutRoster?: boolean; readonly json?: boolean;
}

export const runCheckCommand: AddCommands = (program) => {
  program
    .command('run')
    .description('run a line’s command of the policy on a clean checkout, behind walls, and keep what it leaves as evidence')
    .argument('[check-id]', 'the line whose command is run', checkIdOf)
    .requiredOption('--repo <folder>', 'the git repository')
    .requiredOption('--release <version>', 'the version that is released; its tag, else HEAD, is what is run')
    .option('--out <folder>', 'where the evidence goes, in a folder of its own')
    .option('--name <name>', 'which command, where the line has several')
    .option('--policy <file>', 'another policy file')
    .option('--list', 'show what there is to run, and run nothing')
    .option('--yes', 'the command was looked at: run it without asking')
    .option('--without-roster', 'run it though no roster vouches for the policy file; its evidence is marked unproved')
    .option(...JSON_FLAG)
    .action((check: CheckId | undefined, options: Options) =>
      run(options, async (session) => {
        const offer = await session.call('command.list', { repo: options.repo, version: options.release, policyFile: options.policy ?? null });
        if (options.list === true) return session.print(offer, () => describeOffer(offer, check));
        if (check === undefined || options.out === undefined) {
          throw new AppError('bad-input', `Name ${check === undefined ? 'the line whose command is to be run' : 'the folder for its evidence with --out'}.`, { hint: 'countersign run --list shows what there is.' });
        }
        if (offer.refusal !== null) throw new AppError(offer.refusal.code, offer.refusal.message, { ...(offer.refusal.hint === null ? {} : { hint: offer.refusal.hint }), details: offer.refusal.details });
        const chosen = choose(offer.commands, check, options.name);
        process.stderr.write(`${describeCommand(chosen, offer).map(printable).join('\n')}\n`);
        await confirm(options, offer);
        const stop = session.on('command.output', showOutput());
        const ran = await session.call('command.run', {
          repo: options.repo, version: options.release, policyFile: options.policy ?? null, check, name: chosen.name, out: options.out, confirmed: true,
          withoutRoster: offer.authority === 'unproved', expected: { policyDigest: offer.policy.digest, commit: offer.commit }, task: undefined,
        }).finally(stop);
        session.print(ran, () => describeRun(ran));
        session.finish(ran.end === 'exited' && ran.exitCode === 0 ? 0 : 1);
      }),
    );
};

type Offer = Output<'command.list'>;

function checkIdOf(value: string): CheckId {
  const parsed = CheckId.safeParse(value);
  if (!parsed.success) throw new InvalidArgumentError('countersign explain --list names the lines');
  return parsed.data;
}

function choose(commands: readonly OfferedCommand[], check: CheckId, name: string | undefined): OfferedCommand {
  const fitting = commands.filter((command) => command.check === check && (name === undefined || command.name === name));
  const [first, second] = fitting;
  if (first === undefined) throw new AppError('not-found', `The policy has no command${name === undefined ? '' : ` "${name}"`} for ${check} and this commit.`, { hint: 'countersign run --list shows what there is.' });
  if (second !== undefined) throw new AppError('bad-input', `${check} has several commands: ${fitting.map((command) => command.name).join(', ')}.`, { hint: 'Name one with --name.' });
  return first;
}

/** Asks on a terminal; where there is none, both consents must have been given on the command line. */
async function confirm(options: Options, { authority }: Offer): Promise<void> {
  const terminal = process.stdin.isTTY && process.stderr.isTTY;
  const questions = [
    ...(authority === 'unproved' && options.withoutRoster !== true ? [['--without-roster', 'No roster is in force, so nobody vouches for this command. Run it all the same, its evidence marked as unproved?'] as const] : []),
    ...(options.yes === true ? [] : [['--yes', 'It runs the repository’s own code. Run it?'] as const]),
  ];
  for (const [flag, question] of questions) {
    if (!terminal) throw new AppError('not-permitted', `${question} Nobody is here to be asked.`, { hint: `Look at the command, then add ${flag}.` });
    const asked = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await asked.question(`${question} [y/N] `).finally(() => asked.close());
    if (!/^y(?:es)?$/i.test(answer.trim())) throw new AppError('cancelled', 'It was not run.');
  }
}

/** What a command prints, as plain text; the line of progress makes room for it. */
function showOutput(): (payload: { readonly text: string }) => void {
  let beginsLine = true;
  return ({ text }) => {
    if (beginsLine && process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    process.stderr.write(text.split('\n').map(printable).join('\n'));
    beginsLine = text.endsWith('\n');
  };
}

function describeOffer(offer: Offer, check: CheckId | undefined): string {
  const shown = offer.commands.filter((command) => check === undefined || command.check === check);
  const lines = shown.length === 0
    ? [`${offer.policy.file} has no command for ${check ?? 'any line'} and this commit.`]
    : shown.flatMap((command) => ['', ...describeCommand(command, offer)]).slice(1);
  return [...lines, ...(offer.refusal === null ? [] : ['', `Not run here: ${offer.refusal.message} ${offer.refusal.hint ?? ''}`.trim()])].map(printable).join('\n');
}

function describeCommand({ check, name, run: command, folder, prepare, caches, writes, seconds }: OfferedCommand, { commit, policy, authority }: Offer): string[] {
  return [
    `${check} (${name})`,
    ...(prepare === null ? [] : [`  prepare  ${prepare}`]),
    `  command  ${command}`,
    `  folder   ${folder} of commit ${commit.slice(0, 12)}`,
    ...caches.map((cache) => `  reads    ${cache.folder} as /cache/${cache.name}`),
    `  keeps    ${writes.length === 0 ? 'what it prints' : writes.join(', ')}`,
    `  at most  ${seconds} s, no network, no home, no keys`,
    `  policy   ${policy.file}, ${authority === 'proved' ? 'pinned by the roster in force' : authority === 'unproved' ? 'unproved: no roster is in force' : 'not pinned by the roster in force'}`,
  ];
}

function describeRun(ran: CommandRun): string {
  const ends: Readonly<Record<CommandRun['end'], string>> = {
    'exited': `ended with ${ran.exitCode ?? 'a signal'}`, 'timed-out': 'took too long and was stopped', 'too-much-output': 'printed too much and was stopped', 'too-much-written': 'wrote too much and was stopped',
  };
  return [
    `${ran.check} (${ran.name}) ${ends[ran.end]} after ${ran.seconds} s${ran.toolVersion === null ? '' : `, ${ran.toolVersion}`}`,
    `output   ${ran.outputBytes} bytes, sha256 ${ran.outputSha256}`,
    ...ran.files.map(({ path, sha256 }) => `file     ${path}, sha256 ${sha256}`),
    ...ran.notes.map((note) => `note     ${note}`),
    `evidence ${ran.folder}${ran.bound ? `, bound to ${ran.commit.slice(0, 12)}` : ', bound to no commit'}${ran.authority === 'unproved' ? '; unproved: no roster in force' : ''}`,
  ].map(printable).join('\n');
}
