import type { CallName, Input, Output, Payload } from '../../core/contract/types.ts';
import { connect, type Client } from '../../core/contract/connect.ts';
import { AppError } from '../../core/model/errors.ts';
import { ProgressLine } from './progress-line.ts';
import { practising } from '../practising.ts';

/** One run of the command line: calls go through the same dispatch as a window's. */
export interface Session {
  readonly call: <Name extends CallName>(name: Name, input: Input<Name>) => Promise<Output<Name>>;
  /** Hears what a running call says meanwhile. */
  readonly on: Client['on'];
  /** Prints a result: JSON where it was asked for, else words. Only this writes to standard output. */
  readonly print: (value: unknown, words: () => string) => void;
  /** Says something beforehand to whoever sits there, on standard error; a program that asked for JSON is told nothing. */
  readonly note: (words: string) => void;
  readonly json: boolean;
  /** The exit code of a command that finished (FORMATS §8). */
  readonly finish: (code: 0 | 1) => void;
  readonly close: () => Promise<void>;
}

const TASK = 'command';

export function openSession(json: boolean): Session {
  const core = practising({ shell: 'cli' });
  const client: Client = connect({
    call: (name, input) => core.dispatch(name, input, { shell: 'cli' }),
    listen: core.listen,
  });
  const line = new ProgressLine(process.stderr);
  client.on('task.progress', (step: Payload<'task.progress'>) => line.show(step));
  const cancel = (): void => {
    void client.call('task.cancel', { task: TASK }).then(({ cancelled }) => {
      if (!cancelled) process.exit(130);
    });
  };
  process.on('SIGINT', cancel);
  let told = false;
  /** Whoever reads what comes of a command has to know that it is practice, a program too. */
  const tellOfDrill = async (name: string): Promise<void> => {
    if (told || name.startsWith('drill.')) return;
    told = true;
    const drill = await core.practising();
    if (drill !== null) process.stderr.write(`practising: ${drill} (countersign emergency drill end)\n`);
  };
  return {
    json,
    call: async (name, input) => {
      await tellOfDrill(name);
      try {
        return await client.call(name, (takesTask(input) ? { ...input, task: TASK } : input) as Input<typeof name>);
      } finally {
        line.clear();
      }
    },
    on: client.on,
    print: (value, words) => {
      process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${words()}\n`);
    },
    note: (words) => {
      if (!json) process.stderr.write(`${words}\n`);
    },
    finish: (code) => {
      process.exitCode = code;
    },
    close: async () => {
      process.off('SIGINT', cancel);
      await core.close();
    },
  };
}

/** Long calls say `task: undefined` to be given this run's task. */
function takesTask(input: unknown): input is { task?: string } {
  return typeof input === 'object' && input !== null && 'task' in input;
}

/** An expected failure as one clear sentence on standard error. */
export function sentenceOf(error: AppError): string {
  return [error.message, error.hint].filter((part) => part !== null).join(' ').replaceAll(/\s*\n\s*/g, ' ');
}
