import { describe, expect, test } from 'vitest';
import { COMMIT, OTHER_COMMIT, read } from './reading.ts';

const PULLS = (content: object): readonly unknown[] => {
  const { content: said } = read(content);
  return said.type === 'pulls' ? said.pulls : [];
};
const node = { number: 7, title: 'A change', url: 'https://forge.example/o/r/pull/7', author: { login: 'ada', __typename: 'User' }, state: 'MERGED', mergedAt: '2026-01-02T03:04:05Z', mergeCommit: { oid: COMMIT } };

describe('what an export leaves out is not known', () => {
  test.each<[what: string, more: object, expected: object]>([
    ['no reviews asked for', {}, { reviews: null, commits: null, threads: null, files: null }],
    ['no reviews given', { reviews: { nodes: [] } }, { reviews: [] }],
    ['a first page of reviews', { reviews: { nodes: [{ author: { login: 'bob' }, state: 'APPROVED' }], pageInfo: { hasNextPage: true } } }, { reviews: null }],
    ['fewer commits than there are', { commits: { totalCount: 2, nodes: [{ commit: { oid: COMMIT } }] } }, { commits: null }],
    ['threads without their state', { reviewThreads: { nodes: [{}] } }, { threads: null }],
    ['threads', { reviewThreads: { totalCount: 2, nodes: [{ isResolved: true }, { isResolved: false }] } }, { threads: { total: 2, unresolved: 1 } }],
    ['reviews', { reviews: { totalCount: 1, nodes: [{ author: { login: 'bob' }, state: 'CHANGES_REQUESTED', submittedAt: '2026-01-02T00:00:00Z', commit: { oid: OTHER_COMMIT } }] } }, { reviews: [{ reviewer: { login: 'bob', bot: false }, state: 'changes-requested', commit: OTHER_COMMIT }] }],
  ])('%s', (_, more, expected) => {
    expect(PULLS({ data: { repository: { pullRequests: { nodes: [{ ...node, ...more }] } } } })).toMatchObject([{ number: 7, mergeCommit: COMMIT, state: 'merged', ...expected }]);
  });
});

const rest = { number: 3, state: 'closed', title: 'x', url: 'https://api.forge.example/repos/o/r/pulls/3', html_url: 'https://forge.example/o/r/pull/3', user: { login: 'dependabot[bot]', type: 'Bot' }, head: { ref: 'b', sha: OTHER_COMMIT }, base: { ref: 'main', sha: COMMIT }, merged_at: null, merge_commit_sha: COMMIT };
const gitlab = { id: 100, iid: 4, title: 'x', state: 'merged', web_url: 'https://lab.example/g/p/-/merge_requests/4', author: { username: 'ada', name: 'Ada' }, merged_at: '2026-01-02T03:04:05.123Z', target_branch: 'main', source_branch: 'b', sha: OTHER_COMMIT, merge_commit_sha: null, blocking_discussions_resolved: true };

describe('shapes of exports', () => {
  test.each<[what: string, content: object, kind: string, expected: object]>([
    ['gh pr list with few fields', [{ number: 7, title: 'x', url: node.url }], 'github-pulls', { author: { login: '' }, reviews: null, state: null }],
    ['gh pr view', { number: 7, title: 'x', state: 'MERGED', author: { login: 'app/renovate', is_bot: true }, headRefOid: COMMIT, mergedAt: '2026-01-02T03:04:05Z' }, 'github-pulls', { author: { login: 'renovate', bot: true }, head: COMMIT, state: 'merged' }],
    ['REST, closed without a merge', [rest], 'github-pulls', { state: 'closed', mergeCommit: null, author: { bot: true }, base: 'main', head: OTHER_COMMIT }],
    ['pages of REST in a list', [[rest], [rest]], 'github-pulls', { number: 3 }],
    ['pages of GraphQL in a list', [{ data: { repository: { pullRequests: { nodes: [node] } } } }], 'github-pulls', { number: 7 }],
    ['GitLab, merged without a merge commit', [gitlab], 'gitlab-merge-requests', { mergeCommit: OTHER_COMMIT, reviews: null, threads: null }],
    ['GitLab with approvals', { ...gitlab, approved_by: [{ user: { username: 'bob' } }], blocking_discussions_resolved: false }, 'gitlab-merge-requests', { reviews: [{ reviewer: { login: 'bob' }, state: 'approved' }], threads: { unresolved: 1 } }],
    ['GitLab by GraphQL', { data: { project: { mergeRequests: { nodes: [{ iid: '9', title: 'x', state: 'opened', webUrl: 'https://lab.example/g/p/-/merge_requests/9', author: { username: 'project_1_bot' }, approvedBy: { nodes: [] } }] } } } }, 'gitlab-merge-requests', { number: 9, author: { bot: true }, reviews: [], state: 'open' }],
  ])('%s', (_, content, kind, expected) => {
    expect(read(content).file).toMatchObject({ kind, problem: null });
    expect(PULLS(content)[0]).toMatchObject(expected);
  });

  test.each<[what: string, content: object]>([
    ['issues of gh', [{ number: 7, title: 'x', state: 'OPEN', url: 'https://forge.example/o/r/issues/7', author: { login: 'ada' } }]],
    ['issues of REST, one of which is a pull request', [{ number: 7, title: 'x', state: 'open', user: {}, url: 'https://api.forge.example/repos/o/r/issues/7', html_url: 'https://forge.example/o/r/pull/7', pull_request: {} }]],
    ['issues of GitLab', [{ id: 1, iid: 2, title: 'x', state: 'opened', web_url: 'https://lab.example/g/p/-/issues/2', author: { username: 'ada' } }]],
    ['commits of REST', [{ sha: COMMIT, commit: { author: {} }, html_url: 'https://forge.example/o/r/commit/1', parents: [] }]],
    ['reviews alone, which do not say whose change it is', [{ id: 1, user: { login: 'bob' }, state: 'APPROVED', commit_id: COMMIT, pull_request_url: 'https://api.forge.example/repos/o/r/pulls/3' }]],
  ])('%s are no pull requests', (_, content) => {
    expect(read(content).file.kind).toBe('unrecognised');
  });
});

test('a command that failed is no fast command', () => {
  expect(read({ results: [{ command: 'x', mean: 0.1, stddev: null, times: [0.1], exit_codes: [1] }] }).content).toMatchObject({ thresholds: [{ met: false }] });
});
