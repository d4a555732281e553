import { z } from 'zod';

/** What a call does to the world: the palette, the lock and the audit read it. */
export type Effect = 'read' | 'write' | 'sign' | 'sync';

export interface Call<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly type: 'call';
  readonly effect: Effect;
  /** Long work reports `task.progress` under the caller's task id and can be cancelled. */
  readonly long: boolean;
  readonly input: Input;
  readonly output: Output;
}

export interface Event<Payload extends z.ZodType = z.ZodType> {
  readonly type: 'event';
  readonly payload: Payload;
}

/** Declares one call between a shell and the core. */
export function call<Input extends z.ZodType, Output extends z.ZodType>(declaration: {
  effect: Effect;
  long?: boolean;
  input: Input;
  output: Output;
}): Call<Input, Output> {
  return { type: 'call', long: false, ...declaration };
}

/** Declares one event from the core to its shells. */
export function event<Payload extends z.ZodType>(payload: Payload): Event<Payload> {
  return { type: 'event', payload };
}
