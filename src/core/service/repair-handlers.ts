import type { CallContext, Handlers } from '../contract/serve.ts';
import type { Output } from '../contract/types.ts';

export interface RepairPorts {
  /** Closes the archive where it is open here, and mends it. Errors: `storage-busy`, `storage-failed`, those of opening `from`. */
  readonly repair: (from: string | null, work: Pick<CallContext, 'signal' | 'progress'>) => Promise<Output<'archive.repair'>>;
}

/** Names what is damaged in the archive of this console, and has it back from others where it can be had. */
export function repairHandlers({ repair }: RepairPorts): Pick<Handlers, 'archive.repair'> {
  return { 'archive.repair': ({ from }, context) => repair(from, context) };
}
