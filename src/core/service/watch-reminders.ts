import type { SavedRelease } from '../contract/contract.ts';
import type { Payload } from '../contract/types.ts';
import { tellOfSetBack } from './clock-jumps.ts';
import type { EmergencyPorts } from './emergency-ports.ts';
import { emergenciesIn } from './emergency-shown.ts';
import { emergencyReminders } from './home-emergencies.ts';
import { openWatches, watchOver } from './home-owed.ts';
import { instant } from './release-handlers.ts';
import type { Situation } from './workflow-ports.ts';

/** What somebody is told when a watch is over, or a clock of an emergency is at risk or missed. */
export type WatchEnded = Payload<'watch.ended'>;

export interface ReminderPorts extends Pick<EmergencyPorts, 'origin' | 'append'> {
  /** Does something again and again, until what it gives back is called. */
  readonly every: (milliseconds: number, work: () => void) => () => void;
  readonly now: () => Date;
  readonly situation: () => Promise<Situation>;
  readonly releases: () => Promise<readonly SavedRelease[]>;
  /** Tells whoever sits there, on the desktop or in the window. */
  readonly notify: (ended: WatchEnded) => void;
}

/** How often it is looked whether something is over. A timer to the moment would sleep as long as the machine sleeps. */
const LOOK_EVERY = 15_000;
/** Less than so much back is how clocks are. */
const SET_BACK = 60_000;

interface Reminder {
  readonly due: number;
  /** What is told in its place from then on; null where nothing is. */
  readonly until: number | null;
  readonly ended: WatchEnded;
}

/**
 * Tells of each watch that is over and not closed, and of each clock of an emergency that is at risk or missed, once as long as it runs.
 * What is due is worked out of the records, so that what came while the console was off is told of when it is on again. `changed`: the
 * archive is to be read again. A clock that was set back while an emergency runs goes on record.
 */
export function watchReminders({ every, now, situation, releases, notify, origin, append }: ReminderPorts): { readonly changed: () => void; readonly stop: () => void } {
  const told = new Set<string>();
  let open: readonly Reminder[] = [];
  let stale = true;
  let looking = false;
  let stopped = false;
  let last: Date | null = null;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      const time = now();
      const since = last;
      last = time;
      if (stale || (since !== null && time.getTime() < since.getTime() - SET_BACK)) {
        stale = false;
        const read = await situation();
        open = remindersIn(read, await releases());
        await tellOfSetBack({ origin, append }, emergenciesIn(read), since === null ? null : instant(since));
      }
      for (const { due, until, ended } of open) {
        if (stopped || due > now().getTime() || (until !== null && until <= now().getTime()) || told.has(ended.record)) continue;
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

function remindersIn(situation: Situation, releases: readonly SavedRelease[]): Reminder[] {
  return [
    ...openWatches(situation, releases).map((open) => ({ due: Date.parse(open.due), until: null, ended: { record: open.record, route: open.route, ...watchOver(open, situation) } })),
    ...emergencyReminders(situation).map(({ id, at, until, route, title, detail }) => ({ due: at, until, ended: { record: id, route, title, detail } })),
  ];
}
