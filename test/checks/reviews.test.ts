import { describe, expect, test } from 'vitest';
import type { ChangedFile, Facts } from '../../src/core/checks/check.ts';
import type { EvidenceItem, ForgeAccount, PullRequest, PullReview } from '../../src/core/model/evidence.ts';
import type { Commit } from '../../src/core/model/release.ts';
import type { Roster } from '../../src/core/model/roster.ts';
import type { CheckId, Status } from '../../src/core/model/verdict.ts';
import { bare, COMMIT, item, judge, OTHER_COMMIT } from './facts.ts';

const id = (letter: string): string => letter.repeat(40);
const account = (login: string, more: Partial<ForgeAccount> = {}): ForgeAccount => ({ login, name: null, email: null, bot: false, ...more });
const ada = account('ada', { email: 'ada@example.com' });
const grace = account('grace', { email: 'grace@example.com' });
const eve = account('eve');

function commit(letter: string, parents: readonly string[] = [], more: Partial<Commit> = {}): Commit {
  return {
    id: id(letter), parents: parents.map(id), author: { name: 'Ada', email: 'ada@example.com' }, committer: { name: 'GitHub', email: 'noreply@github.com' },
    coAuthors: [], time: '2026-01-10T12:00:00Z', subject: `change ${letter}`, reviews: [], securityMarks: [], ...more,
  };
}

const approval = (reviewer = grace, more: Partial<PullReview> = {}): PullReview => ({ reviewer, state: 'approved', at: '2026-01-09T12:00:00Z', commit: id('e'), ...more });

function pull(more: Partial<PullRequest> = {}): PullRequest {
  return {
    number: 12, title: 'Add a thing', url: 'https://forge.example/a/b/pull/12', author: ada, state: 'merged', base: 'main', head: id('e'), lastPush: '2026-01-08T12:00:00Z',
    mergeCommit: id('a'), mergedBy: grace, mergedAt: '2026-01-10T12:00:00Z', commits: [{ id: id('e'), authors: [ada], time: '2026-01-08T12:00:00Z', subject: null }],
    reviews: [approval()], threads: { total: 2, unresolved: 0 }, files: null, ...more,
  };
}

const listed = (...subjects: readonly string[]): PullRequest['commits'] => subjects.map((subject, at) => ({ id: id(String(at)), authors: [ada], time: '2026-01-08T12:00:00Z', subject }));

function exported(pulls: readonly PullRequest[], of: string | null = COMMIT, name = 'pulls.json'): EvidenceItem {
  return item({ kind: 'github-pulls', path: name }, { type: 'pulls', forge: 'github', pulls }, of);
}

function given(pulls: readonly PullRequest[] | readonly EvidenceItem[], commits: readonly Commit[] = [commit('a')], more: Partial<Facts> = {}): Partial<Facts> {
  const isItems = (all: readonly unknown[]): all is readonly EvidenceItem[] => all.length > 0 && typeof all[0] === 'object' && all[0] !== null && 'file' in all[0];
  const evidence = isItems(pulls) ? pulls : pulls.length === 0 ? [] : [exported(pulls as readonly PullRequest[])];
  return { range: { ...bare.range, commits: [...commits], total: commits.length }, evidence, ...more };
}

const trailer = (who: string): Commit['reviews'] => [{ kind: 'reviewed-by', who, pullRequest: null }];
const changed = (path: string, ...letters: readonly string[]): ChangedFile => ({ path, change: 'modified', commits: letters.map(id) });
const person = (name: string, roles: string[], more: Partial<Roster['people'][number]> = {}): Roster['people'][number] => ({ id: name, name, emails: [`${name}@example.com`], roles, status: 'active', deputies: [], keys: [], phones: [], voice_codes: [], ...more });
const roster = (...people: Roster['people']): Facts['roster'] => ({ digest: 'f'.repeat(64), roster: { v: 1, roster: 'x', version: 1, expires: '2999-01-01T00:00:00Z', policy_digests: [], thresholds: { admin: 1 }, people, consoles: [] } });
const owners = (text: string): Facts['documents'] => [{ path: 'repository:.github/CODEOWNERS', sha256: 'b'.repeat(64), text, item: null }];

const signer = (name: string): { id: string; name: string; emails: string[]; roles: Set<string> } => ({ id: name, name, emails: [`${name}@example.com`], roles: new Set() });

type Case = readonly [name: string, given: Partial<Facts>, status: Status, says?: RegExp];

