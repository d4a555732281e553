import { firstFault, judgeReviews } from '../review/judge-reviews.ts';
import type { VerdictFinding } from '../model/verdict.ts';
import type { Check } from './check.ts';
import { counted, passed } from './judging.ts';

const THREADS = 'Export the discussions too: gh api graphql with reviewThreads(first: 100) { nodes { isResolved } } for each pull request; of GitLab, the discussions of each merge request.';

/** §3.1 “All feedback addressed”: nobody's request for changes is open, and no discussion waits for an answer. */
export const feedbackAddressed: Check = {
  id: 'feedback-addressed',
  evaluate: (facts, policy) =>
    judgeReviews(facts, policy, ({ changes, unexplained }, evidence) => {
      const findings = changes.flatMap(({ title, openRequests, unresolved, where, evidence: told }): VerdictFinding[] => {
        const finding = (said: string): VerdictFinding => ({ severity: null, title: `${title}: ${said}`, where, evidence: told[0] ?? null });
        return [
          ...openRequests.map((who) => finding(`${who} asked for changes and did not approve since`)),
          ...(unresolved === null || unresolved === 0 ? [] : [finding(`${counted(unresolved, 'discussion')} not resolved`)]),
        ];
      });
      const pulls = changes.filter(({ evidence: told }) => told.length > 0);
      // A reviewer's name in a commit says nothing of what they asked for.
      const untold = unexplained.length + changes.length - pulls.length;
      const silent = pulls.filter(({ unresolved }) => unresolved === null);
      const unreviewed = pulls.filter(({ unknowns }) => unknowns.includes('its reviews'));
      const unknowns = [
        ...(unreviewed.length === 0 ? [] : [`the reviews of ${counted(unreviewed.length, 'pull request')}, such as ${unreviewed[0]?.title ?? ''}`]),
        ...(silent.length === 0 ? [] : [`the discussions of ${counted(silent.length, 'pull request')}, such as ${silent[0]?.title ?? ''}`]),
        ...(untold === 0 ? [] : [`what was said of ${counted(untold, 'commit')} that no pull request explains`]),
      ];
      const fault = firstFault(findings, unknowns, {
        failed: `${counted(findings.length, 'piece')} of feedback not addressed`,
        remedy: 'Answer each discussion and have whoever asked for changes look again.',
      }, evidence);
      if (fault?.status === 'missing' && silent.length > 0) return { ...fault, remedy: THREADS };
      if (fault !== null) return fault;
      return passed(`No open request for changes and no open discussion in ${counted(changes.length, 'change')}`, evidence);
    }),
};
