import type { Entry } from '../model/archive.ts';
import { entryId } from './entry-id.ts';

/**
 * What an entry's claimed time says of its console's clock, held against the entry before it in the same log: nothing
 * stands before what was written earlier (FORMATS §4). Null where the clock went forward, or stood.
 */
export function clockWarning(entry: Pick<Entry, 'time' | 'boot'>, before: Pick<Entry, 'origin' | 'seq' | 'time' | 'boot'> | null): string | null {
  if (before === null || Date.parse(entry.time) >= Date.parse(before.time)) return null;
  const meanwhile = entry.boot === before.boot ? 'in the same run of the machine' : 'and the machine was started anew in between';
  return `It claims ${entry.time}, and ${entryId(before)}, which was written before it, claims ${before.time}: the clock of that console was set back, ${meanwhile}.`;
}
