import { InvalidArgumentError, type Command } from 'commander';
import { DeploymentMethod } from '../../../core/model/plan.ts';
import { ReleaseType } from '../../../core/model/primitives.ts';
import { printable } from '../progress-line.ts';
import { deploymentInWords } from './release.ts';
import { collect, JSON_FLAG, run, wholeNumber, type AddCommands } from './run.ts';
import { doneBy, signedBy, withDoer, withKey, type WhoDoes, type WhoSigns } from './who-signs.ts';

interface Who extends WhoDoes { readonly json?: boolean }
interface Start extends Who {
  readonly repo: string; readonly outputs: string[]; readonly release: string; readonly type?: ReleaseType[]; readonly since?: string; readonly policy?: string;
  readonly environment: string; readonly method?: DeploymentMethod; readonly target: string; readonly config?: string; readonly unauthorised?: string;
}

/** Deployments as they happen: begun, stage by stage, watched, ended; recorded whoever does it, with authority or without. */
export const deployCommands: AddCommands = (program) => {
  const deploy = program.command('deploy').description('a deployment: start, stage, observe, finish, close');
  recorded(deploy.command('start').description('begin it: the target is verified, and production’s gate is judged at this moment'))
    .requiredOption('--repo <folder>', 'the git repository')
    .requiredOption('--outputs <folder>', 'a folder of build outputs (may be repeated)', collect)
    .requiredOption('--release <version>', 'the version that is deployed')
    .requiredOption('--environment <name>', 'staging, production or another')
    .requiredOption('--target <path>', 'what lies on the target: a list that sha256sum wrote there, or a folder')
    .option('--config <file>', 'the target’s configuration (dotenv, YAML or JSON), compared with policy §8.2')
    .option('--method <method>', 'direct, blue-green or canary; the plan’s where it is left out', methodOf)
    .option('--type <type>', 'major, minor, patch, security or emergency (may be repeated)', collectType)
    .option('--since <ref>', 'the tag or commit of the last release')
    .option('--policy <file>', 'another policy file')
    .option('--unauthorised <reason>', 'record it although authority is not there, and why it is deployed all the same')
    .action((options: Start) =>
      run(options, async (session) => {
        const { repo, outputs, release, type, since, policy, environment, method, target, config, unauthorised } = options;
        const { deployment, faults } = await session.call('deployment.start', {
          draft: { version: release, declared: type ?? [], repo, outputs, since: since ?? null, policyFile: policy ?? null }, environment, method: method ?? null, doer: await doneBy(options), target,
          configuration: config ?? null, unauthorised: unauthorised ?? null, task: undefined,
        });
        session.print({ deployment, faults }, () => [`Recorded as ${deployment.record}.`, deploymentInWords(deployment), ...faults.map((fault) => `  ${fault}`), ...nextInWords(deployment.next)].map(printable).join('\n'));
        session.finish(faults.length === 0 ? 0 : 1);
      }));
  for (const [name, act, description] of [['stage', 'stage', 'go on to the next stage of a canary'], ['fail', 'failed', 'record that it failed']] as const) {
    recorded(deploy.command(name).description(description))
      .argument('<deployment>', 'its id, or its record')
      .option('--reason <words>', act === 'failed' ? 'what failed' : 'why the stage begins before its time')
      .action((deployment: string, options: Who & { readonly reason?: string }) =>
        run(options, async (session) => {
          const shown = await session.call('deployment.stage', { deployment, act, doer: await doneBy(options), reason: options.reason ?? '' });
          session.print(shown, () => [deploymentInWords(shown), ...nextInWords(shown.next)].map(printable).join('\n'));
        }));
  }
  recorded(deploy.command('observe').description('record what is seen while it is watched, typed or from a file of JSON lines'))
    .argument('<deployment>', 'its id, or its record')
    .option('--saw <words>', 'what was seen')
    .option('--issue', 'it is an issue')
    .option('--from <file>', 'lines of JSON: {"at": TIME, "status": "ok" or "issue", "words": …}')
    .action((deployment: string, options: Who & { readonly saw?: string; readonly issue?: boolean; readonly from?: string }) =>
      run(options, async (session) => {
        const done = await session.call('deployment.observe', { deployment, doer: await doneBy(options), status: options.issue === true ? 'issue' : 'ok', words: options.saw ?? '', from: options.from ?? null });
        session.print(done, () => printable(`${done.recorded} recorded. ${deploymentInWords(done.deployment)}`));
      }));
  recorded(deploy.command('finish').description('end it: smoke and regression tests are read, the watch begins, and it is documented (policy §11.2)'))
    .argument('<deployment>', 'its id, or its record')
    .requiredOption('--smoke <file>', 'a JUnit report of the smoke tests there (may be repeated)', collect)
    .option('--regression <file>', 'a JUnit report of the regression tests there (may be repeated)', collect)
    .action((deployment: string, options: Who & { readonly smoke: string[]; readonly regression?: string[] }) =>
      run(options, async (session) => {
        const done = await session.call('deployment.finish', { deployment, doer: await doneBy(options), smoke: options.smoke, regression: options.regression ?? [], task: undefined });
        session.print(done, () => [deploymentInWords(done.deployment), `Documented as ${done.record ?? 'nothing'}.`, ...(done.problem === null ? [] : [`As told, and not vouched for here: ${done.problem}`])].map(printable).join('\n'));
        session.finish(done.deployment.state === 'finished' ? 0 : 1);
      }));
  withKey(deploy.command('finding').description('sign, as CTO, what you find of a deployment that had no authority'))
    .argument('<deployment>', 'its id, or its record')
    .requiredOption('--words <words>', 'what you find')
    .option(...JSON_FLAG)
    .action((deployment: string, options: WhoSigns & { readonly words: string; readonly json?: boolean }) =>
      run(options, async (session) => {
        const shown = await session.call('deployment.finding', { deployment, ...(await signedBy(options)), words: options.words });
        session.print(shown, () => printable(`${deploymentInWords(shown)}; ${shown.finding?.by ?? ''} found: ${shown.finding?.words ?? ''}`));
      }));
  deploy
    .command('watch')
    .description('record what other programs leave in a folder, one record of policy §11.2 a .json file, as imported, until it is interrupted')
    .argument('<folder>')
    .option('--once', 'look once')
    .option('--every <seconds>', 'how often to look', wholeNumber, 10)
    .option(...JSON_FLAG)
    .action((folder: string, options: { readonly once?: boolean; readonly every: number; readonly json?: boolean }) =>
      run(options, async (session) => {
        for (let said = ''; ; ) {
          const found = await session.call('deployment.takeIn', { folder });
          const words = [...found.taken.map(({ file, record }) => `${file} is recorded as ${record}, imported.`), ...found.refused.map(({ file, why }) => `${file} is not recorded: ${why}.`)].map(printable).join('\n');
          // What stays as it is is said once.
          if (options.once === true || (words !== said && words !== '')) session.print(found, () => (words === '' ? 'Nothing new.' : words));
          said = words;
          if (options.once === true) return;
          await new Promise((resolve) => setTimeout(resolve, Math.max(1, options.every) * 1000));
        }
      }));
  withKey(deploy.command('close').description('close the watch by your signature when it is due; a production release is documented then (policy §11.1)'))
    .argument('<deployment>', 'its id, or its record')
    .option('--repo <folder>', 'the git repository, for the record of the release')
    .option('--saw <words>', 'what was seen in all')
    .option('--issue', 'there was an issue')
    .option(...JSON_FLAG)
    .action((deployment: string, options: WhoSigns & { readonly repo?: string; readonly saw?: string; readonly issue?: boolean; readonly json?: boolean }) =>
      run(options, async (session) => {
        const done = await session.call('deployment.close', { deployment, ...(await signedBy(options)), status: options.issue === true ? 'issue' : 'ok', words: options.saw ?? '', repo: options.repo ?? null });
        session.print(done, () => [deploymentInWords(done.deployment), ...(done.release === null ? [] : [`The release is documented as ${done.release}.`]), ...(done.problem === null ? [] : [`No record of policy §11.1: ${done.problem}`])].map(printable).join('\n'));
      }));
};

function recorded(command: Command): Command {
  return withDoer(command).option(...JSON_FLAG);
}

function nextInWords(next: { readonly percent: number; readonly from: string } | null): string[] {
  return next === null ? [] : [`  The stage of ${next.percent} % follows, from ${next.from} on.`];
}

function methodOf(value: string): DeploymentMethod {
  const parsed = DeploymentMethod.safeParse(value);
  if (!parsed.success) throw new InvalidArgumentError(`It is one of ${DeploymentMethod.options.join(', ')}`);
  return parsed.data;
}

function collectType(value: string, before: readonly ReleaseType[] = []): ReleaseType[] {
  const parsed = ReleaseType.safeParse(value);
  if (!parsed.success) throw new InvalidArgumentError(`It is one of ${ReleaseType.options.join(', ')}`);
  return [...before, parsed.data];
}
