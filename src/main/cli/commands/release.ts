import { InvalidArgumentError, type Command } from 'commander';
import type { DeploymentShown, ReleaseShown } from '../../../core/contract/plan-calls.ts';
import { DeploymentMethod, type ReleaseActName } from '../../../core/model/plan.ts';
import { PASSPHRASE_FD } from '../passphrase.ts';
import { printable } from '../progress-line.ts';
import { JSON_FLAG, run, wholeNumber, type AddCommands } from './run.ts';
import { LOCAL_KEY, signedBy, withKey, type WhoSigns } from './who-signs.ts';

interface OfRelease { readonly release: string; readonly json?: boolean }
interface Planned extends OfRelease, Partial<WhoSigns> {
  readonly repo?: string; readonly since?: string; readonly from?: string; readonly calendar?: string; readonly method?: DeploymentMethod; readonly rollback?: string; readonly previous?: string;
  readonly impact?: string; readonly draft?: boolean;
}
interface Act extends OfRelease, WhoSigns { readonly reason?: string; readonly to?: number; readonly by?: string }

const SIGNS = { 'done': '●', 'current': '◐', 'blocked': '■', 'ahead': '○', 'not-needed': '–' } as const;

/** A release through the eight steps of policy §2: planned, shown, handed on, stopped, given up. */
export const releaseCommands: AddCommands = (program) => {
  const release = program.command('release').description('a release through its eight steps: plan, show, advance, suspend, notes, timeline');
  planCommand(release);
  release
    .command('show')
    .description('the eight steps: where each stands, who brought it there, what blocks it and who can change that')
    .argument('<version>')
    .option('--policy <file>', 'another policy file')
    .option(...JSON_FLAG)
    .action((version: string, options: { readonly policy?: string; readonly json?: boolean }) =>
      run(options, async (session) => {
        const shown = await session.call('release.show', { release: version, policyFile: options.policy ?? null });
        session.print(shown, () => describe(shown));
      }));
  actCommand(release, 'advance', 'hand it on to a step, when those before it are done').requiredOption('--to <step>', 'the step, 2 to 8', wholeNumber).option('--reason <words>', 'what you want remembered of it');
  actCommand(release, 'suspend', 'stop it: nothing is deployed with authority until it is resumed').requiredOption('--reason <words>', 'why');
  actCommand(release, 'resume', 'take back the stops that stand').requiredOption('--reason <words>', 'why');
  actCommand(release, 'supersede', 'another version takes its place, for good').requiredOption('--by <version>', 'the version that does').requiredOption('--reason <words>', 'why');
  actCommand(release, 'abandon', 'give it up, for good').requiredOption('--reason <words>', 'why');
  release
    .command('notes')
    .description('release notes to start from, drafted from the range; nothing is recorded')
    .requiredOption('--release <version>', 'the version that is released')
    .requiredOption('--repo <folder>', 'the git repository')
    .option('--since <ref>', 'the tag or commit of the last release')
    .option('--out <file>', 'write them to this file')
    .option(...JSON_FLAG)
    .action((options: OfRelease & { readonly repo: string; readonly since?: string; readonly out?: string }) =>
      run(options, async (session) => {
        const { notes, scope, others } = await session.call('release.propose', { release: options.release, repo: options.repo, since: options.since ?? null, notesOut: options.out ?? null });
        session.print({ notes, scope, others }, () => (options.out === undefined ? lines(notes) : `Release notes of ${options.release} are in ${options.out}; ${others} commits are not in them.`));
      }));
  release
    .command('timeline')
    .description('everything that anybody did to it, from all logs, in order')
    .argument('<version>')
    .option('--markdown', 'print it as Markdown')
    .option('--out <file>', 'write it to this file: as JSON where its name ends in .json, else as Markdown')
    .option(...JSON_FLAG)
    .action((version: string, options: { readonly markdown?: boolean; readonly out?: string; readonly json?: boolean }) =>
      run(options, async (session) => {
        const { out } = options;
        const { events, markdown, written } = await session.call('release.timeline', { release: version, out: out === undefined ? null : { file: out, as: out.toLowerCase().endsWith('.json') ? 'json' : 'markdown' }, task: undefined });
        session.print({ release: version, events }, () => (written !== null ? printable(`Everything that was done to ${version} is in ${written}.`) : options.markdown === true ? lines(markdown) : events.map(({ at, summary, people, aside, record }) => printable(`${at}  ${summary}${people.length === 0 ? '' : `  [${people.join(', ')}]`}${aside === null ? '' : `  (${aside})`}  ${record}`)).join('\n')));
      }));
};