const cases: Readonly<Partial<Record<CheckId, readonly Case[]>>> = {
  'code-reviewed': [
    ['a squashed pull request that somebody else approved', given([pull()]), 'passed', /1 commit in 1 change, each approved/],
    ['a merged one, with the commits that its merge brought in', given([pull({ mergeCommit: id('a'), commits: null, head: id('d') , reviews: [approval(grace, { commit: id('d') })] })], [commit('a', ['b', 'd']), commit('d', ['c']), commit('c', ['b'])]), 'passed', /3 commits in 1 change/],
    ['a rebased one, whose commits git has under other ids', given([pull({ commits: listed('change d', 'change c', 'change a') })], [commit('a', ['c']), commit('c', ['d']), commit('d', ['b'])]), 'passed', /3 commits in 1 change/],
    ['a rebased one, of which the forge cut a long subject', given([pull({ commits: listed(`${'long '.repeat(14)}…`, 'change a') })], [commit('a', ['c']), commit('c', ['b'], { subject: `${'long '.repeat(14)}and longer` })]), 'passed', /2 commits in 1 change/],
    ['a rebased one below which somebody put a commit of their own', given([pull({ commits: listed('change c', 'change a') })], [commit('a', ['c']), commit('c', ['d']), commit('d', ['b'], { subject: 'straight to main' })]), 'failed', /1 fault in the review of 3 commits/],
    ['a rebased one between whose commits another stands', given([pull({ commits: listed('change d', 'change a') })], [commit('a', ['c']), commit('c', ['d']), commit('d', ['b'])]), 'failed'],
    ['a commit that no pull request explains', given([pull()], [commit('a', ['b']), commit('b', [], { subject: 'straight to main' })]), 'failed'],
    ['a merge of a pull request beside what came straight to its first parent', given([pull({ commits: null })], [commit('a', ['b', 'd']), commit('d', ['c']), commit('b', ['c'])]), 'failed'],
    ['nobody reviewed it', given([pull({ reviews: [] })]), 'failed'],
    ['only its author approved it', given([pull({ reviews: [approval(ada)] })]), 'failed'],
    ['only its author, under the address of a forge', given([pull({ author: account('lovelace'), commits: [], reviews: [approval(account('ada-l', { email: '123+lovelace@users.noreply.github.com' }))] })]), 'failed'],
    ['only a co-author approved it', given([pull({ reviews: [approval(grace)] })], [commit('a', [], { coAuthors: ['Grace <grace@example.com>'] })]), 'failed'],
    ['only who may be its author by name', given([pull({ author: account('x', { name: 'Ada Lovelace' }), commits: [], reviews: [approval(account('y', { name: 'ada lovelace' }))] })], [commit('a', [], { author: { name: 'Q', email: 'q@example.com' } })]), 'failed'],
    ['only a bot approved it', given([pull({ reviews: [approval(account('renovate[bot]', { bot: true }))] })]), 'failed'],
    ['approved before the last push', given([pull({ reviews: [approval(grace, { commit: id('9') })] })]), 'failed'],
    ['approved before the last push, by the times', given([pull({ head: null, reviews: [approval(grace, { commit: null, at: '2026-01-07T12:00:00Z' })] })]), 'failed'],
    ['approved after the last push, by the times', given([pull({ head: null, reviews: [approval(grace, { commit: null })] })]), 'passed'],
    ['approved only after it was merged', given([pull({ reviews: [approval(grace, { at: '2026-01-11T12:00:00Z' })] })]), 'failed'],
    ['approved, then dismissed', given([pull({ reviews: [approval(), approval(grace, { state: 'dismissed', at: '2026-01-09T13:00:00Z' })] })]), 'failed'],
    ['approved, then only commented', given([pull({ reviews: [approval(), approval(grace, { state: 'commented', at: '2026-01-09T13:00:00Z' })] })]), 'passed'],
    ['an export that leaves the reviews out', given([pull({ reviews: null })]), 'missing', /does not say its reviews/],
    ['an export that does not say when', given([pull({ head: null, lastPush: null })]), 'missing', /before or after its last push/],
    ['an export that does not say what was merged', given([pull({ mergeCommit: null, commits: [{ id: id('a'), authors: [ada], time: null, subject: null }] })]), 'missing', /which commit it was merged as/],
    ['still open, and its commit is in the range', given([pull({ state: 'open', mergeCommit: null, commits: [{ id: id('a'), authors: [ada], time: null, subject: null }] })]), 'failed'],
    ['a commit that names it, merged as another that is not there', given([pull({ mergeCommit: id('9'), commits: null })], [commit('a', [], { reviews: [{ kind: 'squash-merge', who: null, pullRequest: 12 }] })]), 'failed'],
    ['merged into this branch meanwhile, as a commit that git does not have', given([pull(), pull({ number: 13, mergeCommit: id('9'), mergedAt: '2026-01-09T12:00:00Z', commits: null })], [commit('a', ['b']), commit('b', [], { time: '2026-01-08T12:00:00Z', reviews: trailer('Grace <grace@example.com>') })]), 'failed'],
    ['merged into another branch', given([pull(), pull({ number: 13, base: 'next', mergeCommit: id('9'), mergedAt: '2026-01-10T11:00:00Z', commits: null })]), 'passed'],
    ['two exports that say it together', given([exported([pull({ reviews: null })], COMMIT, 'list.json'), exported([pull({ mergeCommit: null, commits: null })], COMMIT, 'view.json')]), 'passed'],
    ['two exports that disagree', given([exported([pull()], COMMIT, 'list.json'), exported([pull({ mergeCommit: id('9') })], COMMIT, 'view.json')]), 'failed'],
    ['a reviewer whom the commit names, committed by another', given([], [commit('a', [], { reviews: trailer('Grace <grace@example.com>') })]), 'passed', /whom only the commit names/],
    ['a reviewer whom the commit names, committed by its author', given([], [commit('a', [], { committer: { name: 'Ada', email: 'ada@example.com' }, reviews: trailer('Grace <grace@example.com>') })]), 'missing'],
    ['a reviewer whom the commit names, in a commit that another of the roster signed', given([], [commit('a', [], { committer: { name: 'Ada', email: 'ada@example.com' }, reviews: trailer('Grace <grace@example.com>') })], { commitSigners: new Map([[id('a'), signer('boss')]]) }), 'passed'],
    ['a reviewer whom the commit names, signed by its author', given([], [commit('a', [], { committer: { name: 'Ada', email: 'ada@example.com' }, reviews: trailer('Grace <grace@example.com>') })], { commitSigners: new Map([[id('a'), signer('ada')]]) }), 'missing'],
    ['its own author named as reviewer', given([], [commit('a', [], { reviews: trailer('Ada <ada@example.com>') })]), 'missing'],
    ['nothing but git, which names nobody', given([]), 'missing', /no reviewer for 1 of 1 commit/],
    ['an empty range', given([pull()], []), 'missing', /range is empty/],
    ['an export that names no commit', given([exported([pull()], null)]), 'needs-person'],
    ['another commit’s export', given([exported([pull()], OTHER_COMMIT)]), 'stale'],
    ['an export cut short', given([{ ...exported([pull()]), file: { ...exported([pull()]).file, problem: { code: 'truncated', message: 'the JSON ends in the middle' } } }]), 'broken'],
    ['owners who did not approve are shown', given([pull()], [commit('a')], { changes: [changed('src/a.js', 'a')], documents: owners('*.js @eve\n') }), 'passed', /1 without the approval of an owner/],
    ['an owner who approved', given([pull()], [commit('a')], { changes: [changed('src/a.js', 'a')], documents: owners('# all\n* @eve\n/src/ grace@example.com # hers\n') }), 'passed', /each approved by somebody else$/],
  ],
  'no-self-approval': [
    ['approved by another', given([pull()]), 'passed', /None of 1 change/],
    ['approved by its author only', given([pull({ reviews: [approval(ada)] })]), 'failed', /by nobody but who wrote it/],
    ['merged by its author, approved by nobody', given([pull({ reviews: [], mergedBy: ada })]), 'failed'],
    ['approved by both', given([pull({ reviews: [approval(), approval(ada)] })]), 'passed', /beside one that counts/],
    ['a commit that nobody explains', given([pull()], [commit('a', ['b']), commit('b')]), 'missing', /who approved 1 commit/],
    ['a reviewer’s line in their own commit', given([pull()], [commit('a', ['b']), commit('b', [], { reviews: trailer('Ada <ada@example.com>') })]), 'failed'],
    ['no export', given([]), 'missing'],
    ['another commit’s', given([exported([pull()], OTHER_COMMIT)]), 'stale'],
  ],
  'feedback-addressed': [
    ['nothing open', given([pull()]), 'passed'],
    ['a request for changes that is open', given([pull({ reviews: [approval(), approval(eve, { state: 'changes-requested' })] })]), 'failed'],
    ['one that was answered by an approval', given([pull({ reviews: [approval(eve, { state: 'changes-requested', at: '2026-01-08T12:00:00Z' }), approval(eve)] })]), 'passed'],
    ['a discussion that is open', given([pull({ threads: { total: 3, unresolved: 2 } })]), 'failed'],
    ['an export without discussions', given([pull({ threads: null })]), 'missing', /the discussions of 1 pull request/],
    ['an export without reviews', given([pull({ reviews: null })]), 'missing', /the reviews of 1 pull request/],
    ['a reviewer whom only the commit names', given([], [commit('a', [], { reviews: trailer('Grace <grace@example.com>') })]), 'missing', /what was said of 1 commit that no pull request explains/],
    ['the same beside a pull request', given([pull()], [commit('a', ['b']), commit('b', [], { reviews: trailer('Grace <grace@example.com>') })]), 'missing', /what was said of 1 commit/],
    ['no export', given([]), 'missing'],
    ['another commit’s', given([exported([pull()], OTHER_COMMIT)]), 'stale'],
  ],
  'high-risk-reviewed': [
    ['no such file changed', given([pull()], [commit('a')], { changes: [changed('README.md', 'a')] }), 'not-applicable', /None of 1 file/],
    ['approved by a security architect', given([pull()], [commit('a')], { changes: [changed('src/auth/login.ts', 'a')], roster: roster(person('grace', ['security-architect'])) }), 'passed', /login\.ts \(authentication\), each approved by grace/],
    ['approved by one, known by the address of a forge', given([pull({ reviews: [approval(account('grace'))] })], [commit('a')], { changes: [changed('Dockerfile', 'a')], roster: roster(person('grace', ['senior-developer'], { emails: ['7+grace@users.noreply.github.com'] })) }), 'passed'],
    ['approved by a deputy of one', given([pull()], [commit('a')], { changes: [changed('Dockerfile', 'a')], roster: roster(person('grace', []), person('boss', ['senior-developer'], { deputies: [{ id: 'grace', from: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z' }] })) }), 'passed'],
    ['approved by one whose time as deputy is over', given([pull()], [commit('a')], { changes: [changed('Dockerfile', 'a')], roster: roster(person('grace', []), person('boss', ['senior-developer'], { deputies: [{ id: 'grace', from: '2025-01-01T00:00:00Z', until: '2025-02-01T00:00:00Z' }] })) }), 'failed'],
    ['approved by somebody without the role', given([pull()], [commit('a')], { changes: [changed('db/migrations/1.sql', 'a')], roster: roster(person('grace', ['qa'])) }), 'failed'],
    ['approved by one who left', given([pull()], [commit('a')], { changes: [changed('go.sum', 'a')], roster: roster(person('grace', ['senior-developer'], { status: 'left' })) }), 'failed'],
    ['a display name proves nobody', given([pull({ reviews: [approval(account('g', { name: 'grace' }))] })], [commit('a')], { changes: [changed('go.sum', 'a')], roster: roster(person('grace', ['senior-developer'])) }), 'failed'],
    ['no roster', given([pull()], [commit('a')], { changes: [changed('.github/workflows/ci.yml', 'a')] }), 'missing', /a roster in force/],
    ['changed by a merge itself', given([pull()], [commit('a')], { changes: [changed('go.sum')], roster: roster(person('grace', ['senior-developer'])) }), 'failed'],
    ['no export', given([], [commit('a')], { changes: [changed('go.sum', 'a')] }), 'missing'],
    ['another commit’s', given([exported([pull()], OTHER_COMMIT)], [commit('a')], { changes: [changed('go.sum', 'a')] }), 'stale'],
  ],
};

describe.each(Object.entries(cases))('%s', (check, list) => {
  test.each(list.map(([name, facts, status, says]) => ({ name, facts, status, says })))('$name', ({ facts, status, says }) => {
    const result = judge(check as CheckId, facts);
    expect({ status: result.status, summary: result.summary }).toMatchObject({ status });
    if (says !== undefined) expect(result.summary).toMatch(says);
    if (status === 'passed' || status === 'not-applicable') expect(result.remedy).toBeNull();
    else expect(result.remedy).toMatch(/\w/);
  });
});

test('what was left out of an export is what its remedy asks for', () => {
  expect(judge('feedback-addressed', given([pull({ threads: null })])).remedy).toMatch(/reviewThreads/);
  expect(judge('feedback-addressed', given([pull({ reviews: null })])).remedy).toMatch(/gh pr list .*reviews/);
});

test('a large range with many merges is reconciled with each of them', () => {
  const commits: Commit[] = [];
  const pulls: PullRequest[] = [];
  for (let at = 0; at < 2_500; at += 1) {
    const name = (kind: string, number: number): string => (kind + number.toString(16)).padStart(40, '0');
    const [merge, side, before] = [name('f', at), name('e', at), name('f', at + 1)];
    commits.push({ ...commit('a'), id: merge, parents: [before, side] }, { ...commit('a'), id: side, parents: [before] });
    pulls.push(pull({ number: at, mergeCommit: merge, commits: null }));
  }
  expect(judge('code-reviewed', given(pulls, commits))).toMatchObject({ status: 'passed', summary: expect.stringContaining('5000 commits in 2500 changes') as string });
});
