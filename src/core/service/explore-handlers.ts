import type { CallContext, Handlers } from '../contract/serve.ts';
import type { Output, Parsed } from '../contract/types.ts';
import { proofPath } from '../archive/proof-path.ts';
import { entryId } from '../archive/entry-id.ts';
import { openCheckpoint, readCheckpoint } from '../archive/checkpoint.ts';
import { parseVerifierKey } from '../archive/note.ts';
import { formatTlogProof } from '../archive/tlog-proof.ts';
import { leafHash } from '../archive/tree.ts';
import { AppError } from '../model/errors.ts';
import type { EntryProof } from './proof-handlers.ts';

type Work = Pick<CallContext, 'signal' | 'progress'>;

/** The archive as it is looked through. */
export interface Explorer {
  readonly search: (query: Parsed<'archive.search'>, work: Work) => Promise<Output<'archive.search'>>;
  readonly timeline: (query: Parsed<'archive.timeline'>, work: Work) => Promise<Output<'archive.timeline'>>;
  readonly forks: () => Promise<Output<'archive.forks'>['forks']>;
  /** Who cosigned a log's checkpoint of this size. */
  readonly cosigned: (origin: string, size: number) => Promise<Output<'archive.path'>['witnesses']>;
}

export interface ExplorePorts {
  readonly explorer: () => Promise<Explorer>;
  /** Errors: `not-found`, `bad-input`. */
  readonly prove: (id: string) => Promise<EntryProof>;
}

/** Searching the archive, and looking at its logs over time and as trees. */
export function exploreHandlers({ explorer, prove }: ExplorePorts): Pick<Handlers, 'archive.search' | 'archive.timeline' | 'archive.path' | 'archive.forks'> {
  return {
    'archive.search': async (query, context) => (await explorer()).search(query, context),
    'archive.timeline': async (query, context) => (await explorer()).timeline(query, context),
    'archive.path': async ({ id }) => {
      const proven = await prove(id);
      const { origin, index, size, vkey, entry, checkpoint } = proven;
      const leaf = leafHash(entry);
      const steps = proofPath({ leaf, index, size, hashes: proven.hashes });
      const { root } = readCheckpoint(checkpoint);
      const comesTo = steps.at(-1)?.parent ?? leaf;
      return {
        id: entryId({ origin, seq: index }), origin, index, size, vkey, leaf: leaf.toString('hex'), root: root.toString('hex'),
        steps: steps.map(({ sibling, parent, ...place }) => ({ ...place, sibling: sibling.toString('hex'), parent: parent.toString('hex') })),
        holds: comesTo.equals(root) && isSigned(checkpoint, vkey),
        checkpoint: checkpoint.toString('utf8'), proof: formatTlogProof(proven).toString('utf8'), witnesses: await (await explorer()).cosigned(origin, size),
      };
    },
    'archive.forks': async () => ({ forks: await (await explorer()).forks() }),
  };
}

function isSigned(checkpoint: Uint8Array, vkey: string): boolean {
  try {
    openCheckpoint(checkpoint, parseVerifierKey(vkey));
    return true;
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return false;
  }
}
