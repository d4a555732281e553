import type { Commit } from '../model/release.ts';
import type { ReleasePlan, ReleaseScope } from '../model/plan.ts';

const MOST = 100;
const LONGEST = 120;

const FEATURE = /^(?:feat(?:ure)?\b|add|adds|introduce|support|allow|let)\b/i;
const FIX = /^(?:fix(?:es)?|bugfix|hotfix|mend|repair|correct|resolve|prevent)\b/i;
/** What changes nothing for who uses the product. */
const INSIDE = /^(?:chore|docs?|test|tests|ci|build|style|refactor|merge|bump|revert "?merge)\b/i;

/** What the range brings, by how its commits are called; a proposal that people mend. */
export interface ProposedScope {
  readonly scope: ReleaseScope;
  /** Commits that nothing was proposed for. */
  readonly others: number;
}

/** Features, fixes and security patches (policy §2, step 1), oldest first: a CVE or GHSA makes a patch of anything. */
export function proposeScope(commits: readonly Commit[]): ProposedScope {
  const found = { features: new Set<string>(), fixes: new Set<string>(), security: new Set<string>() };
  let others = 0;
  for (const commit of [...commits].reverse()) {
    const kind = kindOf(commit);
    const title = titleOf(commit);
    if (kind === null || title === '' || found[kind].size >= MOST) others += 1;
    else found[kind].add(title);
  }
  return { scope: { features: [...found.features], fixes: [...found.fixes], security: [...found.security] }, others };
}

function kindOf({ subject, securityMarks, parents }: Commit): keyof ReleaseScope | null {
  if (securityMarks.length > 0 || /^(?:security|sec)\b/i.test(subject)) return 'security';
  if (parents.length > 1 || INSIDE.test(subject)) return null;
  if (FIX.test(subject)) return 'fixes';
  return FEATURE.test(subject) ? 'features' : null;
}

/** Without the conventional prefix, in one line that cannot be taken for a heading or a list. */
function titleOf({ subject }: Commit): string {
  const bare = subject.replace(/^(?:feat(?:ure)?|fix|security|perf)(?:\([^)]{0,60}\))?!?:\s*/i, '').replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').replace(/^[#*>\s-]+/, '').trim();
  const capital = `${bare.slice(0, 1).toUpperCase()}${bare.slice(1)}`;
  return capital.length > LONGEST ? `${capital.slice(0, LONGEST - 1).toWellFormed()}…` : capital;
}

/** Release notes to start from (policy §3.4): what the plan says, in the order in which people read. */
export function releaseNotes(release: string, scope: ReleaseScope, security_impact: string): string {
  const section = (title: string, items: readonly string[]): string[] => (items.length === 0 ? [] : ['', `### ${title}`, '', ...items.map((item) => `- ${item}`)]);
  const body = [...section('Security', scope.security), ...section('Added', scope.features), ...section('Fixed', scope.fixes)];
  const impact = security_impact.trim() === '' ? [] : ['', security_impact.trim()];
  return `${[`## ${release.replace(/^v/, '')}`, ...impact, ...(body.length === 0 ? ['', 'Nothing that the range names changes for who uses it.'] : body)].join('\n')}\n`;
}

/** What the scope comes to in one sentence, as the record of policy §11.1 has it. */
export function scopeInWords({ scope }: Pick<ReleasePlan, 'scope'>): string {
  const counted = (count: number, one: string, many: string): string[] => (count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]);
  const parts = [...counted(scope.features.length, 'feature', 'features'), ...counted(scope.fixes.length, 'fix', 'fixes'), ...counted(scope.security.length, 'security patch', 'security patches')];
  const names = [...scope.security, ...scope.features, ...scope.fixes].slice(0, 5);
  return parts.length === 0 ? 'No change is named' : `${parts.join(', ')}: ${names.join('; ')}`;
}
