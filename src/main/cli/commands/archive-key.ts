import { InvalidArgumentError } from 'commander';
import { printable } from '../progress-line.ts';
import { JSON_FLAG, run, type AddCommands } from './run.ts';

export const archiveKeyCommand: AddCommands = (program) => {
  const archive = program.commands.find((command) => command.name() === 'archive') ?? program.command('archive');
  archive
    .command('key')
    .description('where the key of this console’s log lies: in the system’s keyring, or in a file that only its owner can read')
    .option('--to <place>', 'move it: keyring or file', (value) => {
      if (value !== 'keyring' && value !== 'file') throw new InvalidArgumentError('It is keyring or file');
      return value;
    })
    .option(...JSON_FLAG)
    .action((options: { to?: 'keyring' | 'file'; json?: boolean }) =>
      run(options, async (session) => {
        const found = options.to === undefined ? await session.call('archive.key', {}) : await session.call('archive.moveKey', { to: options.to });
        session.print(found, () => printable(`${found.where}: ${found.place}. ${found.said}`));
      }));
};
