import { AppError } from '../model/errors.ts';
import { contract } from './contract.ts';
import { Envelope } from './envelope.ts';
import type { CallName, EventName, Input, Output, Payload } from './types.ts';

/** What a shell gives to a window: call by name, and listen. Values are JSON. */
export interface Bridge {
  readonly call: (name: string, input: unknown) => Promise<unknown>;
  readonly listen: (listener: (name: string, payload: unknown) => void) => () => void;
  /** Paths of files and folders that a person chose or dropped; bytes never cross. */
  readonly pathsOf: (files: readonly unknown[]) => Promise<readonly string[]>;
}

export interface Client {
  readonly call: <Name extends CallName>(name: Name, input: Input<Name>) => Promise<Output<Name>>;
  readonly on: <Name extends EventName>(name: Name, listener: (payload: Payload<Name>) => void) => () => void;
}

/** Turns a bridge into typed calls: an expected failure is thrown as an `AppError` with its code. */
export function connect(bridge: Pick<Bridge, 'call' | 'listen'>): Client {
  return {
    call: async (name, input) => {
      const envelope = Envelope.parse(await bridge.call(name, input));
      if (envelope.ok) return contract[name].output.parse(envelope.value) as Output<typeof name>;
      const { code, message, hint, details } = envelope.error;
      throw new AppError(code, message, hint === null ? { details } : { hint, details });
    },
    on: (name, listener) =>
      bridge.listen((heard, payload) => {
        if (heard !== name) return;
        listener(contract[name].payload.parse(payload) as Payload<typeof name>);
      }),
  };
}
