import type { AssessmentPorts } from '../workflow/assess-release.ts';
import { deploymentRules, withoutAuthority } from '../workflow/deployment-rules.ts';
import { expeditedFor } from '../workflow/expedited.ts';
import { RELEASE_EVENTS, type ActPorts } from './read-acts.ts';

/** Looks through all logs for the emergency that a release mends. */
export function expeditedIn(readActs: ActPorts['readActs']): AssessmentPorts['expedited'] {
  return async (release, roster, { policy, digest }, at) => {
    const rules = deploymentRules(policy);
    // FORMATS §5: another policy may be looked at, and gives nobody authority.
    const named = roster.roster.policy_digests.includes(digest);
    return expeditedFor(await readActs({ release: null, types: RELEASE_EVENTS }, roster, at), release, named ? rules : withoutAuthority(rules), policy, at);
  };
}
