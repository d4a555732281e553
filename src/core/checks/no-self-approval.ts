import { firstFault, judgeReviews } from '../review/judge-reviews.ts';
import type { VerdictFinding } from '../model/verdict.ts';
import type { Check } from './check.ts';
import { counted, passed } from './judging.ts';

/** §3.1 “No self-approved pull requests”: no change stands on the approval of who wrote part of it, or on nobody's but theirs. */
export const noSelfApproval: Check = {
  id: 'no-self-approval',
  evaluate: (facts, policy) =>
    judgeReviews(facts, policy, ({ changes, unexplained }, evidence) => {
      const selfApproved = changes.filter(({ selfApprovals, approvers }) => selfApprovals.length > 0 && approvers.length === 0);
      const findings = selfApproved.flatMap(({ title, selfApprovals, where, evidence: told }) =>
        selfApprovals.map((said): VerdictFinding => ({ severity: null, title: `${title}: ${said}`, where, evidence: told[0] ?? null })));
      const unknowns = [
        ...changes.filter(({ approvers }) => approvers.length === 0).flatMap(({ title, unknowns: asked }) => asked.map((what) => `${title}: the export does not say ${what}`)),
        ...(unexplained.length === 0 ? [] : [`who approved ${counted(unexplained.length, 'commit')} that no pull request explains, such as ${unexplained[0]?.id.slice(0, 12) ?? ''}`]),
      ];
      const fault = firstFault(findings, unknowns, {
        failed: `${counted(selfApproved.length, 'change')} approved by nobody but who wrote it`,
        remedy: 'Have them reviewed by somebody else, in a change of its own.',
      }, evidence);
      if (fault !== null) return fault;
      const beside = changes.filter(({ selfApprovals }) => selfApprovals.length > 0).length;
      const note = beside === 0 ? '' : `; ${beside} ${beside === 1 ? 'has' : 'have'} an approval by an author beside one that counts`;
      return passed(`None of ${counted(changes.length, 'change')} rests on its author's own approval${note}`, evidence);
    }),
};
