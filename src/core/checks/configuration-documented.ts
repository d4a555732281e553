import type { VerdictFinding } from '../model/verdict.ts';
import type { Check, Facts, RepositoryDocument } from './check.ts';
import { counted, failed, missing, passed } from './judging.ts';
import { byPath, changedMatching, documentRefs, named, notCalledFor, sinceWhen } from './range-files.ts';
import { textsOfVersion, type VersionText } from './version-texts.ts';

/**
 * §3.5 “Configuration changes documented”: every configuration file that was added or changed since the last release is
 * named by the texts of this version, or else every key in it that changed is.
 */
export const configurationDocumented: Check = {
  id: 'configuration-documented',
  evaluate: (facts, policy) => {
    const { configuration_files, changelog_files, release_notes_files } = policy.parameters;
    const changed = changedMatching(facts, configuration_files.value);
    if (changed.length === 0) return notCalledFor(`No configuration file was added or changed ${sinceWhen(facts)}`);
    const texts = textsOfVersion(facts, policy);
    const version = facts.version.replace(/^v/, '');
    const paths = changed.map(({ path }) => path).sort();
    const remedy = `Name ${named(paths, 3)}, or each key that changed in ${paths.length === 1 ? 'it' : 'them'}, in the section for ${version} of the CHANGELOG or of the release notes, and commit it.`;
    if (texts.length === 0) {
      return missing([`words about ${version} in the commit (${[...changelog_files.value, ...release_notes_files.value].join(', ')}); ${counted(changed.length, 'configuration file')} changed: ${named(paths)}`], remedy);
    }
    const look = lookUp(facts, texts);
    const judged = paths.map((path) => ({ path, ...documented(path, look) }));
    const evidence = documentRefs([...new Set(judged.flatMap(({ where }) => (where === null ? [] : [where.document])))]);
    const findings = judged.filter(({ where }) => where === null).map(({ path, undocumented }): VerdictFinding => ({
      severity: null, title: undocumented.length === 0 ? `${path} is named nowhere` : `${path} is named nowhere, nor are its keys ${named(undocumented)}`, where: path, evidence: null,
    }));
    if (findings.length > 0) {
      return failed(`${findings.length} of ${counted(paths.length, 'changed configuration file')} ${findings.length === 1 ? 'is' : 'are'} documented nowhere for ${version}`, remedy, documentRefs(texts.map(({ document }) => document)), findings);
    }
    return passed(`${judged.map(({ path, where }) => `${path} in ${where?.document.path ?? ''}`).slice(0, 5).join(', ')}${judged.length > 5 ? ` and ${judged.length - 5} more` : ''}`, evidence);
  },
};

/** What is looked up for each file, made once: a release may change thousands. */
interface LookUp {
  readonly placeOf: (name: string) => VersionText | null;
  readonly isOnly: (name: string) => boolean;
  readonly before: ReadonlyMap<string, RepositoryDocument>;
  readonly now: ReadonlyMap<string, RepositoryDocument>;
}

/** More of a text than this is not looked through for names. */
const MAX_TEXT = 2_000_000;

function lookUp(facts: Facts, texts: readonly VersionText[]): LookUp {
  const places = new Map<string, VersionText>();
  for (const place of texts) {
    // A name stands by itself, not as the beginning or end of a longer one; a full stop behind it ends a sentence.
    for (const [word] of place.text.slice(0, MAX_TEXT).matchAll(/[\p{L}\p{N}_./@+-]+/gu)) {
      const name = word.replace(/^\.\/|\.+$/g, '');
      if (!places.has(name)) places.set(name, place);
    }
  }
  const times = new Map<string, number>();
  for (const file of facts.files) times.set(nameOf(file), (times.get(nameOf(file)) ?? 0) + 1);
  return {
    placeOf: (name) => places.get(name) ?? (/[^\p{L}\p{N}_./@+-]/u.test(name) ? (texts.find(({ text }) => text.slice(0, MAX_TEXT).includes(name)) ?? null) : null),
    isOnly: (name) => (times.get(name) ?? 0) <= 1,
    before: byPath(facts.documentsBefore), now: byPath(facts.documents),
  };
}

/** Where a file, or everything that changed in it, is named; `undocumented` are keys that are not. */
function documented(path: string, { placeOf, isOnly, before, now }: LookUp): { where: VersionText | null; undocumented: string[] } {
  const name = nameOf(path);
  const whole = placeOf(path) ?? (isOnly(name) ? placeOf(name) : null);
  if (whole !== null) return { where: whole, undocumented: [] };
  const keys = changedKeys(before.get(path)?.text ?? '', now.get(path)?.text ?? null);
  const places = keys.map((key) => ({ key, place: placeOf(key) }));
  const undocumented = places.filter(({ place }) => place === null).map(({ key }) => key);
  // Of a file whose keys are not known, only its name will do.
  return { where: keys.length > 0 && undocumented.length === 0 ? (places[0]?.place ?? null) : null, undocumented };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

const MAX_KEYS = 1_000;

/** Keys whose lines differ between two texts of `key: value` or `key = value` lines; none where there is no such line. */
function changedKeys(before: string, after: string | null): string[] {
  if (after === null) return [];
  const [old, current] = [keyLines(before), keyLines(after)];
  const keys = new Set([...old.keys(), ...current.keys()]);
  return [...keys].filter((key) => old.get(key) !== current.get(key)).sort().slice(0, MAX_KEYS);
}

function keyLines(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, key] = /^\s*(?:-\s+)?(?:export\s+|ENV\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*[:=]/.exec(line.slice(0, 2_000)) ?? [];
    if (key !== undefined) found.set(key, `${found.get(key) ?? ''}\n${line.trim()}`);
  }
  return found;
}
