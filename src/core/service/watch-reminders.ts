import type { SavedRelease } from '../contract/contract.ts';
import type { Payload } from '../contract/types.ts';
import { openWatches, watchOver } from './home-owed.ts';
import type { Situation } from './workflow-ports.ts';

/** What somebody is told when a watch is over. */
export type WatchEnded = Payload<'watch.ended'>;

export interface ReminderPorts {
  /** Does something again and again, until what it gives back is called. */
  readonly every: (milliseconds: number, work: () => void) => () => void;
  readonly now: () => Date;
  readonly situation: () => Promise<Situation>;
  readonly releases: () => Promise<readonly SavedRelease[]>;
  /** Tells whoever sits there, on the desktop or in the window. */
  readonly notify: (ended: WatchEnded) => void;
}

/** How often it is looked whether a watch is over. A timer to the moment would sleep as long as the machine sleeps. */
const LOOK_EVERY = 15_000;

/**
 * Tells of each watch that is over and not closed, once as long as it runs. What is due is worked out of the records, so that a
 * watch that ended while the console was off is told of when it is on again. `changed`: the archive is to be read again.
 */
export function watchReminders({ every, now, situation, releases, notify }: ReminderPorts): { readonly changed: () => void; readonly stop: () => void } {
  const told = new Set<string>();
  let open: readonly { readonly due: number; readonly ended: WatchEnded }[] = [];
  let stale = true;
  let looking = false;
  let stopped = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      if (stale) {
        stale = false;
        open = watchesIn(await situation(), await releases());
      }
      for (const { due, ended } of open) {
        if (stopped || due > now().getTime() || told.has(ended.record)) continue;
        told.add(ended.record);
        notify(ended);
      }
    } catch {
      // What could not be read now may be read at the next look; Home says why it cannot.
      stale = true;
    } finally {
      looking = false;
    }
  };
  void look();
  const quiet = every(LOOK_EVERY, () => void look());
  return {
    changed: () => {
      stale = true;
    },
    stop: () => {
      stopped = true;
      quiet();
    },
  };
}

function watchesIn(situation: Situation, releases: readonly SavedRelease[]): { readonly due: number; readonly ended: WatchEnded }[] {
  return openWatches(situation, releases).map((open) => ({ due: Date.parse(open.due), ended: { record: open.record, route: open.route, ...watchOver(open, situation) } }));
}
