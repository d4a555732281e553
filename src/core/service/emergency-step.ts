import type { EmergencyDone } from '../contract/emergency-calls.ts';
import { AppError } from '../model/errors.ts';
import { CommitId } from '../model/primitives.ts';
import type { EmergencyPatchRecord } from '../model/records/emergency.ts';
import { authored } from '../roster/differ.ts';
import { lastRelease } from '../workflow/assess-release.ts';
import type { EmergencyFacts } from '../workflow/emergency-facts.ts';
import { releaseCommit } from '../workflow/release-commit.ts';
import { unrelatedCommits } from '../workflow/unrelated-commits.ts';
import type { Speaker } from './speaker.ts';
import { refused, type WorkflowPorts } from './workflow-ports.ts';

type Step = Extract<EmergencyDone, { kind: 'step' }>;
const MAX_LISTED = 500;

/**
 * Which commit a step is about, and what is found in its range: whoever wrote a part of the patch neither reviews nor tests it (FORMATS §5),
 * and of a review, which commits nothing ties to the emergency. Without a repository neither is looked at, and the record says so.
 */
export async function stepFields({ openRepository }: Pick<WorkflowPorts, 'openRepository'>, facts: EmergencyFacts, speaker: Speaker, { step, commit, repo }: Step, signal: AbortSignal): Promise<Partial<EmergencyPatchRecord>> {
  const { release, declarations } = facts.one;
  if (release === null) throw refused('No version that mends it is named yet, so there is nothing to do it of.', 'Name it first: countersign emergency release.');
  if (repo === null) return { release_commit: withoutRepository(commit, facts), authors_checked: false };
  const repository = await openRepository(repo);
  const about = commit === null ? await releaseCommit(repository, release) : await repository.resolve(commit);
  const since = await lastRelease(repository, { version: release, since: null }, (await repository.inspect()).tags, about);
  const { commits } = await repository.history(about, since?.commit ?? null, signal);
  const own = step === 'development-test' ? null : authored(speaker.person, { range: { commits: [...commits] } });
  if (own !== null) throw refused(`${speaker.person.name} is an author of ${own.slice(0, 12)}, which is in the patch, and who wrote it neither reviews nor tests it.`, 'Ask somebody else with the role.');
  const unrelated = step === 'review' ? unrelatedCommits(commits, declarations.map(({ record }) => record.emergency_id)) : null;
  return { release_commit: about, authors_checked: true, ...(unrelated === null ? {} : { unrelated_commits: unrelated.slice(0, MAX_LISTED), unrelated_total: unrelated.length }) };
}

function withoutRepository(commit: string | null, facts: EmergencyFacts): string {
  const about = commit ?? facts.commit;
  if (about === null) throw new AppError('bad-input', 'Nothing says which commit it is about.', { hint: 'Name the repository with --repo, or the commit with --commit.' });
  const parsed = CommitId.safeParse(about);
  if (!parsed.success) throw new AppError('bad-input', `"${about}" is no full id of a commit.`, { hint: 'Give it whole, or name the repository with --repo as well.', details: { commit: about } });
  return parsed.data;
}
