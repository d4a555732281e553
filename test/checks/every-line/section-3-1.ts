import type { Facts } from '../../../src/core/checks/check.ts';
import { GITHUB_PULLS } from '../../../src/core/checks/explanations/samples.ts';
import type { Commit } from '../../../src/core/model/release.ts';
import type { CheckId } from '../../../src/core/model/verdict.ts';
import { COMMIT, OTHER_COMMIT } from '../facts.ts';
import type { Examples } from './example.ts';
import { cut, outputs, range, rosterOf } from './gathered.ts';

const HEAD = '1f2e3d4c5b6a79880f1e2d3c4b5a69788f2e1d0c';
const MERGED: Commit = {
  id: '8f2c1d0e9b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e', parents: [OTHER_COMMIT], author: { name: 'Ada Osei', email: 'ada@example.com' }, committer: { name: 'GitHub', email: 'noreply@github.com' },
  coAuthors: [], time: '2026-01-12T09:30:00Z', subject: 'Family discounts (#14)', reviews: [], securityMarks: [],
};
const ada = { login: 'ada', name: 'Ada Osei' };
const grace = { login: 'grace', name: 'Grace Lindqvist' };
const review = (author: object, state = 'APPROVED'): object => ({ author, state, submittedAt: '2026-01-12T09:20:00Z', commit: { oid: HEAD } });

/** What `gh` writes of the one pull request of the range: Ada wrote it, and Grace approved it. */
function pulls(more: object = {}): object {
  const [sample] = JSON.parse(GITHUB_PULLS.text) as object[];
  return [{
    ...sample, author: ada, mergedBy: grace, commits: [{ oid: HEAD, committedDate: '2026-01-12T09:00:00Z', authors: [{ ...ada, email: 'ada@example.com' }] }],
    reviews: [review(grace)], reviewThreads: { nodes: [{ isResolved: true }] }, ...more,
  }];
}

const LOCK: Facts['changes'] = [{ path: 'package-lock.json', change: 'modified', commits: [MERGED.id] }];

async function reviewed(content: object, commit: string | null = COMMIT, more: Partial<Facts> = {}): Promise<Partial<Facts>> {
  return { range: range(MERGED), changes: LOCK, roster: rosterOf('senior-developer'), evidence: await outputs({ 'pulls.json': content }, commit), ...more };
}

const withoutExport = { range: range(MERGED), changes: LOCK, roster: rosterOf('senior-developer') };
const ofAnotherCommit = { given: () => reviewed(pulls(), OTHER_COMMIT), status: 'stale', says: /^Evidence is of another commit \(ddddddd, not ccccccc\)$/ } as const;
const cutShort = { given: () => reviewed(cut(pulls())), status: 'broken', says: /^Could not be judged: pulls\.json: .*(?:ends|cut)/ } as const;

/** §3.1 Code Quality */
export const codeQuality = {
  'code-reviewed': {
    passed: { given: () => reviewed(pulls()), status: 'passed', says: /^1 commit in 1 change, each approved by somebody else$/ },
    failed: { given: () => reviewed(pulls({ reviews: [] })), status: 'failed', says: /^1 fault in the review of 1 commit$/ },
    missing: { given: () => withoutExport, status: 'missing', says: /git itself names no reviewer for 1 of 1 commit/ },
    stale: ofAnotherCommit,
    malformed: cutShort,
  },
  'high-risk-reviewed': {
    passed: { given: () => reviewed(pulls()), status: 'passed', says: /^1 high-risk file: package-lock\.json \(dependencies\), each approved by Grace$/ },
    failed: { given: () => reviewed(pulls(), COMMIT, { roster: rosterOf('qa') }), status: 'failed', says: /^1 high-risk file of 1 without the review of a senior-developer or security-architect$/ },
    missing: { given: () => reviewed(pulls(), COMMIT, { roster: null }), status: 'missing', says: /a roster in force that says who is senior-developer or security-architect/ },
    stale: ofAnotherCommit,
    malformed: cutShort,
  },
  'no-self-approval': {
    passed: { given: () => reviewed(pulls()), status: 'passed', says: /^None of 1 change rests on its author's own approval$/ },
    failed: { given: () => reviewed(pulls({ reviews: [review(ada)] })), status: 'failed', says: /^1 change approved by nobody but who wrote it$/ },
    missing: { given: () => withoutExport, status: 'missing', says: /pull requests with their reviews/ },
    stale: ofAnotherCommit,
    malformed: cutShort,
  },
  'feedback-addressed': {
    passed: { given: () => reviewed(pulls()), status: 'passed', says: /^No open request for changes and no open discussion in 1 change$/ },
    failed: { given: () => reviewed(pulls({ reviewThreads: { nodes: [{ isResolved: true }, { isResolved: false }] } })), status: 'failed', says: /^1 piece of feedback not addressed$/ },
    missing: { given: () => reviewed(pulls({ reviewThreads: undefined })), status: 'missing', says: /the discussions of 1 pull request/ },
    stale: ofAnotherCommit,
    malformed: cutShort,
  },
} as const satisfies Partial<Record<CheckId, Examples>>;
