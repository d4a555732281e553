import { judgeReviews, firstFault, unexplainedFindings } from '../review/judge-reviews.ts';
import { ownersOf } from '../review/code-owners.ts';
import type { ReviewedChange } from '../review/judge-pull.ts';
import type { RangeReview } from '../review/review-range.ts';
import type { VerdictFinding } from '../model/verdict.ts';
import type { Policy } from '../policy/policy.ts';
import type { Check, Facts } from './check.ts';
import { counted, passed } from './judging.ts';

/**
 * §3.1 “All code reviewed and approved (at least 1 reviewer per PR)”: every commit of the range came in by a change
 * that somebody else than its authors approved, before it was merged and after the last push to it.
 */
export const codeReviewed: Check = {
  id: 'code-reviewed',
  evaluate: (facts, policy) =>
    judgeReviews(facts, policy, (review, evidence) => {
      const { changes } = review;
      const unreviewed = changes.flatMap(({ title, faults, where, evidence: told }) => faults.map((fault): VerdictFinding => ({ severity: null, title: `${title}: ${fault}`, where, evidence: told[0] ?? null })));
      const unowned = withoutOwner(facts, policy, review);
      const required = policy.parameters.code_owners.value === 'required';
      const findings = [...unexplainedFindings(review), ...unreviewed, ...(required ? unowned : [])];
      const unknowns = changes.flatMap(({ title, unknowns: asked }) => asked.map((what) => `${title}: the export does not say ${what}`));
      const fault = firstFault(findings, unknowns, {
        failed: `${counted(findings.length, 'fault')} in the review of ${counted(facts.range.commits.length, 'commit')}`,
        remedy: 'Have each change reviewed by somebody who did not write it, before it is merged; what is merged already needs a new change that is.',
      }, evidence);
      if (fault !== null) return fault;
      const byPull = changes.filter(({ evidence: told }) => told.length > 0).length;
      const byTrailer = changes.length - byPull;
      const said = [
        `${counted(facts.range.commits.length, 'commit')} in ${counted(changes.length, 'change')}, each approved by somebody else`,
        ...(byTrailer === 0 ? [] : [`${byTrailer} of them by a reviewer whom only the commit names`]),
        ...(unowned.length === 0 ? [] : [`${unowned.length} without the approval of an owner of their files`]),
      ];
      return passed(said.join('; '), evidence);
    }),
};

/** Changes of files that CODEOWNERS gives to somebody, and that none of these approved. Teams are not known here. */
function withoutOwner(facts: Facts, policy: Policy, { changes, identities }: RangeReview): VerdictFinding[] {
  const owners = ownersOf(facts, policy);
  if (owners === null) return [];
  const filesOf = filesByCommit(facts);
  return changes.flatMap((change: ReviewedChange) => {
    const files = new Set(change.commits.flatMap(({ id }) => filesOf.get(id) ?? []));
    const unapproved = [...files].map((file) => ({ file, owned: owners(file) }))
      .filter(({ owned }) => owned.length > 0 && !owned.some((owner) => change.approvers.some((approver) => identities.same(owner, approver))));
    const [first] = unapproved;
    if (first === undefined) return [];
    const names = first.owned.map(({ login, email }) => (login === undefined ? email : `@${login}`)).join(', ');
    return [{ severity: null, title: `${change.title}: no owner of ${counted(unapproved.length, 'file')} approved it, such as ${first.file} (${names})`, where: change.where, evidence: change.evidence[0] ?? null }];
  });
}

function filesByCommit({ changes }: Facts): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (const { path, commits } of changes) {
    for (const id of commits) {
      const known = files.get(id);
      if (known === undefined) files.set(id, [path]);
      else known.push(path);
    }
  }
  return files;
}
