import type { Commit } from '../model/release.ts';

/**
 * Commits of a patch that nothing ties to its emergency: neither a trailer `Emergency: ID` nor the id in their subject. Merges count
 * like any other, because what a merge brings is its maker's word.
 */
export function unrelatedCommits(commits: readonly Pick<Commit, 'id' | 'subject' | 'emergencies'>[], ids: readonly string[]): string[] {
  return commits.filter(({ subject, emergencies = [] }) => !ids.some((id) => emergencies.includes(id) || subject.split(/[\s()[\]:,;]+/).includes(id))).map(({ id }) => id);
}
