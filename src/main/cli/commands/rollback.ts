import { InvalidArgumentError, type Command } from 'commander';
import type { RollbackShown } from '../../../core/contract/rollback-calls.ts';
import { DeploymentMethod } from '../../../core/model/plan.ts';
import { RollbackTrigger } from '../../../core/model/records/rollback.ts';
import { printable } from '../progress-line.ts';
import { collect, JSON_FLAG, run, type AddCommands } from './run.ts';
import { doneBy, signedBy, withDoer, withKey, type WhoDoes, type WhoSigns } from './who-signs.ts';

interface Who extends WhoDoes { readonly json?: boolean }
interface Told { readonly who: string; readonly as: 'incident-team' | 'cto' | 'ciso'; readonly at: string; readonly by: string }

const SIGNS = { good: '●', bad: '■', unknown: '○' } as const;

/** Going back to the version before (policy §9): proved, decided by signature, carried out, watched, explained. */
export const rollbackCommands: AddCommands = (program) => {
  const rollback = program.command('rollback').description('going back to the version before: check, start, decide, execute, finish, cause');
  possible(rollback.command('check').description('whether it is called for, and the proof that it can be done; nothing is recorded').argument('<deployment>', 'the deployment to undo, by id or record'))
    .option('--before <file>', 'performance results of the version before')
    .option('--after <file>', 'performance results of this version')
    .action((deployment: string, options: { readonly to?: string; readonly repo: string; readonly artifacts: string; readonly before?: string; readonly after?: string; readonly json?: boolean }) =>
      run(options, async (session) => {
        if ((options.before === undefined) !== (options.after === undefined)) throw new InvalidArgumentError('Two results are compared: give --before and --after');
        const checked = await session.call('rollback.check', { deployment, to: options.to ?? null, repo: options.repo, artifacts: options.artifacts, before: options.before ?? null, after: options.after ?? null, task: undefined });
        session.print(checked, () =>
          [
            `${checked.from} to ${checked.to} in ${checked.environment}: ${checked.possible ? 'it can be done' : 'that it can be done is not proved'}`,
            ...checked.proof.map(({ id, status, words }) => `${SIGNS[status]} ${id.padEnd(18)} ${words}`),
            ...(checked.slower === null ? [] : [`${checked.slower.percent} % slower; more than ${checked.slower.threshold} % calls for a rollback (§9.1): ${checked.slower.called ? 'it does' : 'it does not'}`, ...checked.slower.figures.slice(0, 10).map(({ name, metric, unit, was, is, percent }) => `  ${name} ${metric}: ${is} ${unit}, was ${was} (${percent} % worse)`)]),
            'Triggers (§9.1):', ...checked.triggers.map(({ id, words }) => `  ${id.padEnd(24)} ${words}`),
          ].map(printable).join('\n'));
        session.finish(checked.possible ? 0 : 1);
      }));
  recorded(rollback.command('start').description('record that an issue was detected, and who was told').argument('<deployment>', 'the deployment to undo, by id or record'))
    .requiredOption('--trigger <trigger>', `one of ${RollbackTrigger.options.join(', ')}`, triggerOf)
    .requiredOption('--reason <words>', 'what was detected')
    .option('--slower <percent>', 'how much slower it is, as rollback check said', percentOf)
    .option('--told <who,as,way[,time]>', 'who was told, as incident-team, cto or ciso, and by which way (may be repeated)', collectTold)
    .action((deployment: string, options: Who & { readonly trigger: RollbackTrigger; readonly reason: string; readonly slower?: number; readonly told?: Told[] }) =>
      run(options, async (session) => {
        const shown = await session.call('rollback.start', { deployment, trigger: options.trigger, reason: options.reason, doer: await doneBy(options), notified: options.told ?? [], slowerPercent: options.slower ?? null });
        session.print(shown, () => describe(shown));
      }));
  recorded(rollback.command('notify').description('record who was told since').argument('<rollback>', 'its id, or its record'))
    .requiredOption('--told <who,as,way[,time]>', 'who was told, as incident-team, cto or ciso, and by which way (may be repeated)', collectTold)
    .action((named: string, options: Who & { readonly told: Told[] }) =>
      run(options, async (session) => {
        const shown = await session.call('rollback.notify', { rollback: named, doer: await doneBy(options), notified: options.told });
        session.print(shown, () => describe(shown));
      }));
  withKey(possible(rollback.command('decide').description('decide on it, as CTO, by your signature, with the proof before you').argument('<rollback>', 'its id, or its record')))
    .requiredOption('--reason <words>', 'why')
    .option('--anyway <reason>', 'why although the proof is not whole')
    .action((named: string, options: WhoSigns & { readonly to?: string; readonly repo: string; readonly artifacts: string; readonly reason: string; readonly anyway?: string; readonly json?: boolean }) =>
      run(options, async (session) => {
        const shown = await session.call('rollback.decide', { rollback: named, to: options.to ?? null, repo: options.repo, artifacts: options.artifacts, ...(await signedBy(options)), reason: options.reason, anyway: options.anyway ?? null, task: undefined });
        session.print(shown, () => describe(shown));
      }));
  recorded(rollback.command('execute').description('record that the version before is being deployed again').argument('<rollback>', 'its id, or its record'))
    .option('--method <method>', 'direct, blue-green or canary', methodOf, 'direct' as DeploymentMethod)
    .option('--to <version>', 'the version, where nobody decided')
    .option('--unauthorised <reason>', 'record it although nobody who may has decided, and why it is done all the same')
    .action((named: string, options: Who & { readonly method: DeploymentMethod; readonly to?: string; readonly unauthorised?: string }) =>
      run(options, async (session) => {
        const shown = await session.call('rollback.execute', { rollback: named, doer: await doneBy(options), method: options.method, unauthorised: options.unauthorised ?? null, to: options.to ?? null });
        session.print(shown, () => describe(shown));
      }));
  recorded(rollback.command('finish').description('end it: smoke tests are read, the watch and the analysis begin, and it is documented (policy §11.3)').argument('<rollback>', 'its id, or its record'))
    .requiredOption('--smoke <file>', 'a JUnit report of the smoke tests (may be repeated)', collect)
    .option('--cause-owner <person>', 'who analyses the root cause')
    .option('--cause-due <time>', 'until when (RFC 3339, UTC)')
    .action((named: string, options: Who & { readonly smoke: string[]; readonly causeOwner?: string; readonly causeDue?: string }) =>
      run(options, async (session) => {
        const done = await session.call('rollback.finish', { rollback: named, doer: await doneBy(options), smoke: options.smoke, causeOwner: options.causeOwner ?? null, causeDue: options.causeDue ?? null, task: undefined });
        session.print(done, () => [describe(done.rollback), printable(done.record === null ? `No record of policy §11.3: ${done.problem ?? ''}` : `Documented as ${done.record}.`)].join('\n'));
        session.finish(done.rollback.state === 'finished' ? 0 : 1);
      }));
  recorded(rollback.command('observe').description('record what was seen, typed or as lines of JSON').argument('<rollback>', 'its id, or its record'))
    .option('--saw <words>', 'what was seen')
    .option('--issue', 'it is an issue')
    .option('--from <file>', 'lines of {"at", "status", "words"}')
    .action((named: string, options: Who & { readonly saw?: string; readonly issue?: boolean; readonly from?: string }) =>
      run(options, async (session) => {
        const seen = await session.call('rollback.observe', { rollback: named, doer: await doneBy(options), status: options.issue === true ? 'issue' : 'ok', words: options.saw ?? '', from: options.from ?? null });
        session.print(seen, () => `${seen.recorded} recorded.\n${describe(seen.rollback)}`);
      }));
  withKey(rollback.command('close').description('close the watch by your signature when it is due').argument('<rollback>', 'its id, or its record'))
    .option('--saw <words>', 'what was seen in all')
    .option('--issue', 'there was an issue')
    .option(...JSON_FLAG)
    .action((named: string, options: WhoSigns & { readonly saw?: string; readonly issue?: boolean; readonly json?: boolean }) =>
      run(options, async (session) => {
        const shown = await session.call('rollback.close', { rollback: named, ...(await signedBy(options)), status: options.issue === true ? 'issue' : 'ok', words: options.saw ?? '' });
        session.print(shown, () => describe(shown));
      }));
  withKey(rollback.command('cause').description('say who analyses the root cause until when, or what was found, which closes it').argument('<rollback>', 'its id, or its record'))
    .option('--owner <person>', 'who analyses it')
    .option('--due <time>', 'until when (RFC 3339, UTC)')
    .option('--found <words>', 'what was found')
    .option(...JSON_FLAG)
    .action((named: string, options: WhoSigns & { readonly owner?: string; readonly due?: string; readonly found?: string; readonly json?: boolean }) =>
      run(options, async (session) => {
        const shown = await session.call('rollback.cause', { rollback: named, ...(await signedBy(options)), owner: options.owner ?? null, due: options.due ?? null, found: options.found ?? null });
        session.print(shown, () => describe(shown));
      }));
  rollback
    .command('list')
    .description('every rollback, or those whose root cause is not found yet')
    .option('--open', 'only those whose root cause is not found yet')
    .option(...JSON_FLAG)
    .action((options: { readonly open?: boolean; readonly json?: boolean }) =>
      run(options, async (session) => {
        const { rollbacks } = await session.call('rollback.list', { open: options.open === true });
        session.print({ rollbacks }, () => (rollbacks.length === 0 ? 'None.' : rollbacks.map(describe).join('\n')));
      }));
};

