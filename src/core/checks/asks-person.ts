import type { Verdict } from '../model/verdict.ts';
import type { Policy, PolicyLine } from '../policy/policy.ts';
import type { Facts } from './check.ts';

/**
 * A line that only a person can know. Until a roster is in force nobody's word is proved, so it stays a question,
 * whatever a record in the archive claims (FORMATS §3, §4).
 */
export function asksPerson(_facts: Facts, _policy: Policy, line: PolicyLine): Verdict {
  const question = line.question ?? `${line.words}?`;
  const who = line.roles.join(' or ');
  return {
    status: 'needs-person',
    question,
    roles: line.roles,
    summary: `Asks ${who}: ${question}`,
    remedy:
      line.judged_by === 'approval'
        ? `The ${who}'s signature over this release, by a key that the roster in force names.`
        : `An attestation signed by somebody who is ${who} in the roster in force.`,
    evidence: [],
  };
}
