import picomatch from 'picomatch';
import type { EvidenceRef, Verdict } from '../model/verdict.ts';
import type { ChangedFile, Facts, RepositoryDocument } from './check.ts';

/** Files that were added or modified since the last release and match; a whole tree where there is none before it. */
export function changedMatching(facts: Facts, globs: readonly string[]): ChangedFile[] {
  const matches = picomatch([...globs], { dot: true });
  return facts.changes.filter(({ path, change }) => change !== 'deleted' && matches(path));
}

/** "since v1.0.0", or that there is no release before this one. */
export function sinceWhen({ range }: Facts): string {
  return range.since === null ? 'in the whole tree, as no release is before it' : `since ${range.since.name}`;
}

/** A line that the range does not call for. */
export function notCalledFor(why: string): Verdict {
  return { status: 'not-applicable', why, summary: why, remedy: null, evidence: [] };
}

/** What was judged and could not be: told as broken, never as passed. */
export function brokenFor(error: string, remedy: string, evidence: readonly EvidenceRef[]): Verdict {
  return { status: 'broken', error, summary: `Could not be judged: ${error}`, remedy, evidence };
}

/** The path of a document inside the repository. */
export function pathOf({ path }: RepositoryDocument): string {
  return path.replace(/^repository:/, '');
}

export function documentRefs(documents: readonly RepositoryDocument[]): EvidenceRef[] {
  return documents.map(({ path, sha256 }) => ({ path, sha256 }));
}

/** Documents by their path inside the repository. */
export function byPath(documents: readonly RepositoryDocument[]): ReadonlyMap<string, RepositoryDocument> {
  return new Map(documents.map((document) => [pathOf(document), document]));
}

/** "a, b, c and 4 more". */
export function named(names: readonly string[], shown = 5): string {
  const rest = names.length - shown;
  return rest <= 0 ? names.join(', ') : `${names.slice(0, shown).join(', ')} and ${rest} more`;
}