function planCommand(release: Command): void {
  release
    .command('plan')
    .description('sign a plan: scope, timeline, rollback plan and maintenance windows; with --draft only write one to start from')
    .requiredOption('--release <version>', 'the version that is planned')
    .option('--repo <folder>', 'the git repository, to propose the scope from')
    .option('--since <ref>', 'the tag or commit of the last release')
    .option('--from <file>', 'the plan as Markdown or JSON, as --draft writes it')
    .option('--calendar <file>', 'the iCalendar file of maintenance windows and freezes')
    .option('--method <method>', 'direct, blue-green or canary', methodOf)
    .option('--rollback <words>', 'how it is rolled back')
    .option('--previous <version>', 'the version to which it is rolled back')
    .option('--impact <words>', 'what it changes for security')
    .option('--draft', 'print a plan proposed from the range as Markdown; nothing is signed')
    .option('--key <fingerprint>', 'your key for approvals, as the roster names it')
    .option(...LOCAL_KEY)
    .option(...PASSPHRASE_FD)
    .option(...JSON_FLAG)
    .action((options: Planned) =>
      run(options, async (session) => {
        const { release: version, repo, since, from, calendar, method, rollback, previous, impact, key } = options;
        if (options.draft === true) {
          if (repo === undefined) throw new InvalidArgumentError('--draft proposes from a repository: name it with --repo');
          const proposal = await session.call('release.propose', { release: version, repo, since: since ?? null, notesOut: null });
          session.print(proposal, () => lines(proposal.document));
          return;
        }
        if (key === undefined) throw new InvalidArgumentError('A plan is signed: name your key with --key, or use --draft');
        const planned = await session.call('release.plan', {
          release: version, ...(await signedBy({ ...options, key })), from: from ?? null, repo: repo ?? null, since: since ?? null, calendar: calendar ?? null, method: method ?? null, rollbackPlan: rollback ?? null, previous: previous ?? null, securityImpact: impact ?? null,
        });
        session.print(planned, () =>
          [
            `${planned.person} planned ${version} with ${planned.fingerprint}, recorded as ${planned.record}.`, `  plan ${planned.digest}`,
            `  ${planned.plan.scope.features.length} features, ${planned.plan.scope.fixes.length} fixes, ${planned.plan.scope.security.length} security patches; ${planned.plan.method}`,
            `  ${planned.schedule?.reason ?? 'It has no calendar, so that only an emergency is deployed.'}`,
            ...(planned.replaces.length === 0 ? [] : [`  It replaces ${planned.replaces.join(', ')}; approvals of the plan before count no more.`]),
          ].map(printable).join('\n'));
      }));
}

function actCommand(release: Command, act: ReleaseActName, description: string): Command {
  return withKey(release.command(act).description(description))
    .requiredOption('--release <version>', 'the version')
    .option(...JSON_FLAG)
    .action((options: Act) =>
      run(options, async (session) => {
        const done = await session.call('release.act', { release: options.release, act, ...(await signedBy(options)), reason: options.reason ?? '', step: options.to ?? null, supersededBy: options.by ?? null });
        session.print(done, () => printable(`${done.person} signed it with ${done.fingerprint}, recorded as ${done.record}.`));
      }));
}

function describe({ release, plan, disputed, standing, steps, deployments, unratified }: ReleaseShown): string {
  return [
    `${release}: ${standing.state}${standing.by === null ? '' : ` by ${standing.by} at ${standing.at ?? ''}: ${standing.reason ?? ''} (${standing.record ?? ''})`}`,
    ...(unratified === null ? [] : [`Unratified: ${unratified.count} ${unratified.count === 1 ? 'approval' : 'approvals'} by word, ${unratified.overdue ? 'overdue since' : 'to be ratified by'} ${unratified.due}.`]),
    plan === null ? (disputed.length > 0 ? `Plans stand beside each other: ${disputed.join(', ')}` : 'Nothing is planned.') : `Planned by ${plan.by} at ${plan.at} (${plan.record}). ${plan.schedule?.reason ?? ''}`,
    ...steps.flatMap(({ number, title, state, by, since, blocks }) => [
      `${SIGNS[state]} ${number} ${title.padEnd(32)} ${state}${by === null ? '' : ` by ${by}`}${since === null ? '' : ` since ${since}`}`,
      ...(state === 'ahead' ? [] : blocks.slice(0, 12).map(({ what, who }) => `      ${what} → ${who}`)),
    ]),
    ...deployments.map(deploymentInWords),
  ].map(printable).join('\n');
}

/** One deployment in a line. */
export function deploymentInWords({ id, environment, method, state, percent, authority, aside, watch }: DeploymentShown): string {
  const watched = watch === null ? '' : watch.state === 'closed' ? `, watch closed by ${watch.closed?.by ?? ''}` : `, watched until ${watch.due} (${hours(watch.secondsLeft)} left)`;
  return `${id} to ${environment}, ${method}, ${state} at ${percent} %${authority === 'not-needed' ? '' : `, ${authority}`}${aside === null ? '' : `, ${aside}`}${watched}`;
}

function hours(seconds: number): string {
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

function lines(text: string): string {
  return text.trimEnd().split('\n').map(printable).join('\n');
}

function methodOf(value: string): DeploymentMethod {
  const parsed = DeploymentMethod.safeParse(value);
  if (!parsed.success) throw new InvalidArgumentError(`It is one of ${DeploymentMethod.options.join(', ')}`);
  return parsed.data;
}
