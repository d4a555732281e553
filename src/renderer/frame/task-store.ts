import { create } from 'zustand';
import type { CallName, Input, Output, Payload } from '../../core/contract/types.ts';
import { client, shownError } from '../core-client.ts';
import { notify } from './notice-store.ts';
import { useRoute } from './route-store.ts';

/** Long work as this window follows it. */
export interface Task {
  readonly id: string;
  readonly label: string;
  /** Where its progress and its result are shown. */
  readonly address: string;
  readonly startedAt: number;
  readonly progress: Payload<'task.progress'> | null;
  /** Per second, of what the progress counts; null until there is something to say. */
  readonly rate: number | null;
  readonly cancelling: boolean;
}

interface TaskState {
  readonly tasks: readonly Task[];
}

export const useTasks = create<TaskState>(() => ({ tasks: [] }));

/** Calls that take a `task`. */
type LongCall = { [Name in CallName]: 'task' extends keyof Input<Name> ? Name : never }[CallName];

let lastNumber = 0;

/**
 * Starts long work and follows it. It goes on while one looks elsewhere; then its end is told in a notice.
 * Throws what the call throws.
 */
export async function runTask<Name extends LongCall>(
  name: Name,
  input: Omit<Input<Name>, 'task'>,
  about: {
    readonly label: string; readonly address: string;
    /** What its end is told as where it is not seen; null: of work that nobody asked for, nothing is told. */
    readonly done: ((value: Output<Name>) => string) | null;
  },
): Promise<Output<Name>> {
  lastNumber += 1;
  const id = `window-${Date.now().toString(36)}-${lastNumber}`;
  const task: Task = { id, label: about.label, address: about.address, startedAt: performance.now(), progress: null, rate: null, cancelling: false };
  useTasks.setState(({ tasks }) => ({ tasks: [...tasks, task] }));
  try {
    // The contract says that these calls take the task's name beside their input.
    const value = await client.call(name, { ...input, task: id } as unknown as Input<Name>);
    if (about.done !== null && !isShown(about.address)) notify({ tone: 'plain', text: about.done(value), address: about.address });
    return value;
  } catch (cause) {
    const error = shownError(cause);
    if (about.done !== null && !isShown(about.address)) notify({ tone: error.code === 'cancelled' ? 'plain' : 'failed', text: `${about.label}: ${error.message}`, address: about.address });
    throw error;
  } finally {
    useTasks.setState(({ tasks }) => ({ tasks: tasks.filter((known) => known.id !== id) }));
  }
}

/** Asks the core to stop; the call itself then ends with `cancelled`. */
export async function cancelTask(id: string): Promise<void> {
  change(id, (task) => ({ ...task, cancelling: true }));
  try {
    await client.call('task.cancel', { task: id });
  } catch (cause) {
    const { message } = shownError(cause);
    notify({ tone: 'failed', text: `The work could not be cancelled: ${message}`, address: null });
  }
}

/** The work whose result belongs to this address, if some is going on. */
export function useTaskAt(address: string): Task | null {
  return useTasks(({ tasks }) => tasks.find((task) => task.address === address) ?? null);
}

/** Whether what belongs to an address is before one's eyes, in whichever tab of it. */
export function isShown(address: string, current = useRoute.getState().address): boolean {
  const place = placeOf(address);
  // The signing room shows the judging of its release as well.
  return placeOf(current) === place || current.startsWith(`${place}/sign`);
}

function placeOf(address: string): string {
  const [path = ''] = address.split('?');
  const parts = path.split('/');
  return parts[1] === 'release' && parts[3] !== 'sign' ? parts.slice(0, 3).join('/') : path;
}

function change(id: string, how: (task: Task) => Task): void {
  useTasks.setState(({ tasks }) => ({ tasks: tasks.map((task) => (task.id === id ? how(task) : task)) }));
}

client.on('task.progress', (progress) => {
  change(progress.task, (task) => {
    const seconds = (performance.now() - task.startedAt) / 1000;
    // Under half a second a rate is a guess that jumps.
    return { ...task, progress, rate: seconds > 0.5 && progress.done > 0 ? progress.done / seconds : task.rate };
  });
});

