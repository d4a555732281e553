import { create } from 'zustand';
import { whenAnotherSits } from '../../../frame/seat-store.ts';
import { blankOf, type Blind } from './blind.ts';

/** What was heard in a call and typed blind. It is kept nowhere but here: a reload forgets it, and so does another person at the seat. */
export interface Heard {
  readonly readBack: Blind;
  readonly code: Blind;
}

const useHeardOf = create<{ readonly of: Readonly<Record<string, Heard>> }>(() => ({ of: {} }));
whenAnotherSits(() => useHeardOf.setState({ of: {} }));

/** How many words a voice code has (FORMATS §7). */
export const CODE_WORDS = 6;

export function useHeard(request: string, readBack: number): Heard {
  const heard = useHeardOf(({ of }) => of[request] ?? null);
  return heard ?? { readBack: blankOf(readBack), code: blankOf(CODE_WORDS) };
}

export function hear(request: string, heard: Heard): void {
  useHeardOf.setState(({ of }) => ({ of: { ...of, [request]: heard } }));
}

export function forgetHeard(request: string): void {
  useHeardOf.setState(({ of }) => ({ of: Object.fromEntries(Object.entries(of).filter(([name]) => name !== request)) }));
}