function recorded(command: Command): Command {
  return withDoer(command).option(...JSON_FLAG);
}

function possible(command: Command): Command {
  return command
    .option('--to <version>', 'the version to go back to; the plan’s where it is left out')
    .requiredOption('--repo <folder>', 'the git repository')
    .requiredOption('--artifacts <folder>', 'the artifacts of that version, with their signatures')
    .option(...JSON_FLAG);
}

function describe(shown: RollbackShown): string {
  const { id, record, from, to, environment, state, authority, untold, decision, cause, watch } = shown;
  return [
    `${id} in ${environment}, from ${from}${to === null ? '' : ` to ${to}`}: ${state}${authority === 'undecided' ? '' : `, ${authority}`} (${record})`,
    ...(untold.length === 0 ? [] : [`  not told yet: ${untold.join(', ')}`]),
    ...(decision === null ? [] : [`  decided by ${decision.by} at ${decision.at} (${decision.record})`]),
    ...(watch === null ? [] : [`  watch ${watch.state}, until ${watch.due}`]),
    ...(cause.owner === null ? [] : [`  root cause ${cause.state}, ${cause.owner}, due ${cause.due ?? ''}${cause.found === null ? '' : `: ${cause.found}`}`]),
  ].map(printable).join('\n');
}

function triggerOf(value: string): RollbackTrigger {
  const parsed = RollbackTrigger.safeParse(value);
  if (!parsed.success) throw new InvalidArgumentError(`It is one of ${RollbackTrigger.options.join(', ')}`);
  return parsed.data;
}

function methodOf(value: string): DeploymentMethod {
  const parsed = DeploymentMethod.safeParse(value);
  if (!parsed.success) throw new InvalidArgumentError(`It is one of ${DeploymentMethod.options.join(', ')}`);
  return parsed.data;
}

function percentOf(value: string): number {
  const percent = Number(value);
  if (value.trim() === '' || !Number.isFinite(percent)) throw new InvalidArgumentError('It is a number');
  return percent;
}

/** `Ines,ciso,telephone` or with the time at the end; now where none is said. */
function collectTold(value: string, before: readonly Told[] = []): Told[] {
  const [who = '', as = '', by = '', at] = value.split(',').map((part) => part.trim());
  if (who === '' || by === '' || (as !== 'incident-team' && as !== 'cto' && as !== 'ciso')) throw new InvalidArgumentError('It is WHO,incident-team|cto|ciso,WAY[,TIME]');
  return [...before, { who, as, by, at: at ?? `${new Date().toISOString().slice(0, 19)}Z` }];
}
