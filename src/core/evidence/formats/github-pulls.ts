import type { ForgeAccount, PullRequest, PullReview } from '../../model/evidence.ts';
import { commitOf, countOf, instantOf, OPAQUE, UnusableEvidence, type JsonFormat } from '../format.ts';
import { has, isObject, member, text, type JsonObject } from '../json.ts';
import { accountOf, NOBODY, nodesOf, wholeNodesOf } from './forge-accounts.ts';

/**
 * Pull requests of GitHub: `gh pr list` and `gh pr view` with `--json`, REST's list and single, and GraphQL's nodes of a
 * repository or of a search. What an export leaves out is null, which is never "none".
 */
export const githubPulls: JsonFormat = {
  syntax: 'json',
  kind: 'github-pulls',
  looksLike: (value) => {
    const pulls = pullsOf(value);
    return pulls !== null && pulls.length > 0 && pulls.slice(0, 20).every(isPull);
  },
  read: (value, limits) => {
    const pulls = pullsOf(value) ?? [];
    if (pulls.length > limits.kept) throw new UnusableEvidence('too-large', `it lists ${pulls.length} pull requests; ${limits.kept} are read`);
    return { ...OPAQUE, content: { type: 'pulls', forge: 'github', pulls: pulls.map((pull, at) => pullOf(pull, at)) }, tool: { name: 'GitHub', version: null } };
  },
};

/** Where an answer has pull requests; null where it has none by its shape. */
function pullsOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    // `gh api --paginate --slurp` puts the pages into a list.
    return list.length > 0 && list.every((page) => Array.isArray(page) || isObject(member(page, 'data'))) ? list.flatMap((page) => pullsOf(page) ?? [null]) : list;
  }
  if (!isObject(value)) return null;
  const data = member(value, 'data') ?? value;
  const repository = member(data, 'repository');
  for (const place of [member(repository, 'pullRequests'), member(data, 'search')]) {
    const nodes = nodesOf(place);
    if (nodes !== null) return nodes;
  }
  const single = member(repository, 'pullRequest');
  if (isObject(single)) return [single];
  return isPull(value) ? [value] : null;
}

const OWN_FIELDS = ['headRefName', 'headRefOid', 'baseRefName', 'baseRefOid', 'mergeCommit', 'mergedBy', 'mergedAt', 'reviewDecision', 'latestReviews', 'mergeStateStatus', 'isCrossRepository', 'reviews', 'reviewThreads', 'isDraft', 'mergeable'];

/** A pull request has a number and something that an issue has not. */
function isPull(value: unknown): boolean {
  if (!isObject(value) || countOf(member(value, 'number')) === null) return false;
  // REST
  if (has(value, 'head', 'base') && (has(member(value, 'head'), 'sha') || has(member(value, 'head'), 'ref'))) return true;
  const url = text(member(value, 'url')) ?? text(member(value, 'html_url')) ?? '';
  if (/\/(?:merge_requests|issues)\/\d+/.test(url)) return false;
  const own = OWN_FIELDS.filter((field) => Object.hasOwn(value, field)).length;
  if (own === 0 && /\/pull\/\d+$/.test(url) && has(value, 'title')) return true;
  return own >= 2 || (own >= 1 && /\/pulls?\/\d+/.test(url)) || (own >= 1 && has(value, 'title') && (has(value, 'author') || has(value, 'state')));
}

