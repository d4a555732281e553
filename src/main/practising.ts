import { connect, type Client } from '../core/contract/connect.ts';
import { contract } from '../core/contract/contract.ts';
import type { Caller } from '../core/contract/serve.ts';
import { AppError } from '../core/model/errors.ts';
import { drillHandlers } from '../core/service/drill-handlers.ts';
import { compose, type ComposeOptions, type Core } from './compose.ts';

/** What does the work of a drill on a practice console is no window, so it needs no seat there. */
const PREPARING: Caller = { shell: 'cli' };

/** A console that can practise: while a drill runs, every other call goes to the practice console and its own archive. */
export interface PractisingCore extends Core {
  /** The drill that answers now; null where the console's own archive does. */
  readonly practising: () => Promise<string | null>;
}

interface Inner {
  readonly id: string;
  readonly core: Core;
  readonly stop: () => void;
  /** So many calls run in it; it is closed after the last of them. */
  busy: number;
  ended: boolean;
}

/** Builds the core as a shell uses it: with a second one on the data folder of the drill that runs, wherever it was begun. */
export function practising(options: ComposeOptions): PractisingCore {
  const listeners = new Set<(name: string, payload: unknown) => void>();
  const tell = (name: string, payload: unknown): void => {
    for (const listener of listeners) listener(name, payload);
  };
  const { notify: _notify, ...practice } = options;
  // What a drill tells is never told on the desktop: it could be taken for an emergency.
  const consoleOf = (id: string): Core => compose({ ...practice, home: outer.practice.folderOf(id), practice: `practice.invalid/${id}` });
  const outer: Core = compose({
    ...options,
    drill: drillHandlers({
      now: options.now ?? (() => new Date()), place: () => outer.practice,
      open: (id) => {
        const core = consoleOf(id);
        return { client: connect({ call: (name, input) => core.dispatch(name, input, PREPARING), listen: core.listen }), close: core.close };
      },
      settings: () => own().call('settings.read', {}), emergencies: async () => (await own().call('emergency.status', { emergency: null })).emergencies,
    }),
  });
  const own = (): Client => connect({ call: (name, input) => outer.dispatch(name, input, PREPARING), listen: outer.listen });
  outer.listen(tell);

  let inner: Inner | null = null;
  let known: string | null | undefined;
  const retire = async (one: Inner): Promise<void> => {
    one.ended = true;
    if (one.busy > 0) return;
    one.stop();
    await one.core.close();
  };
  /** The practice console of the drill that runs now; another process may have begun or ended one since the last call. */
  const current = async (): Promise<Inner | null> => {
    const id = await outer.practice.running();
    const changed = known !== undefined && known !== id;
    known = id;
    if ((inner?.id ?? null) !== id) {
      const before = inner;
      inner = null;
      if (id !== null) {
        const core = consoleOf(id);
        inner = { id, core, stop: core.listen(tell), busy: 0, ended: false };
      }
      if (before !== null) await retire(before);
    }
    if (changed) tell('drill.changed', { running: id });
    return inner;
  };

  const dispatch: Core['dispatch'] = async (name, raw, caller) => {
    const here = await current();
    if (here === null || name.startsWith('drill.')) {
      const answer = await outer.dispatch(name, raw, caller);
      if (name === 'drill.begin' || name === 'drill.end') await current();
      return answer;
    }
    if (leavesTheMachine(name)) return { ok: false, error: new AppError('not-permitted', `The drill ${here.id} runs, and nothing of it leaves this machine.`, { hint: 'End the drill first: countersign emergency drill end' }).toShape() };
    here.busy += 1;
    try {
      const answer = await here.core.dispatch(name, raw, caller);
      // What was begun before the drill is cancelled where it runs.
      return name === 'task.cancel' && answer.ok && !contract['task.cancel'].output.parse(answer.value).cancelled ? await outer.dispatch(name, raw, caller) : answer;
    } finally {
      here.busy -= 1;
      if (here.ended) await retire(here);
    }
  };

  return {
    ...outer, dispatch,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    practising: async () => (await current())?.id ?? null,
    close: async () => {
      if (inner !== null) await retire(inner);
      await outer.close();
    },
  };
}

/** A practice log must not get into an archive that others share. */
function leavesTheMachine(name: string): boolean {
  const declared = Object.hasOwn(contract, name) ? contract[name as keyof typeof contract] : null;
  return declared?.type === 'call' && declared.effect === 'sync';
}
