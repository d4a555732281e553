import { execFileSync } from 'node:child_process';

interface Logged {
  readonly id: string;
  readonly parents: readonly string[];
  readonly email: string;
  readonly name: string;
  readonly time: string;
  readonly subject: string;
}

/** Who opened each pull request of the sample and who approved it; the rest is read from its history. */
const PULLS = [
  { number: 14, title: 'Discounts for families', author: 'grace', approver: 'ada', brings: 'Merge pull request #14', commits: 2 },
  { number: 15, title: 'Receipts', author: 'kenji', approver: 'ada', brings: 'Merge pull request #15', commits: 2 },
  { number: 16, title: 'Refuse a fare below nothing', author: 'ada', approver: 'kenji', brings: 'Refuse a fare below nothing', commits: 1 },
  { number: 17, title: 'Release 1.1.0', author: 'ada', approver: 'grace', brings: 'Release 1.1.0', commits: 2 },
] as const;

/**
 * What a forge answers when it is asked for the pull requests of the sample with their reviews and discussions
 * (GraphQL's shape). The sample has no forge; commits, authors and times are those of its repository.
 */
export function forgeExport(repository: string): unknown {
  const read = (...range: readonly string[]): Logged[] => {
    const log = execFileSync('git', ['log', '-z', '--format=%H%n%P%n%ae%n%an%n%cI%n%s', ...range], { cwd: repository, encoding: 'utf8' });
    return log.split('\0').filter((entry) => entry !== '').map((entry) => {
      const [id = '', parents = '', email = '', name = '', time = '', subject = ''] = entry.split('\n');
      return { id, parents: parents.split(' ').filter((parent) => parent !== ''), email, name, time, subject };
    });
  };
  return { data: { repository: { pullRequests: { nodes: PULLS.map((pull) => nodeOf(pull, read)) } } } };
}

function nodeOf({ number, title, author, approver, brings, commits }: (typeof PULLS)[number], read: (...range: readonly string[]) => Logged[]): unknown {
  const merged = read().find(({ subject }) => subject.startsWith(brings));
  if (merged === undefined) throw new Error(`The sample has no commit "${brings}"`);
  // A merge's second parent is what was pushed last; a rebased pull request ends with the commit itself.
  const pushed = merged.parents.length > 1 ? read(`${merged.id}^1..${merged.id}^2`) : read(`--max-count=${commits}`, merged.id);
  const [newest = merged] = pushed;
  const head = newest.id;
  const last = newest.time;
  return {
    number, title, state: 'MERGED', url: `https://github.com/example/tariff/pull/${number}`, author: { login: author }, baseRefName: 'main', headRefOid: head, mergeCommit: { oid: merged.id }, mergedBy: { login: approver },
    mergedAt: merged.time,
    commits: { nodes: pushed.map(({ id, email, name, time }) => ({ commit: { oid: id, committedDate: time, authors: { nodes: [{ name, email, user: { login: email.split('@')[0] } }] } } })) },
    reviews: { nodes: [{ author: { login: approver }, state: 'APPROVED', submittedAt: last, commit: { oid: head } }] },
    reviewThreads: { totalCount: 1, nodes: [{ isResolved: true }] },
  };
}