function pullOf(value: unknown, at: number): PullRequest {
  if (!isObject(value)) throw new UnusableEvidence('malformed', `pull request ${at} is not an object`);
  const commits = commitsOf(value);
  const times = commits?.flatMap(({ time }) => time ?? []).sort() ?? [];
  const mergedAt = instantOf(member(value, 'mergedAt') ?? member(value, 'merged_at'));
  const state = (text(member(value, 'state')) ?? '').toLowerCase();
  const merged = mergedAt !== null || state === 'merged' || member(value, 'merged') === true;
  return {
    number: countOf(member(value, 'number')) ?? 0, title: (text(member(value, 'title')) ?? '').slice(0, 500),
    url: text(member(value, 'html_url')) ?? text(member(value, 'url')), author: accountOf(member(value, 'author')) ?? accountOf(member(value, 'user')) ?? NOBODY,
    state: merged ? 'merged' : state === 'closed' || state === 'open' ? state : null,
    base: text(member(value, 'baseRefName')) ?? text(member(member(value, 'base'), 'ref')),
    head: commitOf(member(value, 'headRefOid')) ?? commitOf(member(member(value, 'head'), 'sha')) ?? commits?.at(-1)?.id ?? null,
    lastPush: times.at(-1) ?? null,
    // REST names a commit that merging would make even where nothing was merged.
    mergeCommit: merged ? (commitOf(member(member(value, 'mergeCommit'), 'oid')) ?? commitOf(member(value, 'merge_commit_sha'))) : null,
    mergedBy: accountOf(member(value, 'mergedBy')) ?? accountOf(member(value, 'merged_by')),
    mergedAt, commits, reviews: reviewsOf(value), threads: threadsOf(value), files: filesOf(value),
  };
}

function commitsOf(pull: JsonObject): PullRequest['commits'] {
  const nodes = wholeNodesOf(member(pull, 'commits'));
  if (nodes === null) return null;
  return nodes.flatMap((node) => {
    const commit = isObject(member(node, 'commit')) && has(member(node, 'commit'), 'oid') ? member(node, 'commit') : node;
    const inner = member(commit, 'commit');
    const id = commitOf(member(commit, 'oid')) ?? commitOf(member(commit, 'sha'));
    if (id === null) return [];
    const authors = (nodesOf(member(commit, 'authors')) ?? [member(commit, 'author'), member(inner, 'author')]).flatMap((author) => accountOf(isObject(member(author, 'user')) ? { ...(author as JsonObject), ...(member(author, 'user') as JsonObject), email: member(author, 'email') } : author) ?? []);
    const time = instantOf(member(commit, 'committedDate')) ?? instantOf(member(member(inner, 'committer'), 'date')) ?? instantOf(member(commit, 'authoredDate'));
    const subject = text(member(commit, 'messageHeadline')) ?? (text(member(commit, 'message')) ?? text(member(inner, 'message')))?.split('\n')[0] ?? null;
    return [{ id, authors, time, subject: subject?.slice(0, 500) ?? null }];
  });
}

const STATES: ReadonlyMap<string, PullReview['state']> = new Map([['approved', 'approved'], ['changes_requested', 'changes-requested'], ['commented', 'commented'], ['dismissed', 'dismissed'], ['pending', 'pending']]);

function reviewsOf(pull: JsonObject): PullRequest['reviews'] {
  const listed = wholeNodesOf(member(pull, 'reviews')) ?? wholeNodesOf(member(pull, 'latestReviews')) ?? wholeNodesOf(member(pull, 'latestOpinionatedReviews'));
  if (listed === null) return null;
  return listed.flatMap((review): PullReview[] => {
    const state = STATES.get((text(member(review, 'state')) ?? '').toLowerCase());
    const reviewer: ForgeAccount | null = accountOf(member(review, 'author')) ?? accountOf(member(review, 'user'));
    if (state === undefined || reviewer === null) return [];
    const commit = commitOf(member(member(review, 'commit'), 'oid')) ?? commitOf(member(review, 'commit_id'));
    return [{ reviewer, state, at: instantOf(member(review, 'submittedAt')) ?? instantOf(member(review, 'submitted_at')), commit }];
  });
}

function threadsOf(pull: JsonObject): PullRequest['threads'] {
  const place = member(pull, 'reviewThreads');
  const nodes = wholeNodesOf(place);
  if (nodes === null || nodes.some((node) => typeof member(node, 'isResolved') !== 'boolean')) return null;
  return { total: nodes.length, unresolved: nodes.filter((node) => member(node, 'isResolved') === false).length };
}

function filesOf(pull: JsonObject): PullRequest['files'] {
  const nodes = wholeNodesOf(member(pull, 'files'));
  return nodes === null ? null : nodes.flatMap((file) => text(member(file, 'path')) ?? text(member(file, 'filename')) ?? []).slice(0, 10_000);
}
