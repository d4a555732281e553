import type { Facts } from '../../../src/core/checks/check.ts';
import type { Status } from '../../../src/core/model/verdict.ts';

export type Given = Partial<Facts> | Promise<Partial<Facts>>;

/**
 * What a line may be told as in each state of its evidence. Out of date is what was right for another commit, another
 * version or another day: a report that names another commit is stale, a text of the commit that was left as it was has
 * failed, and what a person said of another commit leaves their question open. Nothing that is out of date, malformed or
 * missing may ever be told as green.
 */
interface Told {
  readonly passed: 'passed';
  readonly failed: 'failed';
  readonly missing: 'missing' | 'needs-person';
  readonly stale: 'stale' | 'failed' | 'missing' | 'needs-person';
  readonly malformed: 'broken' | 'failed' | 'missing' | 'needs-person';
}

export type State = keyof Told;

/** The status by which each state is told where a line can tell it plainly. */
export const PLAINLY = { passed: 'passed', failed: 'failed', missing: 'missing', stale: 'stale', malformed: 'broken' } as const satisfies Readonly<Record<State, Status>>;

export const STATES = ['passed', 'failed', 'missing', 'stale', 'malformed'] as const satisfies readonly State[];

/** A release of which a line is told in a state. */
interface Shown<Of extends State> {
  readonly given: () => Given;
  readonly status: Told[Of];
  readonly says: RegExp;
}

/**
 * Why a line has no such state, in a sentence, with what comes nearest to it and how that is told: once the line can
 * tell it after all, the example is asked for.
 */
interface Unreachable {
  readonly cannot: string;
  readonly nearest: () => Given;
  readonly status: Status;
}

export type Example<Of extends State> = Shown<Of> | Unreachable;

/** A line in every state; one that is left out does not type-check. */
export type Examples = { readonly [Of in State]: Example<Of> };
