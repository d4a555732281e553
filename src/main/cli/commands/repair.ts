import type { Output } from '../../../core/contract/types.ts';
import { printable } from '../progress-line.ts';
import { JSON_FLAG, run, type AddCommands } from './run.ts';

const WORDS = { whole: 'Nothing is damaged.', repaired: 'Repaired.', partly: 'Repaired in part.', 'not-repaired': 'NOT REPAIRED: nothing could be had back, and all is left as it was.' } as const;

export const repairCommand: AddCommands = (program) => {
  const archive = program.commands.find((command) => command.name() === 'archive') ?? program.command('archive');
  archive
    .command('repair')
    .description('name what is damaged in this console’s archive, and have it back from a shared archive or an export')
    .option('--from <url>', 'the shared archive or the export; without it, only what follows from the entries here is made anew')
    .option(...JSON_FLAG)
    .action((options: { from?: string; json?: boolean }) =>
      run(options, async (session) => {
        const repaired = await session.call('archive.repair', { from: options.from ?? null, task: undefined });
        session.print(repaired, () => describe(repaired));
        session.finish(repaired.verdict === 'whole' || repaired.verdict === 'repaired' ? 0 : 1);
      }),
    );
};

function describe({ verdict, found, left, logs, kept }: Output<'archive.repair'>): string {
  const problem = ({ code, message, place }: (typeof found)[number]): string => `  ${code}: ${message}${place === null ? '' : ` (${place})`}`;
  return [
    WORDS[verdict],
    ...(found.length === 0 ? [] : ['Found:', ...found.map(problem)]),
    ...(left.length === 0 || verdict === 'not-repaired' ? [] : ['Damaged still:', ...left.map(problem)]),
    ...(verdict === 'whole' ? [] : logs.map(({ origin, own, size, restored, lost }) =>
      [`  ${origin}${own ? ' (this console)' : ''}: ${size} entries, ${restored} taken from there`, ...lost.map(({ first, last }) => `entries ${first} to ${last} are lost here`)].join('; '))),
    ...(kept === null ? [] : [`The damaged database is kept as ${kept}.`]),
  ].map(printable).join('\n');
}
