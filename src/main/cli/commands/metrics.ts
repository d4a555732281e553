import { printable } from '../progress-line.ts';
import { JSON_FLAG, run, type AddCommands } from './run.ts';

/** DORA's four figures from the archive. */
export const metricsCommand: AddCommands = (program) => {
  program
    .command('metrics')
    .description('deployment frequency, lead time, change failure rate and time to restore, from the archive')
    .option('--from <time>', 'from when on (RFC 3339, UTC); 90 days before the end where it is left out')
    .option('--to <time>', 'until when; now where it is left out')
    .option('--csv', 'a line for each deployment and each rollback, as CSV')
    .option(...JSON_FLAG)
    .action((options: { readonly from?: string; readonly to?: string; readonly csv?: boolean; readonly json?: boolean }) =>
      run(options, async (session) => {
        if (options.csv === true) {
          const table = await session.call('metrics.export', { from: options.from ?? null, to: options.to ?? null, format: 'csv', folder: null });
          session.print(table, () => table.text.trimEnd());
          return;
        }
        const metrics = await session.call('metrics.read', { from: options.from ?? null, to: options.to ?? null });
        const { deployments, imported, deploymentFrequency, leadTime, changeFailureRate, timeToRestore, emergencies: { declared, denied, releases } } = metrics;
        session.print(metrics, () =>
          [
            `From ${metrics.from} to ${metrics.to}, ${deployments} production deployments${imported === 0 ? '' : `, ${imported} of them told by other programs`}`,
            `deployment frequency   ${deploymentFrequency.perWeek} a week`,
            `lead time              ${hours(leadTime)}`,
            `change failure rate    ${changeFailureRate.share === null ? 'nothing was deployed' : `${(changeFailureRate.share * 100).toFixed(1)} % (${changeFailureRate.failed} of ${deployments})`}`,
            `time to restore        ${hours(timeToRestore)}`,
            `emergencies            ${releases.percent === null ? 'nothing was deployed' : `${releases.percent} % (${releases.of} of ${releases.all} versions)`}; ${declared} declared, ${denied} of them without a criterion that held`,
          ].map(printable).join('\n'));
      }));
};

function hours({ medianHours, counted }: { readonly medianHours: number | null; readonly counted: number }): string {
  return medianHours === null ? 'the records do not say' : `${medianHours} h, the median of ${counted}`;
}
