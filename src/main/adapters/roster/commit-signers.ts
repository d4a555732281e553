import type { Signer } from '../../../core/checks/check.ts';
import type { RosterInForce } from '../../../core/model/roster.ts';
import { verifyHeld } from '../../../core/openpgp/verify-held.ts';
import { personByKey, rolesOf } from '../../../core/roster/people.ts';
import type { Repository } from '../../../core/workflow/repository.ts';
import { rosterKeyring } from './roster-keyring.ts';

const USES = ['approve', 'release', 'admin'] as const;

/** Verifies the signatures in commits against the roster's certificates: whose key of whichever use made each. */
export async function commitSigners(
  repository: Repository, ids: readonly string[], { roster }: RosterInForce, at: string, signal: AbortSignal,
): Promise<ReadonlyMap<string, Signer>> {
  const signers = new Map<string, Signer>();
  const keyring = rosterKeyring([roster], ...USES);
  const signed = ids.length === 0 || keyring.certificates.length === 0 ? [] : await repository.signedCommits(ids, signal);
  for (const commit of signed) {
    for (const { today, primary } of verifyHeld(commit.signature, Buffer.from(commit.payload), keyring, new Date(at))) {
      if (today !== 'good' || primary === null) continue;
      const person = USES.map((use) => personByKey(roster, primary, use)).find((holder) => holder !== null) ?? null;
      if (person !== null) signers.set(commit.id, { id: person.id, name: person.name, emails: person.emails, roles: rolesOf(roster, person, at) });
    }
  }
  return signers;
}
