import { printable } from '../progress-line.ts';
import { JSON_FLAG, run, type AddCommands } from './run.ts';

const SIGNS = { 'ok': 'ok', 'warning': 'warning', 'problem': 'PROBLEM', 'not-needed': 'not needed' } as const;

export const doctorCommand: AddCommands = (program) => {
  program
    .command('doctor')
    .description('look at what this console leans on, and say what to do about what is missing')
    .option(...JSON_FLAG)
    .action((options: { json?: boolean }) =>
      run(options, async (session) => {
        const diagnosis = await session.call('console.diagnose', {});
        session.print(diagnosis, () =>
          diagnosis.checks
            .flatMap(({ id, state, message, remedy }) => [`${SIGNS[state].padEnd(10)}  ${id}: ${message}`, ...(remedy === null || state === 'ok' ? [] : [`            do: ${remedy}`])])
            .map(printable).join('\n'),
        );
        session.finish(diagnosis.healthy ? 0 : 1);
      }),
    );
};
