import type { Facts } from '../checks/check.ts';
import type { EvidenceItem, ForgeAccount } from '../model/evidence.ts';
import type { Commit } from '../model/release.ts';
import type { Policy } from '../policy/policy.ts';
import { explainCommits } from './explain-commits.ts';
import { Identities } from './identities.ts';
import { judgePull, judgeTrailers, type ReviewedChange } from './judge-pull.ts';
import { mergeExports, type ToldPull } from './merge-exports.ts';

/** Every change of a range with who reviewed it (§3.1). */
export interface RangeReview {
  readonly changes: readonly ReviewedChange[];
  /** Commits that neither a pull request nor a trailer tells of. */
  readonly unexplained: readonly Commit[];
  readonly contradictions: readonly { readonly message: string; readonly evidence: readonly string[] }[];
  readonly identities: Identities;
}

/** Four lines ask for the same; it is worked out once for the same facts and exports. */
const known = new WeakMap<Facts, { readonly exports: string; readonly review: RangeReview }>();

export function reviewRange(facts: Facts, policy: Policy, exports: readonly EvidenceItem[]): RangeReview {
  const key = JSON.stringify(exports.map(({ file }) => [file.path, file.sha256]));
  const before = known.get(facts);
  if (before?.exports === key) return before.review;
  const review = reviewed(facts, policy, exports);
  known.set(facts, { exports: key, review });
  return review;
}

function reviewed({ range, roster, commitSigners }: Facts, { parameters }: Policy, exports: readonly EvidenceItem[]): RangeReview {
  const pulls = mergeExports(exports);
  const identities = new Identities(pulls.flatMap(accountsOf), roster);
  const { commitsOf, unexplained, contradictions } = explainCommits(range, pulls);
  const byTrailer = unexplained.map((commit) => ({ commit, change: judgeTrailers(commit, parameters.review_trailers.value, identities, commitSigners.get(commit.id) ?? null) }));
  return {
    changes: [
      ...[...commitsOf].map(([told, commits]) => judgePull(told, commits, identities)),
      ...byTrailer.flatMap(({ change }) => change ?? []),
    ],
    unexplained: byTrailer.flatMap(({ commit, change }) => (change === null ? [commit] : [])),
    contradictions: contradictions.map(({ told, message }) => ({ message, evidence: told.evidence })),
    identities,
  };
}

function accountsOf({ pull }: ToldPull): ForgeAccount[] {
  return [pull.author, ...(pull.mergedBy === null ? [] : [pull.mergedBy]), ...(pull.commits ?? []).flatMap(({ authors }) => authors), ...(pull.reviews ?? []).map(({ reviewer }) => reviewer)];
}
