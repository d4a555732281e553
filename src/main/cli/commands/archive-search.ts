import type { Output } from '../../../core/contract/types.ts';
import { printable } from '../progress-line.ts';
import { JSON_FLAG, run, wholeNumber, type AddCommands } from './run.ts';

/** Under `archive`: finding entries by what they say. */
export const archiveSearchCommand: AddCommands = (program) => {
  const archive = program.commands.find((command) => command.name() === 'archive') ?? program.command('archive');
  archive
    .command('search')
    .description('find entries of every known log, newest first: words, begin*, "a phrase", type:rollback version:v1.1 by:NAME before:2026-03-01; "-" before what must not be there')
    .argument('[query...]', 'what to look for; all of it must be there. The shell takes quotes away: write \'"two words"\'')
    .option('--offset <number>', 'leave out so many', wholeNumber, 0)
    .option('--limit <number>', 'print so many at the most', wholeNumber, 200)
    .option(...JSON_FLAG)
    // "-type:drift" is a condition; an option that is none is refused by the query, which has no "--".
    .allowUnknownOption()
    .action((query: string[], options: { offset: number; limit: number; json?: boolean }) =>
      run(options, async (session) => {
        const found = await session.call('archive.search', { query: query.join(' '), offset: options.offset, limit: options.limit, whole: true, task: undefined });
        session.print(found, () => words(found, options.offset));
      }),
    );
};

function words({ total, entries }: Output<'archive.search'>, offset: number): string {
  if (total === 0) return 'No entry answers to this.';
  const lines = entries.map(({ id, time, event_type, summary, imported, person }) => `${id}  ${time}  ${event_type}${imported ? ' (imported)' : ''}${person === 'not-proven' ? ' (person not proven)' : ''}  ${summary}`);
  const left = total - entries.length - Math.min(offset, total);
  return [...lines, ...(left > 0 || offset > 0 ? [`${total} in all, ${entries.length} printed from ${offset} on; --offset and --limit print others.`] : [])].map(printable).join('\n');
}
