import type { CheckId } from '../../model/verdict.ts';
import { attest, type AcceptedEvidence, type Explanation } from './explanation.ts';

const approval = (who: string): AcceptedEvidence => ({
  what: `An approval: an in-toto statement over this release’s subject digest in a file, with the detached signature of ${who} by a key that the roster in force names for approvals`,
  kinds: [], make: ['gpg --armor --detach-sign --local-user FINGERPRINT approval.json'], samples: [],
});
const attested = (check: CheckId, what: string): AcceptedEvidence => ({ what: `An attestation of ${what}, signed by a release manager or the DevOps lead of the roster in force`, kinds: [], make: [attest(check)], samples: [] });

/** §3.6 */
export const approvals = {
  'cto-approval': {
    accepts: [approval('the CTO')],
    green: 'The CTO, or a deputy whom the roster names, approved exactly this subject digest of a major release, and authored none of it.',
    rules: [],
  },
  'ciso-approval': {
    accepts: [approval('the CISO')],
    green: 'The CISO, or a deputy whom the roster names, approved exactly this subject digest of a security patch, and authored none of it.',
    rules: [],
  },
  'deployment-scheduled': { accepts: [attested('deployment-scheduled', 'the maintenance window')], green: 'A person with the role signed in which maintenance window the deployment is.', rules: [] },
  'rollback-plan': { accepts: [attested('rollback-plan', 'the rollback plan and the version to which it returns')], green: 'A person with the role signed what the rollback plan is.', rules: [] },
} as const satisfies Record<string, Explanation>;
