import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Signer } from '../../../core/checks/check.ts';
import type { RosterInForce } from '../../../core/model/roster.ts';
import { personByKey, rolesOf } from '../../../core/roster/people.ts';
import type { OpenPgp } from '../../../core/signing/openpgp.ts';
import { worth } from '../../../core/signing/verify-artifact.ts';
import type { Repository } from '../../../core/workflow/repository.ts';
import { certificatesOf, withKeyring } from './roster-keyring.ts';

const USES = ['approve', 'release', 'admin'] as const;

/** Verifies the signatures in commits against the roster's certificates: whose key of whichever use made each. */
export async function commitSigners(
  openpgp: OpenPgp, repository: Repository, ids: readonly string[], { roster }: RosterInForce, at: string, signal: AbortSignal,
): Promise<ReadonlyMap<string, Signer>> {
  const signers = new Map<string, Signer>();
  const certificates = [...new Set(USES.flatMap((use) => certificatesOf(roster, use)))];
  const signed = ids.length === 0 || certificates.length === 0 ? [] : await repository.signedCommits(ids, signal);
  if (signed.length === 0) return signers;
  return withKeyring(certificates, async (keyring, scratch) => {
    const [data, signature] = [join(scratch, 'commit'), join(scratch, 'commit.asc')];
    for (const commit of signed) {
      await writeFile(data, commit.payload);
      await writeFile(signature, commit.signature);
      const { signatures } = await openpgp.verify({ signature, data, keyring, signal });
      for (const made of signatures) {
        if (worth(made).today !== 'good' || made.primary === null) continue;
        const key = made.primary;
        const person = USES.map((use) => personByKey(roster, key, use)).find((holder) => holder !== null) ?? null;
        if (person !== null) signers.set(commit.id, { id: person.id, name: person.name, emails: person.emails, roles: rolesOf(roster, person, at) });
      }
    }
    return signers;
  });
}
