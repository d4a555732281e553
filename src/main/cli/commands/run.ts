import { InvalidArgumentError, type Command } from 'commander';
import { openSession, type Session } from '../session.ts';

/** Runs an action within a session of its own, and closes it whatever happens. */
export async function run(options: { readonly json?: boolean | undefined }, action: (session: Session) => Promise<void>): Promise<void> {
  const session = openSession(options.json === true);
  try {
    await action(session);
  } finally {
    await session.close();
  }
}

export const JSON_FLAG = ['--json', 'print JSON on standard output'] as const;

/** For options that may be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** For options that are a count. */
export function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It is a whole number');
  return Number(value);
}

export type AddCommands = (program: Command) => void;
