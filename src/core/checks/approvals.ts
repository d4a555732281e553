import type { Verdict } from '../model/verdict.ts';
import type { PolicyLine } from '../policy/policy.ts';
import type { Approval, Check, Facts, Signer } from './check.ts';
import { failed, passed } from './judging.ts';

/**
 * A line that an approval decides (§3.6, FORMATS §6): signed over exactly this subject digest by somebody who has the
 * role, and who authored nothing of it. A rejection stops the release. An approval of what the release no longer is
 * stands there, and counts for nothing.
 */
export const evaluateApproval: Check['evaluate'] = (facts, _policy, line) => {
  const decided = facts.approvals.filter(({ role }) => line.roles.includes(role));
  const living = decided.filter(({ subjectDigest }) => subjectDigest === facts.subjectDigest);
  const rejections = living.filter(({ decision, signer, role }) => decision === 'reject' && signer.roles.has(role));
  if (rejections.length > 0) {
    const said = rejections.map(({ signer, at, reason, record }) => `${signer.name} rejected it at ${at}: ${reason} (${record})`);
    return failed(said.join('; '), 'Mend what the rejection names; an approval can be asked for again once the release has changed.', []);
  }
  const judged = living.filter(({ decision }) => decision === 'approve').map((approval) => ({ approval, why: whyNotCounted(approval, facts, line) }));
  const counts = judged.find(({ why }) => why === null)?.approval;
  if (counts !== undefined) {
    return passed(`Approved by ${counts.signer.name}, ${counts.role}, at ${counts.at}${counts.reason === '' ? '' : `: ${counts.reason}`} (${counts.record})`, []);
  }
  const dead = decided.filter((approval) => approval.decision === 'approve' && !living.includes(approval));
  return asked(facts, line, [
    ...judged.map(({ approval: { signer, record }, why }) => `${signer.name} approved it in ${record}, ${why ?? ''}.`),
    ...dead.map(({ signer, record, subjectDigest }) => `${signer.name} approved it in ${record} as ${subjectDigest.slice(0, 12)}; it has changed since, and is ${(facts.subjectDigest ?? '').slice(0, 12)} now.`),
  ]);
};

function asked({ version }: Facts, line: PolicyLine, notes: readonly string[]): Verdict {
  const [who, question] = [line.roles.join(' or '), line.question ?? `${line.words}?`];
  return {
    status: 'needs-person', question, roles: line.roles, summary: [`Asks ${who}: ${question}`, ...notes].join(' '),
    remedy: `The ${who}'s signature over this release, by a key that the roster in force names: countersign approve --repo REPO --outputs FOLDER --release ${version} --role ${line.roles[0] ?? ''} --reason WORDS --key FINGERPRINT`,
    evidence: [],
  };
}

/** Why an approval of this very release does not count; null where it does (FORMATS §5: who must differ from whom). */
function whyNotCounted({ signer, role }: Approval, facts: Facts, line: PolicyLine): string | null {
  if (!signer.roles.has(role)) return `and is not ${role} in the roster in force`;
  const own = authored(signer, facts);
  if (own !== null) return `and is an author of ${own.slice(0, 12)}, which is in it: a deputy whom the roster names can`;
  // Both are asked where a release is major and of security: one of each has to be somebody else.
  const elsewhere = facts.approvals.filter((other) => !line.roles.includes(other.role) && other.decision === 'approve' && other.subjectDigest === facts.subjectDigest && other.signer.roles.has(other.role) && authored(other.signer, facts) === null);
  const [same] = elsewhere.filter((other) => other.signer.id === signer.id);
  return same === undefined || elsewhere.some((other) => other.signer.id !== signer.id) ? null : `and as ${same.role} too, in ${same.record}: they have to be different people`;
}

/** A commit of the release that somebody authored, or was a co-author of; null where there is none. */
export function authored({ emails }: Pick<Signer, 'emails'>, { range }: Pick<Facts, 'range'>): string | null {
  const theirs = new Set(emails.map((email) => email.toLowerCase()));
  const isTheirs = (address: string): boolean => theirs.has((/<([^<>]+)>/.exec(address)?.[1] ?? address).toLowerCase());
  return range.commits.find(({ author, coAuthors }) => isTheirs(author.email) || coAuthors.some(isTheirs))?.id ?? null;
}
