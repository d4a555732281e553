import type { PullRequest } from '../model/evidence.ts';
import type { Commit, CommitRange } from '../model/release.ts';
import type { ToldPull } from './merge-exports.ts';

/** More commits than this are not looked through for what each merge brought in: that takes a bit for every pair. */
const MAX_GRAPH = 20_000;

/** Which commits of a range a pull request brought in, as far as git confirms it. */
export interface ExplainedRange {
  readonly commitsOf: ReadonlyMap<ToldPull, readonly Commit[]>;
  /** What no pull request explains. */
  readonly unexplained: readonly Commit[];
  /** What pull requests say that git does not. */
  readonly contradictions: readonly { readonly told: ToldPull; readonly message: string }[];
}

/**
 * Reconciles what a forge claims with git: a pull request explains the commit that it says it merged, the commits that
 * it lists, what its merge brought in, and what was rebased from it; each only where it is in the range.
 */
export function explainCommits(range: CommitRange, pulls: readonly ToldPull[]): ExplainedRange {
  const byId = new Map(range.commits.map((commit) => [commit.id, commit]));
  const graph = new MergeGraph(range.commits);
  const explained = new Set<string>();
  const commitsOf = new Map<ToldPull, Commit[]>();
  const contradictions: { told: ToldPull; message: string }[] = [];
  for (const told of pulls) {
    const { pull } = told;
    const merged = pull.mergeCommit === null ? undefined : byId.get(pull.mergeCommit);
    const ids = new Set([...(merged === undefined ? [] : [merged.id, ...graph.broughtIn(merged.id), ...rebased(merged, told.pull, byId)]), ...(pull.commits ?? []).map(({ id }) => id)]);
    const commits = [...ids].flatMap((id) => byId.get(id) ?? []);
    if (commits.length > 0) commitsOf.set(told, commits);
    for (const { id } of commits) explained.add(id);
  }
  const numbers = new Map(pulls.map((told) => [told.pull.number, told]));
  for (const commit of range.commits) {
    for (const { pullRequest } of commit.reviews) {
      const told = pullRequest === null ? undefined : numbers.get(pullRequest);
      if (told?.pull.mergeCommit == null || told.pull.mergeCommit === commit.id || byId.has(told.pull.mergeCommit)) continue;
      contradictions.push({ told, message: `commit ${short(commit.id)} says that it is #${told.pull.number}, which says that it merged ${short(told.pull.mergeCommit)}, and that is not in the range` });
    }
  }
  for (const told of pulls) {
    const message = missingMerge(range, told, byId);
    if (message !== null) contradictions.push({ told, message });
  }
  return { commitsOf, unexplained: range.commits.filter(({ id }) => !explained.has(id)), contradictions };
}

/**
 * What a forge put anew onto the branch: the commits that end in the one that it names as merged, one by one with the
 * subjects of those that the pull request lists. None unless all of them are there: then it was not rebased.
 */
function rebased(merged: Commit, { commits: listed }: PullRequest, byId: ReadonlyMap<string, Commit>): string[] {
  if (listed === null) return [];
  const found: string[] = [];
  let at: Commit | undefined = merged;
  for (const { subject } of listed.toReversed()) {
    if (at === undefined || at.parents.length > 1 || subject === null || !sameSubject(at.subject, subject)) return [];
    found.push(at.id);
    at = byId.get(at.parents[0] ?? '');
  }
  return found;
}

/** A forge cuts a long first line and puts `…` there. */
function sameSubject(subject: string, listed: string): boolean {
  return subject === listed.trim() || (listed.endsWith('…') && listed.length > 20 && subject.startsWith(listed.slice(0, -1)));
}

/** A pull request that was merged into this very branch while the range grew has its commit there. */
function missingMerge(range: CommitRange, { pull }: ToldPull, byId: ReadonlyMap<string, Commit>): string | null {
  const { mergeCommit, mergedAt, base, number } = pull;
  const [newest] = range.commits;
  const oldest = range.commits.at(-1);
  if (mergeCommit === null || mergedAt === null || byId.has(mergeCommit) || base === null || base !== range.branch || newest === undefined || oldest === undefined) return null;
  const merged = Date.parse(mergedAt);
  if (merged <= Date.parse(oldest.time) || merged >= Date.parse(newest.time)) return null;
  return `#${number} says that it merged ${short(mergeCommit)} into ${base} at ${mergedAt}, and git has no such commit in the range`;
}

/** What each merge brought in: everything its other parents lead to that its first does not. */
class MergeGraph {
  readonly #commits: readonly Commit[];
  readonly #position = new Map<string, number>();
  #ancestors: Map<number, Uint32Array> | null = null;

  constructor(commits: readonly Commit[]) {
    this.#commits = commits;
    for (const [at, { id }] of commits.entries()) this.#position.set(id, at);
  }

  broughtIn(merge: string): string[] {
    const commit = this.#commits[this.#position.get(merge) ?? -1];
    if (commit === undefined || commit.parents.length < 2 || this.#commits.length > MAX_GRAPH) return [];
    const ancestors = (this.#ancestors ??= this.#reachable());
    const [first, ...others] = commit.parents.map((parent) => ancestors.get(this.#position.get(parent) ?? -1));
    const found: string[] = [];
    for (const side of others) {
      if (side === undefined) continue;
      for (let word = 0; word < side.length; word += 1) {
        for (let bits = (side[word] ?? 0) & ~(first?.[word] ?? 0); bits !== 0; bits &= bits - 1) {
          const { id } = this.#commits[word * 32 + 31 - Math.clz32(bits & -bits)] ?? {};
          if (id !== undefined) found.push(id);
        }
      }
    }
    return found;
  }

  /** For every commit a bit for each that it leads to, itself among them; parents first. */
  #reachable(): Map<number, Uint32Array> {
    const words = Math.ceil(this.#commits.length / 32);
    const reach = new Map<number, Uint32Array>();
    for (const at of this.#parentsFirst()) {
      const bits = new Uint32Array(words);
      bits[at >> 5] = (bits[at >> 5] ?? 0) | (1 << (at & 31));
      for (const parent of this.#commits[at]?.parents ?? []) {
        const theirs = reach.get(this.#position.get(parent) ?? -1);
        if (theirs !== undefined) for (let word = 0; word < words; word += 1) bits[word] = (bits[word] ?? 0) | (theirs[word] ?? 0);
      }
      reach.set(at, bits);
    }
    return reach;
  }

  #parentsFirst(): number[] {
    const order: number[] = [];
    const state = new Uint8Array(this.#commits.length);
    for (let start = this.#commits.length - 1; start >= 0; start -= 1) {
      const stack = [start];
      for (let at = stack.at(-1); at !== undefined; at = stack.at(-1)) {
        const waiting = state[at] === 0 ? (this.#commits[at]?.parents ?? []).flatMap((parent) => this.#position.get(parent) ?? []).filter((parent) => state[parent] === 0) : [];
        if (state[at] === 0) state[at] = 1;
        if (waiting.length > 0) {
          stack.push(...waiting);
          continue;
        }
        if (state[at] === 1) {
          state[at] = 2;
          order.push(at);
        }
        stack.pop();
      }
    }
    return order;
  }
}

function short(id: string): string {
  return id.slice(0, 12);
}
