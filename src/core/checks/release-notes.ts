import picomatch from 'picomatch';
import type { Check, RepositoryDocument } from './check.ts';
import { counted, failed, missing, passed } from './judging.ts';
import { brokenFor, documentRefs, pathOf } from './range-files.ts';
import { withoutComments } from './version-texts.ts';

/** §3.4 “Release notes documented”: a file of the commit has words about this version. */
export const releaseNotes: Check = {
  id: 'release-notes',
  evaluate: (facts, policy) => {
    const places = policy.parameters.release_notes_files.value;
    const matches = picomatch([...places], { dot: true });
    const kept = facts.documents.filter((document) => matches(pathOf(document)));
    const minimum = policy.parameters.release_notes_minimum_words.value;
    const version = facts.version.replace(/^v/, '');
    const remedy = `Write at least ${minimum} words about ${version} in ${places[0] ?? 'RELEASE_NOTES.md'}, under a heading that names it, and commit it.`;
    if (kept.length === 0) return missing([`release notes in the commit (${places.join(', ')})`], remedy);

    const evidence = documentRefs(kept);
    const about = kept.map((document) => ({ document, words: wordsAbout(document, version) })).sort((a, b) => b.words - a.words)[0];
    if (about === undefined || about.words === 0) {
      // Bytes of zero are in no text of UTF-8: what such a file says is not known.
      const unread = kept.find(({ text }) => text.includes('\0'));
      if (unread !== undefined) return brokenFor(`${pathOf(unread)} is no text of UTF-8`, `Save ${pathOf(unread)} as UTF-8, and commit it.`, evidence);
      return failed(`The release notes say nothing of ${version}`, remedy, evidence);
    }
    if (about.words < minimum) return failed(`The release notes have ${counted(about.words, 'word')} about ${version}`, remedy, evidence);
    return passed(`${about.document.path} has ${about.words} words about ${version}`, [
      { path: about.document.path, sha256: about.document.sha256 },
    ]);
  },
};

/** Words under the heading that names the version, or of the whole file where its own name does. */
function wordsAbout({ path, text }: RepositoryDocument, version: string): number {
  const named = new RegExp(`(?:^|[^0-9.])v?${version.replaceAll(/[.+]/g, '\\$&')}(?![0-9]|\\.[0-9])`);
  const lines = withoutComments(text).split(/\r?\n/);
  const start = lines.findIndex((line) => /^#{1,6}\s/.test(line) && named.test(line));
  if (start === -1) return named.test(path) ? countWords(lines) : 0;
  const level = /^#+/.exec(lines[start] ?? '')?.[0].length ?? 1;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => (/^(#+)\s/.exec(line)?.[1]?.length ?? 7) <= level);
  return countWords(end === -1 ? rest : rest.slice(0, end));
}

function countWords(lines: readonly string[]): number {
  return lines.filter((line) => !/^#{1,6}\s/.test(line)).join(' ').match(/[\p{L}\p{N}]{2,}/gu)?.length ?? 0;
}
