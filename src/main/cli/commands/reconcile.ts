import type { Output } from '../../../core/contract/types.ts';
import { printable } from '../progress-line.ts';
import { JSON_FLAG, run, wholeNumber, type AddCommands } from './run.ts';

interface Reconcile { readonly deployments: string; readonly from: string; readonly until: string; readonly environment?: string; readonly tolerance: number; readonly json?: boolean }

export const reconcileCommand: AddCommands = (program) => {
  program
    .command('reconcile').description('hold production’s own list of deployments against the archive, both ways')
    .requiredOption('--deployments <file>', 'JSON lines, a table (CSV) whose first line names its columns, or the export of kubectl (replica sets), GitHub or Octopus')
    .requiredOption('--from <time>', 'beginning of the period (RFC 3339, UTC)').requiredOption('--until <time>', 'its end')
    .option('--environment <name>', 'only this environment').option('--tolerance <minutes>', 'how far a record’s time may be from production’s', wholeNumber, 60).option(...JSON_FLAG)
    .action((options: Reconcile) =>
      run(options, async (session) => {
        const { deployments: file, from, until, environment, tolerance } = options;
        const found = await session.call('archive.reconcile', { file, from, until, environment: environment ?? null, toleranceMinutes: tolerance, task: undefined });
        session.print(found, () => words(found).map(printable).join('\n'));
        session.finish(found.complete ? 0 : 1);
      }),
    );
};

function words({ complete, format, listed, matched, unrecorded, undeployed, heads, silent, gaps }: Output<'archive.reconcile'>): string[] {
  return [
    `${complete ? 'Complete' : 'NOT COMPLETE'}: production lists ${listed} deployments (${format}), ${matched.length} of them are recorded.`,
    ...unrecorded.map(({ id, version, environment, at }) => `  deployed without a record: ${version}${environment === null ? '' : ` to ${environment}`} at ${at} (${id})`),
    ...undeployed.map(({ id, version, environment, at }) => `  recorded but not deployed: ${version ?? 'no version'}${environment === null ? '' : ` to ${environment}`} at ${at} (${id})`),
    ...silent.map(({ origin, owner, newest }) => `  silent: ${origin} of ${owner}, ${newest === null ? 'of which nothing was ever received' : `whose newest entry is of ${newest}`}`),
    ...gaps.map(({ origin, message }) => `  gap: ${origin}: ${message}`),
    'Compared with:', ...heads.map(({ origin, size, root }) => `  ${origin}: ${size} entries, root ${root}`),
  ];
}
