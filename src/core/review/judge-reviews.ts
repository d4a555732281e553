import type { Facts } from '../checks/check.ts';
import { counted, failed, judgeReports, missing, ofKinds, refsOf } from '../checks/judging.ts';
import type { EvidenceItem } from '../model/evidence.ts';
import type { EvidenceRef, Verdict, VerdictFinding } from '../model/verdict.ts';
import type { Policy } from '../policy/policy.ts';
import { reviewRange, type RangeReview } from './review-range.ts';

export const EXPORT_REMEDY =
  'Export the pull requests of the range with their reviews into the outputs, and bind them with `countersign manifest`: gh pr list --state merged --limit 500 --json number,title,url,author,state,baseRefName,headRefOid,mergeCommit,mergedBy,mergedAt,commits,reviews,files > pulls.json';

/**
 * Judges a line of §3.1 over the reviews of every change in the range. Without any export, what git itself says of
 * reviews is all there is: it can prove the line, and where it does not the exports are missing.
 */
export function judgeReviews(facts: Facts, policy: Policy, judge: (review: RangeReview, evidence: readonly EvidenceRef[]) => Verdict): Verdict {
  const exports = ofKinds(facts.evidence, ['github-pulls', 'gitlab-merge-requests']);
  if (facts.range.commits.length === 0) {
    return missing([`a commit since ${facts.range.since?.name ?? 'the beginning'}; the range is empty`], 'Name the release before this one with --since, so that the range holds what is released.', refsOf(exports));
  }
  if (exports.length === 0) {
    const alone = reviewRange(facts, policy, []);
    if (alone.unexplained.length === 0 && alone.changes.every(({ faults }) => faults.length === 0)) return judge(alone, []);
    const unreviewed = alone.unexplained.length + alone.changes.filter(({ faults }) => faults.length > 0).length;
    return missing([`pull requests with their reviews: git itself names no reviewer for ${unreviewed} of ${counted(facts.range.commits.length, 'commit')}`], EXPORT_REMEDY);
  }
  return judgeReports(exports, facts, { what: 'an export of the pull requests with their reviews', remedy: EXPORT_REMEDY }, (bound: readonly EvidenceItem[]) =>
    judge(reviewRange(facts, policy, bound), refsOf(bound)));
}

/** What stands in the way of any line about reviews: commits without a change, and claims that git does not confirm. */
export function unexplainedFindings({ unexplained, contradictions }: RangeReview): VerdictFinding[] {
  return [
    ...contradictions.map(({ message, evidence }) => ({ severity: 'disagrees', title: message, where: null, evidence: evidence[0] ?? null })),
    ...unexplained.map(({ id, subject, author }) => ({
      severity: 'unexplained', title: `${id.slice(0, 12)} ${subject} (${author.name}): no pull request brought it in and no reviewer is named`, where: null, evidence: null,
    })),
  ];
}

/** Fails with findings, or asks for what the exports leave out; null where nothing stands in the way. */
export function firstFault(
  findings: readonly VerdictFinding[], unknowns: readonly string[], words: { readonly failed: string; readonly remedy: string }, evidence: readonly EvidenceRef[],
): Verdict | null {
  if (findings.length > 0) return failed(words.failed, words.remedy, evidence, findings);
  if (unknowns.length > 0) return missing(unknowns, EXPORT_REMEDY, evidence);
  return null;
}
