import type { PullRequest, PullReview } from '../../model/evidence.ts';
import { commitOf, countOf, instantOf, OPAQUE, UnusableEvidence, type JsonFormat } from '../format.ts';
import { elements, has, isObject, member, text, type JsonObject } from '../json.ts';
import { accountOf, NOBODY, nodesOf, wholeNodesOf } from './forge-accounts.ts';

/** Merge requests of GitLab: REST's list and single (with approvals and discussions put into them), and GraphQL's nodes. */
export const gitlabMergeRequests: JsonFormat = {
  syntax: 'json',
  kind: 'gitlab-merge-requests',
  looksLike: (value) => {
    const requests = requestsOf(value);
    return requests !== null && requests.length > 0 && requests.slice(0, 20).every(isRequest);
  },
  read: (value, limits) => {
    const requests = requestsOf(value) ?? [];
    if (requests.length > limits.kept) throw new UnusableEvidence('too-large', `it lists ${requests.length} merge requests; ${limits.kept} are read`);
    return { ...OPAQUE, content: { type: 'pulls', forge: 'gitlab', pulls: requests.map((request, at) => pullOf(request, at)) }, tool: { name: 'GitLab', version: null } };
  },
};

function requestsOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value as readonly unknown[];
  if (!isObject(value)) return null;
  const data = member(value, 'data') ?? value;
  for (const owner of [member(data, 'project'), member(data, 'group'), data]) {
    const nodes = isObject(member(owner, 'mergeRequests')) ? nodesOf(member(owner, 'mergeRequests')) : null;
    if (nodes !== null) return nodes;
    const single = member(owner, 'mergeRequest');
    if (isObject(single)) return [single];
  }
  return isRequest(value) ? [value] : null;
}

/** GraphQL gives the number as a text. */
function numberOf(request: unknown): number | null {
  const number = member(request, 'iid');
  return countOf(typeof number === 'string' && /^\d{1,12}$/.test(number) ? Number(number) : number);
}

function isRequest(value: unknown): boolean {
  if (!isObject(value) || numberOf(value) === null) return false;
  return has(value, 'target_branch', 'source_branch') || has(value, 'targetBranch') || has(value, 'sourceBranch') || has(value, 'merge_commit_sha') || has(value, 'mergeCommitSha') || /\/merge_requests\/\d+/.test(text(member(value, 'web_url')) ?? text(member(value, 'webUrl')) ?? '');
}

function pullOf(value: unknown, at: number): PullRequest {
  if (!isObject(value)) throw new UnusableEvidence('malformed', `merge request ${at} is not an object`);
  const either = (snake: string, camel: string): unknown => member(value, snake) ?? member(value, camel);
  const state = (text(member(value, 'state')) ?? '').toLowerCase();
  const commits = wholeNodesOf(member(value, 'commits'))?.flatMap((commit) => {
    const id = commitOf(member(commit, 'id')) ?? commitOf(member(commit, 'sha'));
    const author = accountOf(member(commit, 'author')) ?? accountOf({ email: member(commit, 'author_email') ?? member(commit, 'authorEmail'), name: member(commit, 'author_name') ?? member(commit, 'authorName') });
    return id === null ? [] : [{ id, authors: author === null ? [] : [author], time: instantOf(member(commit, 'committed_date') ?? member(commit, 'committedDate')), subject: text(member(commit, 'title'))?.slice(0, 500) ?? null }];
  }) ?? null;
  const merged = instantOf(either('merged_at', 'mergedAt'));
  return {
    number: numberOf(value) ?? 0, title: (text(member(value, 'title')) ?? '').slice(0, 500), url: text(either('web_url', 'webUrl')), author: accountOf(member(value, 'author')) ?? NOBODY,
    state: state === 'merged' || merged !== null ? 'merged' : state === 'closed' ? 'closed' : state === 'opened' || state === 'open' || state === 'locked' ? 'open' : null, base: text(either('target_branch', 'targetBranch')),
    head: commitOf(member(value, 'sha')) ?? commitOf(member(value, 'diffHeadSha')) ?? commitOf(member(member(value, 'diff_refs'), 'head_sha')),
    lastPush: commits?.flatMap(({ time }) => time ?? []).sort().at(-1) ?? null,
    mergeCommit: commitOf(either('merge_commit_sha', 'mergeCommitSha')) ?? commitOf(either('squash_commit_sha', 'squashCommitSha')) ?? (merged === null ? null : commitOf(member(value, 'sha'))),
    mergedBy: accountOf(either('merge_user', 'mergeUser')) ?? accountOf(member(value, 'merged_by')), mergedAt: merged, commits,
    reviews: approvalsOf(value), threads: threadsOf(value),
    files: nodesOf(member(value, 'changes'))?.flatMap((file) => text(member(file, 'new_path')) ?? []) ?? nodesOf(member(value, 'diffStats'))?.flatMap((file) => text(member(file, 'path')) ?? []) ?? null,
  };
}

/** GitLab keeps who approves now: an approval that a push made void is no longer listed where the project says so. */
function approvalsOf(request: JsonObject): PullRequest['reviews'] {
  const approvals = member(request, 'approvals');
  const listed = wholeNodesOf(member(request, 'approved_by')) ?? wholeNodesOf(member(request, 'approvedBy')) ?? wholeNodesOf(member(approvals, 'approved_by'));
  const reviewers = nodesOf(member(request, 'reviewers'));
  if (listed === null) return null;
  const asked = (reviewers ?? []).flatMap((reviewer): PullReview[] => {
    const state = (text(member(reviewer, 'state')) ?? text(member(member(reviewer, 'mergeRequestInteraction'), 'reviewState')) ?? '').toLowerCase();
    const who = accountOf(reviewer);
    return who !== null && state === 'requested_changes' ? [{ reviewer: who, state: 'changes-requested', at: null, commit: null }] : [];
  });
  return [...asked, ...listed.flatMap((entry): PullReview[] => {
    const reviewer = accountOf(member(entry, 'user')) ?? accountOf(entry);
    return reviewer === null ? [] : [{ reviewer, state: 'approved', at: instantOf(member(entry, 'approved_at')) ?? instantOf(member(entry, 'created_at')), commit: null }];
  })];
}

function threadsOf(request: JsonObject): PullRequest['threads'] {
  const discussions = wholeNodesOf(member(request, 'discussions'));
  if (discussions !== null) {
    const resolvable = discussions.filter((discussion) => member(discussion, 'resolvable') === true || elements(member(discussion, 'notes')).some((note) => member(note, 'resolvable') === true));
    const open = resolvable.filter((discussion) => (typeof member(discussion, 'resolved') === 'boolean' ? member(discussion, 'resolved') === false : elements(member(discussion, 'notes')).some((note) => member(note, 'resolvable') === true && member(note, 'resolved') === false)));
    return { total: resolvable.length, unresolved: open.length };
  }
  // It is true as well where the project does not ask for discussions to be resolved, so that only `false` says something.
  return member(request, 'blocking_discussions_resolved') === false ? { total: 1, unresolved: 1 } : null;
}
