import type { Caller, Dispatch, Handlers } from '../core/contract/serve.ts';
import type { DrillCalls, PracticePlace } from '../core/service/drill-handlers.ts';
import type { WatchEnded } from '../core/service/watch-reminders.ts';

export interface Core {
  readonly dispatch: Dispatch;
  readonly listen: (listener: (name: string, payload: unknown) => void) => () => void;
  readonly home: string;
  /** Where practice consoles lie, and which one is practised on. */
  readonly practice: PracticePlace;
  /** Begins to tell of watches that are over; for a shell that somebody sits at. It ends with the core. */
  readonly remind: () => void;
  readonly close: () => Promise<void>;
}

export interface ComposeOptions {
  readonly shell: Caller['shell'];
  readonly home?: string;
  readonly now?: () => Date;
  /** Where the threads' files lie, where they were bundled elsewhere. */
  readonly workers?: { readonly hash: URL; readonly verify: URL; readonly keyring: URL };
  readonly policyFile?: string;
  /** What answers the calls of drills; left out, none is begun here. */
  readonly drill?: Pick<Handlers, DrillCalls>;
  /** A practice console: the origin of its log, whose key lies in its folder and goes with it. */
  readonly practice?: string;
  /** Tells on the desktop what the window is told as an event. */
  readonly notify?: (ended: WatchEnded) => void;
}
