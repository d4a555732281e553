import type { CheckId } from '../../model/verdict.ts';
import { attest, type AcceptedEvidence, type Explanation } from './explanation.ts';

const approval = (who: string, role: string): AcceptedEvidence => ({
  what: `An approval: an in-toto statement over this release’s subject digest, signed by ${who} with a key that the roster in force names for approvals, in the archive`,
  kinds: [], make: [`countersign approve --repo REPO --outputs FOLDER --release VERSION --role ${role} --reason WORDS --key FINGERPRINT`], samples: [],
});
const attested = (check: CheckId, what: string): AcceptedEvidence => ({ what: `An attestation of ${what}, signed by a release manager or the DevOps lead of the roster in force`, kinds: [], make: [attest(check)], samples: [] });

/** §3.6 */
export const approvals = {
  'cto-approval': {
    accepts: [approval('the CTO', 'cto')],
    green: 'The CTO, or a deputy whom the roster names, approved exactly this subject digest of a major release, and authored none of it. It dies when the digest changes, and by nothing else; a rejection stops the release. Where the CTO and the CISO are both asked, they are different people.',
    rules: [],
  },
  'ciso-approval': {
    accepts: [approval('the CISO', 'ciso')],
    green: 'The CISO, or a deputy whom the roster names, approved exactly this subject digest of a security patch, and authored none of it. It dies when the digest changes, and by nothing else; a rejection stops the release. Where the CTO and the CISO are both asked, they are different people.',
    rules: [],
  },
  'deployment-scheduled': { accepts: [attested('deployment-scheduled', 'the maintenance window')], green: 'A person with the role signed in which maintenance window the deployment is.', rules: [] },
  'rollback-plan': { accepts: [attested('rollback-plan', 'the rollback plan and the version to which it returns')], green: 'A person with the role signed what the rollback plan is.', rules: [] },
} as const satisfies Record<string, Explanation>;
