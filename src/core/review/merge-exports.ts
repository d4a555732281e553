import type { EvidenceItem, PullRequest } from '../model/evidence.ts';

/** A pull request with the files that tell of it. */
export interface ToldPull {
  readonly pull: PullRequest;
  readonly evidence: readonly string[];
  /** What its exports say differently of it. */
  readonly disagreements: readonly string[];
}

/**
 * Joins what several exports say of one pull request: what one leaves out another may say. Where they differ, both are
 * kept that could be worse: every review, the most open discussions; and a fact that has one value only is told.
 */
export function mergeExports(items: readonly EvidenceItem[]): ToldPull[] {
  const told = new Map<string, ToldPull>();
  for (const { content, file } of items) {
    if (content.type !== 'pulls') continue;
    for (const pull of content.pulls) {
      const key = `${content.forge} ${pull.number} ${repositoryOf(pull.url)}`;
      const known = told.get(key);
      told.set(key, known === undefined ? { pull, evidence: [file.path], disagreements: [] } : joined(known, pull, file.path));
    }
  }
  return [...told.values()];
}

/** One forge numbers the pull requests of every repository from 1 on. */
function repositoryOf(url: string | null): string {
  return url?.replace(/\/(?:-\/)?(?:pull|pulls|merge_requests)\/\d+.*$/, '').replace('//api.', '//').replace('/repos/', '/') ?? '';
}

const SINGLE = ['mergeCommit', 'head', 'state', 'base'] as const;

function joined({ pull: one, evidence, disagreements }: ToldPull, other: PullRequest, path: string): ToldPull {
  const differing = SINGLE.filter((field) => one[field] !== null && other[field] !== null && one[field] !== other[field]);
  return {
    evidence: [...evidence, path],
    disagreements: [...disagreements, ...differing.map((field) => `its exports disagree about its ${field}: ${String(one[field])} and ${String(other[field])}`)],
    pull: {
      ...one,
      title: one.title === '' ? other.title : one.title,
      author: one.author.login === '' ? other.author : one.author,
      state: one.state ?? other.state, url: one.url ?? other.url, base: one.base ?? other.base, head: one.head ?? other.head, mergeCommit: one.mergeCommit ?? other.mergeCommit,
      mergedBy: one.mergedBy ?? other.mergedBy, mergedAt: one.mergedAt ?? other.mergedAt,
      lastPush: later(one.lastPush, other.lastPush),
      commits: one.commits === null || other.commits === null ? (one.commits ?? other.commits) : [...new Map([...one.commits, ...other.commits].map((commit) => [commit.id, commit])).values()],
      reviews: one.reviews === null || other.reviews === null ? (one.reviews ?? other.reviews) : [...new Map([...one.reviews, ...other.reviews].map((review) => [JSON.stringify([review.reviewer.login, review.at, review.state, review.commit]), review])).values()],
      threads: one.threads === null || other.threads === null ? (one.threads ?? other.threads) : { total: Math.max(one.threads.total, other.threads.total), unresolved: Math.max(one.threads.unresolved, other.threads.unresolved) },
      files: one.files ?? other.files,
    },
  };
}

function later(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return Date.parse(one) >= Date.parse(other) ? one : other;
}
