import type { Verdict } from '../model/verdict.ts';
import type { Policy, PolicyLine } from '../policy/policy.ts';
import type { Attestation, Facts } from './check.ts';
import { authored } from '../roster/differ.ts';
import { uncountedFor } from './approvals.ts';
import { passed } from './judging.ts';

/**
 * A line that only a person can know: it passes by the signed word of somebody who has a role that the policy names,
 * for this version and commit. Until a roster is in force nobody's word is proved, so it stays a question, whatever a
 * record in the archive claims (FORMATS §3, §4).
 */
export function asksPerson(facts: Facts, _policy: Policy, line: PolicyLine): Verdict {
  const question = line.question ?? `${line.words}?`;
  const who = line.roles.join(' or ');
  const said = line.judged_by === 'attestation' ? facts.attestations.filter(({ check }) => check === line.id) : [];
  const judged = said.map((attestation) => ({ attestation, why: whyNotCounted(attestation, facts, line) }));
  const counts = judged.find(({ why }) => why === null)?.attestation;
  if (counts !== undefined) {
    return passed(`Attested by ${counts.signer.name} at ${counts.at}: ${counts.statement} (${counts.record})`, []);
  }
  const notes = judged.map(({ attestation: { signer, record }, why }) => `${signer.name} attested it in ${record}, ${why ?? ''}`);
  return {
    status: 'needs-person',
    question,
    roles: line.roles,
    summary: [`Asks ${who}: ${question}`, ...notes, ...uncountedFor(facts, [line.id])].join(' '),
    remedy: `An attestation signed by somebody who is ${who} in the roster in force: countersign attest ${line.id} --repo REPO --release ${facts.version} --statement WORDS --key FINGERPRINT`,
    evidence: [],
  };
}

/** Why somebody's word on a line does not count for this release; null where it does. Who tests did not write (FORMATS §5). */
function whyNotCounted({ signer, release, commit }: Attestation, { version, commit: released, range }: Facts, line: PolicyLine): string | null {
  if (release !== version) return `for ${release}`;
  if (commit !== released) return `of another commit (${commit.slice(0, 7)})`;
  if (!line.roles.some((role) => signer.roles.has(role))) return `and is not ${line.roles.join(' or ')}`;
  const own = line.section === '4.2' ? authored(signer, { range }) : null;
  if (own !== null) return `and is the author of ${own.slice(0, 12)}, which is in this release`;
  return null;
}

/** Whose word such a line rests on: a person's, which only a roster in force proves. */
export function authorityOfPerson(verdict: Verdict): 'proved' | 'unproved' {
  return verdict.status === 'passed' ? 'proved' : 'unproved';
}
