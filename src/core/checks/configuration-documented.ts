import type { VerdictFinding } from '../model/verdict.ts';
import type { Check, Facts } from './check.ts';
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
    const judged = paths.map((path) => ({ path, ...documented(path, facts, texts) }));
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

/** Where a file, or everything that changed in it, is named; `undocumented` are keys that are not. */
function documented(path: string, facts: Facts, texts: readonly VersionText[]): { where: VersionText | null; undocumented: string[] } {
  const name = path.split('/').at(-1) ?? path;
  const whole = texts.find(({ text }) => isNamed(text, path)) ?? (facts.files.filter((file) => file.endsWith(`/${name}`) || file === name).length <= 1 ? texts.find(({ text }) => isNamed(text, name)) : undefined);
  if (whole !== undefined) return { where: whole, undocumented: [] };
  const keys = changedKeys(byPath(facts.documentsBefore).get(path)?.text ?? '', byPath(facts.documents).get(path)?.text ?? null);
  const places = keys.map((key) => ({ key, place: texts.find(({ text }) => isNamed(text, key)) ?? null }));
  const undocumented = places.filter(({ place }) => place === null).map(({ key }) => key);
  const first = places[0]?.place ?? null;
  // Of a file whose keys are not known, only its name will do.
  return { where: keys.length > 0 && undocumented.length === 0 ? first : null, undocumented };
}

/** A name stands by itself: not as the beginning or end of a longer one. */
function isNamed(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const [before, after] = [text[at - 1] ?? ' ', text.slice(at + name.length, at + name.length + 2)];
    if (!/[\w/.-]/.test(before) && !/^(?:[\w/-]|\.\w)/.test(after)) return true;
  }
  return false;
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
