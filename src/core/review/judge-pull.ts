import type { Signer } from '../checks/check.ts';
import type { PullReview } from '../model/evidence.ts';
import type { Commit } from '../model/release.ts';
import type { Policy } from '../policy/policy.ts';
import { callOf, namedIn, type Identities, type Named } from './identities.ts';
import type { ToldPull } from './merge-exports.ts';

/** One change with who reviewed it; a pull request, or a commit that only git tells of. */
export interface ReviewedChange {
  /** `#12 Add a thing`, or a commit's short id and subject. */
  readonly title: string;
  readonly where: string | null;
  readonly commits: readonly Commit[];
  readonly evidence: readonly string[];
  /** Whose approval counts: not an author, before the merge, after the last push, no bot, not withdrawn. */
  readonly approvers: readonly Named[];
  /** Why it has no approval that counts; empty where it has one, or where the export does not say. */
  readonly faults: readonly string[];
  /** What has to be known and the export leaves out. */
  readonly unknowns: readonly string[];
  /** Approvals by its own authors. */
  readonly selfApprovals: readonly string[];
  /** Reviewers who asked for changes and never approved since. */
  readonly openRequests: readonly string[];
  /** Discussions that wait for an answer; null where no export says. */
  readonly unresolved: number | null;
}

/** Judges the reviews of one pull request (§3.1). Its claims about commits were reconciled with git before. */
export function judgePull(told: ToldPull, commits: readonly Commit[], identities: Identities): ReviewedChange {
  const { pull } = told;
  const authors = authorsOf(told, commits);
  const isAuthor = (who: Named): boolean => authors.some((author) => identities.couldBeSame(author, who));
  const reviews = pull.reviews ?? [];
  const decisive = lastDecisive(reviews);
  const approvals = decisive.filter(({ state }) => state === 'approved');
  const unknowns: string[] = [];
  if (pull.reviews === null) unknowns.push('its reviews');
  if (pull.mergeCommit === null && (pull.state === 'merged' || pull.state === null)) unknowns.push('which commit it was merged as');

  const reasons: string[] = [];
  const approvers: Named[] = [];
  for (const review of approvals) {
    const why = whyNotCounted(review, told, isAuthor(review.reviewer));
    if (why === null) approvers.push(review.reviewer);
    else if (why.unknown) unknowns.push(why.words);
    else reasons.push(why.words);
  }
  const faults = [...told.disagreements];
  if (pull.state === 'open' || pull.state === 'closed') faults.push(pull.state === 'open' ? 'it is still open, and its commits are in the release' : 'it was closed without being merged, and its commits are in the release');
  // What is not known may yet be an approval that counts: then it is asked for, not held against the change.
  const canHaveApproval = approvers.length > 0 || unknowns.length > 0;
  if (!canHaveApproval) faults.push(...(reasons.length > 0 ? reasons : [reviews.length === 0 ? 'nobody reviewed it' : 'nobody approved it']));
  return {
    title: `#${pull.number} ${pull.title}`.trim(), where: pull.url, commits, evidence: told.evidence, approvers, faults,
    unknowns: approvers.length > 0 ? unknowns.filter((unknown) => !unknown.startsWith('whether')) : unknowns,
    selfApprovals: [
      ...reviews.filter(({ state, reviewer }) => state === 'approved' && isAuthor(reviewer)).map(({ reviewer }) => `${callOf(reviewer)} approved their own change`),
      ...(canHaveApproval || pull.mergedBy === null || !isAuthor(pull.mergedBy) ? [] : [`${callOf(pull.mergedBy)} merged their own change, and nobody else approved it`]),
    ].filter((said, at, all) => all.indexOf(said) === at),
    openRequests: decisive.filter(({ state }) => state === 'changes-requested').map(({ reviewer }) => callOf(reviewer)),
    unresolved: pull.threads?.unresolved ?? null,
  };
}

type TrailerRule = Policy['parameters']['review_trailers']['value'];

/** A commit that no pull request explains, with what its message says of reviews: words that nobody signed. */
export function judgeTrailers(commit: Commit, rule: TrailerRule, identities: Identities, signer: Signer | null): ReviewedChange | null {
  const claimed = commit.reviews.flatMap(({ kind, who }) => ((kind === 'reviewed-by' || kind === 'approved-by') && who !== null ? [namedIn(who)] : []));
  if (claimed.length === 0) return null;
  const authors = [commit.author, ...commit.coAuthors.map(namedIn)];
  const isAuthor = (who: Named): boolean => authors.some((author) => identities.couldBeSame(author, who));
  const others = claimed.filter((who) => !isAuthor(who));
  const signedByAnother = signer !== null && !signer.emails.some((email) => isAuthor({ name: signer.name, email }));
  const counts = rule === 'always' || (rule !== 'never' && signedByAnother) || (rule === 'committed-by-another' && !isAuthor(commit.committer));
  const why = others.length === 0 ? 'only its own author is named as its reviewer' : `its message names ${others.map(callOf).join(', ')} as reviewer, in words that nobody but its author wrote`;
  return {
    title: `${commit.id.slice(0, 12)} ${commit.subject}`, where: null, commits: [commit], evidence: [],
    approvers: counts ? others : [], faults: counts && others.length > 0 ? [] : [why], unknowns: [],
    selfApprovals: others.length === 0 ? claimed.map((who) => `${callOf(who)} is named as reviewer of their own commit`) : [],
    openRequests: [], unresolved: null,
  };
}

/** Everybody who wrote part of it. A merge is made by who merged it, who may well have approved it. */
function authorsOf({ pull }: ToldPull, commits: readonly Commit[]): Named[] {
  const own = commits.filter(({ parents }) => parents.length < 2);
  return [
    ...(pull.author.login === '' && pull.author.email === null ? [] : [pull.author]),
    ...(pull.commits ?? []).flatMap(({ authors }) => authors),
    ...own.flatMap(({ author, coAuthors }) => [author, ...coAuthors.map(namedIn)]),
  ];
}

/** The last word of each reviewer; a comment takes none back, a dismissed review says nothing any more. */
function lastDecisive(reviews: readonly PullReview[]): PullReview[] {
  const last = new Map<string, PullReview>();
  const inOrder = [...reviews].sort((a, b) => (a.at === null || b.at === null ? 0 : Date.parse(a.at) - Date.parse(b.at)));
  for (const review of inOrder) {
    if (review.state === 'commented' || review.state === 'pending') continue;
    last.set(review.reviewer.login.toLowerCase() || (review.reviewer.email ?? ''), review);
  }
  return [...last.values()];
}

function whyNotCounted(review: PullReview, { pull }: ToldPull, isAuthor: boolean): { readonly words: string; readonly unknown: boolean } | null {
  const who = callOf(review.reviewer);
  const no = (words: string): { words: string; unknown: boolean } => ({ words, unknown: false });
  if (review.reviewer.bot) return no(`${who} is a bot`);
  if (isAuthor) return no(`${who} approved their own change`);
  if (review.at !== null && pull.mergedAt !== null && Date.parse(review.at) > Date.parse(pull.mergedAt)) return no(`${who} approved it only after it was merged`);
  if (review.commit !== null && pull.head !== null) return review.commit === pull.head ? null : no(`${who} approved ${review.commit.slice(0, 12)}, and ${pull.head.slice(0, 12)} was pushed after that`);
  if (review.at !== null && pull.lastPush !== null) return Date.parse(review.at) >= Date.parse(pull.lastPush) ? null : no(`${who} approved it at ${review.at}, before the last push at ${pull.lastPush}`);
  return { words: `whether ${who} approved it before or after its last push`, unknown: true };
}
