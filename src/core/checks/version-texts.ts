import picomatch from 'picomatch';
import type { Policy } from '../policy/policy.ts';
import type { Facts, RepositoryDocument } from './check.ts';
import { byPath, pathOf } from './range-files.ts';

/** A text that the commit holds about the version that is judged. */
export interface VersionText {
  readonly document: RepositoryDocument;
  readonly text: string;
}

/**
 * What the commit says of this version: its section of the CHANGELOG and of the release notes, and the lines of the
 * configuration's documentation that the last release did not have.
 */
export function textsOfVersion(facts: Facts, { parameters }: Policy): VersionText[] {
  const version = facts.version.replace(/^v/, '');
  const about = picomatch([...parameters.changelog_files.value, ...parameters.release_notes_files.value], { dot: true });
  const documents = picomatch([...parameters.configuration_documents.value], { dot: true });
  const before = byPath(facts.documentsBefore);
  return facts.documents.flatMap((document) => {
    const path = pathOf(document);
    const text = about(path) ? sectionAbout(document, version) : parameters.configuration_documents.value.length > 0 && documents(path) ? newLines(withoutComments(document.text), before.get(path)?.text ?? '') : '';
    return text === '' ? [] : [{ document, text }];
  });
}

/** The lines under the heading that names a version, or the whole file where its own name does. */
function sectionAbout({ path, text }: RepositoryDocument, version: string): string {
  const names = new RegExp(`(?:^|[^0-9.])v?${version.replaceAll(/[.+*?^${}()|[\]\\]/g, '\\$&')}(?![0-9]|\\.[0-9])`);
  const lines = withoutComments(text).split(/\r?\n/);
  const start = lines.findIndex((line) => /^#{1,6}\s/.test(line) && names.test(line));
  if (start === -1) return names.test(path) ? lines.join('\n') : '';
  const level = /^#+/.exec(lines[start] ?? '')?.[0].length ?? 1;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => (/^(#+)\s/.exec(line)?.[1]?.length ?? 7) <= level);
  return (end === -1 ? rest : rest.slice(0, end)).join('\n');
}

/** A text of Markdown as its readers see it: what a template says in comments is nothing that anybody wrote. */
export function withoutComments(text: string): string {
  const shown: string[] = [];
  for (let at = 0; ; ) {
    const begin = text.indexOf('<!--', at);
    const end = begin === -1 ? -1 : text.indexOf('-->', begin + 4);
    if (end === -1) return shown.join('') + text.slice(at);
    shown.push(text.slice(at, begin));
    at = end + 3;
  }
}

function newLines(text: string, before: string): string {
  const known = new Set(before.split(/\r?\n/).map((line) => line.trim()));
  return text.split(/\r?\n/).filter((line) => !known.has(line.trim())).join('\n');
}
