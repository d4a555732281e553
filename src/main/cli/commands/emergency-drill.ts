import type { Command } from 'commander';
import type { DrillReport, DrillShown } from '../../../core/contract/drill-calls.ts';
import { printable } from '../progress-line.ts';
import { JSON_FLAG, run } from './run.ts';

interface Json { readonly json?: boolean }

/** Practising an emergency (policy §10), in an archive of its own. */
export function drillCommands(emergency: Command): void {
  const drill = emergency.command('drill').description('practise an emergency, in an archive of its own: begin, status, report, end');
  drill
    .command('begin')
    .description('begin one: from then on every command here goes to the practice console, until it is ended')
    .option(...JSON_FLAG)
    .action((options: Json) =>
      run(options, async (session) => {
        const begun = await session.call('drill.begin', { task: undefined });
        session.print(begun, () => drillWords(begun));
      }));
  drill
    .command('status')
    .description('the drill that runs, with its scenario and its people, and those before it; exit 1 where none runs')
    .option(...JSON_FLAG)
    .action((options: Json) =>
      run(options, async (session) => {
        const status = await session.call('drill.status', {});
        session.print(status, () => [
          status.running === null ? 'No drill runs. countersign emergency drill begin begins one.' : drillWords(status.running),
          ...status.past.map(({ id, startedAt, endedAt, score }) => printable(`${id}: begun ${startedAt}, ${endedAt === null ? 'not ended' : `ended ${endedAt}`}${score === null ? '' : `, ${score} of 100`}`)),
        ].join('\n'));
        session.finish(status.running === null ? 1 : 0);
      }));
  drill
    .command('report')
    .description('how it went, by its own archive; of one that runs, so far')
    .argument('[drill]', 'its id; left out, the one that runs, else the newest')
    .option('--out <file>', 'the report as Markdown')
    .option(...JSON_FLAG)
    .action((id: string | undefined, options: Json & { readonly out?: string }) =>
      run(options, async (session) => {
        const report = await session.call('drill.report', { id: id ?? null, out: options.out ?? null });
        session.print(report, () => reportWords(report));
      }));
  drill
    .command('end')
    .description('end the one that runs, and say how it went; the console’s own archive answers again')
    .option(...JSON_FLAG)
    .action((options: Json) =>
      run(options, async (session) => {
        const report = await session.call('drill.end', {});
        session.print(report, () => reportWords(report));
      }));
}

function drillWords({ id, startedAt, you, scenario, cast, release }: DrillShown): string {
  return [
    `PRACTICE: ${id}, begun ${startedAt}. Nothing of it is a record of the real archive.`, ...scenario.split('\n'),
    `You are ${you.name}: ${you.roles.join(', ')}. Your key: ${you.key}, passphrase: ${you.passphrase}`,
    ...cast.flatMap(({ name, role, phone, key, passphrase, codes }) => [`${name}, ${role}, ${phone}. Key: ${key}, passphrase: ${passphrase}`, ...codes.map((code) => `  ${code.id}  ${code.words.join(' ')}`)]),
    `${release.version} in ${release.repo}, outputs in ${release.outputs}`, `Once it is deployed: target ${release.target}, smoke tests ${release.smoke}`,
    'countersign emergency drill end ends it.',
  ].map(printable).join('\n');
}

function reportWords({ id, score, points, outOfOrder }: DrillReport): string {
  return [`${id}: ${score} of 100`, ...points.map((one) => `  ${one.words}: ${one.points} of ${one.of}`), ...outOfOrder.map((words) => `  ${words}`)].map(printable).join('\n');
}
