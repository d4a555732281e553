import picomatch from 'picomatch';
import { ownersOf } from '../review/code-owners.ts';
import { callOf } from '../review/identities.ts';
import { firstFault, judgeReviews } from '../review/judge-reviews.ts';
import { rolesOf } from '../roster/people.ts';
import type { VerdictFinding } from '../model/verdict.ts';
import type { Policy } from '../policy/policy.ts';
import type { ChangedFile, Check, Facts } from './check.ts';
import { counted, missing, passed } from './judging.ts';

/** A changed file that the policy calls high-risk, and why. */
interface RiskyFile extends ChangedFile {
  readonly why: string;
}

/**
 * §3.1 “High-risk code reviewed by senior developer or security architect”: each change of a file that the policy calls
 * high-risk was approved by somebody who has one of these roles in the roster in force.
 */
export const highRiskReviewed: Check = {
  id: 'high-risk-reviewed',
  evaluate: (facts, policy) => {
    const risky = riskyFiles(facts, policy);
    if (facts.range.commits.length > 0 && risky.length === 0) {
      const why = `None of ${counted(facts.changes.length, 'file')} changed since ${facts.range.since?.name ?? 'the beginning'} is high-risk by the policy`;
      return { status: 'not-applicable', why, summary: why, remedy: null, evidence: [] };
    }
    return judgeReviews(facts, policy, (review, evidence) => {
      const { roster } = facts;
      const named = describeRisky(risky);
      if (roster === null) {
        return missing([`a roster in force that says who is ${policy.parameters.high_risk_roles.value.join(' or ')}: ${named}`], 'Take the roster of your organisation: countersign roster adopt FILE --digest SHA256', evidence);
      }
      const wanted = policy.parameters.high_risk_roles.value;
      const owners = ownersOf(facts, policy);
      const byCommit = new Map(review.changes.flatMap((change) => change.commits.map(({ id }) => [id, change] as const)));
      const findings: VerdictFinding[] = [];
      const reviewers = new Set<string>();
      for (const file of risky) {
        const owned = owners?.(file.path) ?? [];
        const finding = (said: string): VerdictFinding => ({
          severity: file.why, title: `${file.path}: ${said}${owned.length === 0 ? '' : ` (its owners: ${owned.map(callOf).join(', ')})`}`, where: file.path, evidence: null,
        });
        if (file.commits.length === 0) findings.push(finding('it was changed by a merge itself, which no commit of the range shows'));
        for (const change of new Set(file.commits.map((id) => byCommit.get(id)))) {
          if (change === undefined) {
            findings.push(finding('no pull request explains a commit that changed it'));
            continue;
          }
          const senior = change.approvers.flatMap((approver) => review.identities.person(approver) ?? []).find((person) => [...rolesOf(roster.roster, person, facts.at)].some((role) => wanted.includes(role)));
          if (senior === undefined) findings.push(finding(`${change.title} was approved by ${change.approvers.map(callOf).join(', ') || 'nobody'}, and none of them is ${wanted.join(' or ')} in the roster`));
          else reviewers.add(senior.name);
        }
      }
      const fault = firstFault(findings, [], {
        failed: `${counted(new Set(findings.map(({ where }) => where)).size, 'high-risk file')} of ${risky.length} without the review of a ${wanted.join(' or ')}`,
        remedy: `Have each of these changes approved by a ${wanted.join(' or ')}, whose e-mail address stands in the roster.`,
      }, evidence);
      return fault ?? passed(`${named}, each approved by ${[...reviewers].join(', ')}`, evidence);
    });
  },
};

function riskyFiles({ changes }: Facts, { parameters }: Policy): RiskyFile[] {
  const rules = parameters.high_risk_files.value.map(({ name, match }) => ({ name, matches: picomatch([...match], { dot: true, nocase: true }) }));
  return changes.flatMap((file) => {
    const rule = rules.find(({ matches }) => matches(file.path));
    return rule === undefined ? [] : [{ ...file, why: rule.name }];
  });
}

const SHOWN = 3;

function describeRisky(risky: readonly RiskyFile[]): string {
  const shown = risky.slice(0, SHOWN).map(({ path, why }) => `${path} (${why})`).join(', ');
  const more = risky.length - SHOWN;
  return `${counted(risky.length, 'high-risk file')}: ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}
