import type { AcceptedEvidence, Explanation } from './explanation.ts';
import { GITHUB_PULLS, GITLAB_MERGE_REQUESTS } from './samples.ts';

const PULLS: AcceptedEvidence = {
  what: 'An export of the pull or merge requests since the last release, reconciled with git: what it says was merged must be in the range',
  kinds: ['github-pulls', 'gitlab-merge-requests'],
  make: [
    'gh pr list --state merged --limit 1000 --json number,title,url,author,state,baseRefName,headRefOid,mergeCommit,mergedAt,mergedBy,commits,reviews,files > outputs/pulls.json',
    'glab api --paginate "projects/:id/merge_requests?state=merged&per_page=100" > outputs/merge-requests.json',
  ],
  samples: [GITHUB_PULLS, GITLAB_MERGE_REQUESTS],
};

const TRAILERS: AcceptedEvidence = {
  what: 'Trailers of the commits themselves, as far as the house rule takes them: Reviewed-by, Approved-by, Co-authored-by',
  kinds: [],
  make: ['git commit --trailer "Reviewed-by: Ada Osei <ada@example.com>"'],
  samples: [],
  example: 'Refuse a fare below nothing (#16)\n\nReviewed-by: Kenji Mori <kenji@example.com>\n',
};

/** §3.1 */
export const codeQuality = {
  'code-reviewed': {
    accepts: [PULLS, TRAILERS],
    green: 'Every commit since the last release came in by a change that somebody other than its authors approved, after the last push to it and before it was merged. Bots do not count.',
    rules: ['review_trailers', 'code_owners', 'code_owner_files'],
  },
  'high-risk-reviewed': {
    accepts: [PULLS, TRAILERS],
    green: 'Every change of a high-risk file was approved by somebody who has one of the named roles in the roster in force and did not write it.',
    rules: ['high_risk_files', 'high_risk_roles', 'review_trailers'],
  },
  'no-self-approval': {
    accepts: [PULLS, TRAILERS],
    green: 'No change rests on the approval of one of its authors or co-authors, nor was merged unreviewed by who wrote it.',
    rules: ['review_trailers'],
  },
  'feedback-addressed': {
    accepts: [PULLS],
    green: 'No merged change has a review that still asks for changes, nor a discussion that waits for an answer; the export must say so.',
    rules: [],
  },
} as const satisfies Record<string, Explanation>;
