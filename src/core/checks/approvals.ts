import type { Verdict } from '../model/verdict.ts';
import type { Policy, PolicyLine } from '../policy/policy.ts';
import { authored, clashOf, samePerson } from '../roster/differ.ts';
import type { Approval, Check, Facts } from './check.ts';
import { failed, passed } from './judging.ts';

/**
 * A line that an approval decides (§3.6, FORMATS §6): signed over exactly this subject digest by as many different people as the
 * policy asks for, each of whom has the role and authored nothing of it. A rejection stops the release. An approval of what
 * the release no longer is stands there, and counts for nothing.
 */
export const evaluateApproval: Check['evaluate'] = (facts, policy, line) => {
  const decided = facts.approvals.filter(({ role }) => line.roles.includes(role));
  const living = decided.filter((approval) => isLiving(approval, facts));
  const judged = living.filter(({ decision }) => decision === 'approve').map((approval) => ({ approval, why: whyNotCounted(approval, facts, line) }));
  const counts = different(judged.filter(({ why }) => why === null).map(({ approval }) => approval));
  const least = policy.parameters.approvers_minimum.value;
  if (counts.length >= least) {
    const said = counts.map(({ signer, role, at, reason, record, spoken }) => `${signer.name}, ${role}, at ${at}${spoken === undefined ? '' : ` (${spoken})`}${reason === '' ? '' : `: ${reason}`} (${record})`);
    return passed(`Approved by ${said.join('; and by ')}`, []);
  }
  const dead = decided.filter((approval) => approval.decision === 'approve' && !living.includes(approval));
  return asked(facts, line, [
    ...(counts.length === 0 ? [] : [`${counts.map(({ signer }) => signer.name).join(', ')} approved it, and the policy asks for ${least} people.`]),
    ...judged.flatMap(({ approval: { signer, record }, why }) => (why === null ? [] : [`${signer.name} approved it in ${record}, ${why}.`])),
    ...dead.slice(0, MOST_TOLD).map(({ signer, record, subjectDigest }) => `${signer.name} approved it in ${record} as ${subjectDigest.slice(0, 12)}; it has changed since, and is ${(facts.subjectDigest ?? '').slice(0, 12)} now.`),
    ...uncountedFor(facts, line.roles),
  ]);
};

/**
 * What stops a release whichever line it is of: a living rejection by somebody who had the role (FORMATS §6), told where approvals of
 * that role are, and else, as a withdrawal is, where its deployment is scheduled. Null where nothing does.
 */
export function stopped(facts: Facts, policy: Policy, line: PolicyLine): Verdict | null {
  const approvedBy = new Set(policy.lines.filter(({ judged_by }) => judged_by === 'approval').flatMap(({ roles }) => roles));
  const told = (role: string): boolean => (line.judged_by === 'approval' ? line.roles.includes(role) : line.id === 'deployment-scheduled' && !approvedBy.has(role));
  const rejections = facts.approvals.filter((one) => one.decision === 'reject' && isLiving(one, facts) && one.signer.roles.has(one.role) && told(one.role));
  if (rejections.length > 0) {
    const said = rejections.map(({ signer, at, reason, record, spoken }) => `${signer.name} ${spoken === undefined ? 'rejected it' : `refused it ${spoken},`} at ${at}: ${reason} (${record})`);
    return failed(said.join('; '), 'Mend what the rejection names; an approval can be asked for again once the release has changed.', []);
  }
  const withdrawn = line.id === 'deployment-scheduled' ? facts.withdrawals.filter(({ role, signer }) => signer.roles.has(role) && policy.parameters.withdrawal_roles.value.includes(role)) : [];
  if (withdrawn.length === 0) return null;
  return failed(withdrawn.map(({ signer, at, reason, record }) => `${signer.name} withdrew it at ${at}: ${reason} (${record})`).join('; '), 'A withdrawn version is not deployed any more: mend it, and release it under another version.', []);
}

function isLiving({ subjectDigest }: Approval, facts: Facts): boolean {
  return subjectDigest === facts.subjectDigest;
}

/** Anybody can write any number of them into a log of their own. */
const MOST_TOLD = 50;

/** One approval a person, the first of each. */
function different(approvals: readonly Approval[]): Approval[] {
  return approvals.filter((approval, index) => !approvals.slice(0, index).some(({ signer }) => samePerson(signer, approval.signer)));
}

/** What was recorded about a check or a role and does not count, in words (FORMATS §4, §5). */
export function uncountedFor({ uncounted }: Pick<Facts, 'uncounted'>, about: readonly string[]): string[] {
  const all = uncounted.filter((act) => about.includes(act.about));
  const told = all.slice(0, MOST_TOLD).map(({ record, event_type, by, standing, why }) => `The ${event_type} of ${by} in ${record} does not count (${standing}): ${why}.`);
  return all.length > told.length ? [...told, `${all.length - told.length} more do not count either; countersign acts lists them.`] : told;
}

function asked({ version, emergency }: Facts, line: PolicyLine, notes: readonly string[]): Verdict {
  const who = line.roles.join(' or ');
  const question = emergency === null ? (line.question ?? `${line.words}?`) : `Does the ${who.toUpperCase()} approve the patch of ${emergency.id}?`;
  return {
    status: 'needs-person', question, roles: line.roles, summary: [`Asks ${who}: ${question}`, ...notes].join(' '),
    remedy: `The ${who}'s signature over this release, by a key that the roster in force names: countersign approve --repo REPO --outputs FOLDER --release ${version} --role ${line.roles[0] ?? ''} --reason WORDS --key FINGERPRINT${emergency === null ? '' : `. In this emergency their word counts too: countersign emergency verbal request ${emergency.id}`}`,
    evidence: [],
  };
}

/** Why an approval of this very release does not count; null where it does (FORMATS §5: who must differ from whom). */
function whyNotCounted({ signer, role }: Approval, facts: Facts, line: PolicyLine): string | null {
  if (!signer.roles.has(role)) return `and was not ${role} by the roster that it names`;
  const own = authored(signer, facts);
  if (own !== null) return `and is an author of ${own.slice(0, 12)}, which is in it: a deputy whom the roster names can`;
  // Both are asked where a release is major and of security: one of each has to be somebody else.
  const elsewhere = facts.approvals.filter((other) => !line.roles.includes(other.role) && other.decision === 'approve' && isLiving(other, facts) && other.signer.roles.has(other.role) && authored(other.signer, facts) === null);
  const same = elsewhere.find((other) => clashOf('cto-and-ciso', [other.signer, signer]) !== null);
  return same === undefined || elsewhere.some((other) => clashOf('cto-and-ciso', [other.signer, signer]) === null) ? null : `and as ${same.role} too, in ${same.record}: they have to be different people`;
}
