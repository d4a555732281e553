import { Option } from 'commander';
import type { Output } from '../../../core/contract/types.ts';
import { printable } from '../progress-line.ts';
import { JSON_FLAG, run, type AddCommands } from './run.ts';

export const syncCommand: AddCommands = (program) => {
  program
    .command('sync')
    .description('exchange logs and attachments with a shared archive: a folder on a stick or a network share, a git remote, or a PostgreSQL database')
    .requiredOption('--to <address>', 'a folder, git+ssh://HOST/PATH, git+https://…, git+file:///PATH, or postgres://USER@HOST/DATABASE; no password in it')
    .addOption(new Option('--pull', 'take in what is new there, and publish nothing').conflicts('push'))
    .addOption(new Option('--push', 'publish what it lacks, and take nothing in').conflicts('pull'))
    .option('--check', 'read back every file that lies there, and publish anew what is not whole')
    .option(...JSON_FLAG)
    .action((options: { to: string; check?: boolean; pull?: boolean; push?: boolean; json?: boolean }) =>
      run(options, async (session) => {
        const direction = options.pull === true ? 'pull' : options.push === true ? 'push' : 'both';
        const result = await session.call('sync.run', { url: options.to, direction, check: options.check === true, task: undefined });
        session.print(result, () =>
          [
            ...result.pushed.map(({ origin, entries }) => `pushed ${entries} entries of ${origin}`),
            ...result.pulled.map(({ origin, entries }) => `pulled ${entries} entries of ${origin}`),
            ...(result.attachments === undefined ? [] : [attachmentWords(result.attachments)]),
            ...(result.rosters ?? []).map(({ message }) => message),
            ...result.problems.map(({ origin, code, message }) => `${origin}: ${code}: ${message}`),
            ...(result.pushed.length + result.pulled.length + result.problems.length === 0 && result.attachments === undefined ? [NOTHING[direction]] : []),
          ].map(printable).join('\n'),
        );
        session.finish(result.problems.length === 0 ? 0 : 1);
      }),
    );
};

function attachmentWords({ pulled, pulledBytes, pushed, pushedBytes, erased, neverHad }: NonNullable<Output<'sync.run'>['attachments']>): string {
  return `attachments: ${pulled} fetched (${pulledBytes} bytes), ${pushed} published (${pushedBytes} bytes), ${erased} withheld ones removed there${neverHad === 0 ? '' : `; ${neverHad} larger than the policy takes were left there`}`;
}

const NOTHING = {
  both: 'Nothing to exchange: both sides hold the same.',
  pull: 'Nothing to take in.',
  push: 'Nothing to publish.',
} as const;
