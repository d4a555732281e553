import type { Handlers } from '../contract/serve.ts';
import type { Output } from '../contract/types.ts';
import type { SignedRoster } from '../roster/judge-roster.ts';
import { instant } from './release-handlers.ts';

export interface RosterPorts {
  readonly held: (at: string, signal: AbortSignal) => Promise<{ readonly signed: SignedRoster; readonly problem: string | null } | null>;
  readonly adopt: (file: string, expectedDigest: string | null, signal: AbortSignal) => Promise<SignedRoster>;
  readonly now: () => Date;
}

/** The people whose word counts (FORMATS §5). */
export function rosterHandlers(ports: RosterPorts): Pick<Handlers, 'roster.read' | 'roster.adopt'> {
  return {
    'roster.read': async (_input, { signal }) => {
      const held = await ports.held(instant(ports.now()), signal);
      return { held: held === null ? null : shown(held.signed, held.problem) };
    },
    'roster.adopt': async ({ file, digest }, { signal }) => shown(await ports.adopt(file, digest, signal), null),
  };
}

function shown({ roster, digest, signers }: SignedRoster, problem: string | null): Output<'roster.adopt'> {
  return {
    roster: roster.roster, version: roster.version, digest, expires: roster.expires, problem,
    threshold: roster.thresholds.admin, policies: roster.policy_digests,
    people: roster.people.map(({ id, name, roles, status, keys }) => ({
      id, name, roles, status,
      keys: keys.map(({ fingerprint, use, on }) => ({ fingerprint, use, on })),
      signedThis: keys.some(({ fingerprint, use }) => use.includes('admin') && signers.has(fingerprint)),
    })),
  };
}
