import { AppError } from '../model/errors.ts';
import type { Payload, CallName, EventName, Output, Parsed } from './types.ts';
import type { Call } from './declare.ts';
import type { Envelope } from './envelope.ts';
import { contract } from './contract.ts';

/** Who calls: the shell fills it in; nothing from the caller's own bytes goes into it. */
export interface Caller {
  readonly shell: 'electron' | 'chromium' | 'cli' | 'test';
}

export interface Progress {
  readonly label: string;
  readonly item: string | null;
  readonly done: number;
  readonly total: number | null;
  readonly unit: Payload<'task.progress'>['unit'];
}

/** What a handler is given beside its input. */
export interface CallContext {
  readonly caller: Caller;
  readonly signal: AbortSignal;
  readonly progress: (step: Progress) => void;
}

export type Handlers = {
  readonly [Name in CallName]: (input: Parsed<Name>, context: CallContext) => Promise<Output<Name>>;
};

export type Emit = <Name extends EventName>(name: Name, payload: Payload<Name>) => void;

/** Logs a bug and returns the id under which it was logged. */
export type ReportBug = (where: string, cause: unknown) => string;

export type Dispatch = (name: string, raw: unknown, caller: Caller) => Promise<Envelope>;

/**
 * Serves the contract: own-key look-up, parse input, run, parse output, envelope.
 * Never rejects: an expected failure is an `AppError`'s shape, anything else is a bug with an id.
 */
export function serve(handlers: Omit<Handlers, 'task.cancel'>, emit: Emit, reportBug: ReportBug): Dispatch {
  const running = new Map<string, AbortController>();
  const all: Handlers = {
    ...handlers,
    'task.cancel': async ({ task }) => {
      const controller = running.get(task);
      controller?.abort(new AppError('cancelled', 'The work was cancelled.'));
      return { cancelled: controller !== undefined };
    },
  };

  return async (name, raw, caller) => {
    try {
      const declared = declaredCall(name);
      const parsed = declared.input.safeParse(raw);
      if (!parsed.success) throw badInput(name, parsed.error);
      const task = declared.long ? taskOf(parsed.data) : null;
      const controller = new AbortController();
      if (task !== null) {
        if (running.has(task)) throw new AppError('bad-input', `A task named "${task}" is already running.`);
        running.set(task, controller);
      }
      try {
        const handler = all[name as CallName] as (input: unknown, context: CallContext) => Promise<unknown>;
        const value = await handler(parsed.data, {
          caller,
          signal: controller.signal,
          progress: task === null ? () => undefined : paced((step) => emit('task.progress', { task, ...step })),
        });
        return { ok: true, value: declared.output.parse(value) };
      } finally {
        if (task !== null) running.delete(task);
      }
    } catch (cause) {
      return { ok: false, error: asAppError(name, cause, reportBug).toShape() };
    }
  };
}

/** At most so many reports of progress a second reach a window; the last of a piece of work always does. */
const PROGRESS_EVERY = 50;

function paced(report: (step: Progress) => void): (step: Progress) => void {
  let last = 0;
  let label = '';
  return (step) => {
    const now = Date.now();
    if (step.label === label && now - last < PROGRESS_EVERY && step.done !== step.total) return;
    last = now;
    label = step.label;
    report(step);
  };
}

function declaredCall(name: string): Call {
  if (!Object.hasOwn(contract, name)) throw new AppError('unknown-call', `There is no call named "${name}".`);
  const declared = contract[name as keyof typeof contract];
  if (declared.type !== 'call') throw new AppError('unknown-call', `"${name}" is an event, not a call.`);
  return declared;
}

function badInput(name: string, error: { issues: readonly { path: PropertyKey[]; message: string }[] }): AppError {
  const issue = error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? 'the input' : issue.path.map(String).join('.');
  return new AppError('bad-input', `${place}: ${issue?.message ?? 'is not what was asked for'}`, {
    details: { call: name, place },
  });
}

function taskOf(input: unknown): string | null {
  if (typeof input !== 'object' || input === null || !('task' in input)) return null;
  return typeof input.task === 'string' ? input.task : null;
}

function asAppError(name: string, cause: unknown, reportBug: ReportBug): AppError {
  if (cause instanceof AppError) return cause;
  const id = reportBug(name, cause);
  return new AppError('internal', `Something went wrong inside Countersign (${id}).`, {
    hint: 'Nothing was written by the step that failed. The log in the data folder holds the details under this id.',
    details: { id },
  });
}
