import type { Roster } from '../../../core/model/roster.ts';

type Person = Roster['people'][number];

/** Who can sign versions of the roster. */
export function administratorsOf({ people }: Roster): Person[] {
  return people.filter(({ status, keys }) => status === 'active' && keys.some(({ use }) => use.includes('admin')));
}

/** What is still possible when an administrator is lost: the next version needs the threshold of the one that is held, and its own. */
export interface AfterLoss {
  readonly left: readonly Person[];
  readonly needed: number;
  readonly possible: boolean;
  /** Afterwards nobody more may be lost. */
  readonly lastLoss: boolean;
}

export function afterLossOf(roster: Roster, id: string): AfterLoss {
  const left = administratorsOf(roster).filter((person) => person.id !== id);
  const needed = roster.thresholds.admin;
  return { left, needed, possible: left.length >= needed, lastLoss: left.length === needed };
}
