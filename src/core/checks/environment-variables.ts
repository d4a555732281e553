import picomatch from 'picomatch';
import type { VerdictFinding } from '../model/verdict.ts';
import type { Check, Facts } from './check.ts';
import { namesDeclared, namesRead } from './environment-names.ts';
import { counted, failed, missing, passed } from './judging.ts';
import { brokenFor, byPath, changedMatching, documentRefs, named, notCalledFor, pathOf, sinceWhen } from './range-files.ts';

/** Tests and examples read what production never has. */
const NOT_PRODUCTION = /(?:^|\/)(?:tests?|__tests__|spec|e2e|fixtures?|examples?|docs?|node_modules|vendor|third_party)\/|(?:^|\/)(?:test_[^/]*|conftest)\.py$|(?:[._](?:test|spec)|_test)\.[a-z]+$/;

/**
 * §3.5 “Environment variables updated (production)”: whatever the changed code, Dockerfiles and compose files read that
 * they did not read at the last release is declared, by name, in the commit's file for production.
 */
export const environmentVariables: Check = {
  id: 'environment-variables',
  evaluate: (facts, policy) => {
    const { environment_readers, environment_declared, environment_ignored } = policy.parameters;
    const readers = changedMatching(facts, environment_readers.value).filter(({ path }) => !NOT_PRODUCTION.test(path));
    const documents = byPath(facts.documents);
    const unread = readers.filter(({ path }) => !documents.has(path)).map(({ path }) => path);
    const { fresh, unknown } = newlyRead(facts, readers.map(({ path }) => path), new Set(environment_ignored.value));
    if (unread.length > 0) {
      return brokenFor(`${counted(unread.length, 'changed file')} could not be looked through for variables: ${named(unread)}`, 'Keep generated and very large files out of the repository, or make environment_readers in the policy file narrower.', []);
    }
    const aside = unknown === 0 ? '' : `; ${counted(unknown, 'place')} ${unknown === 1 ? 'reads' : 'read'} the environment without a name that the text shows`;
    if (fresh.size === 0) return notCalledFor(`No environment variable is read that was not read before, in ${counted(readers.length, 'file')} changed ${sinceWhen(facts)}${aside}`);

    const matches = picomatch([...environment_declared.value], { dot: true });
    const declaring = facts.documents.filter((document) => matches(pathOf(document)));
    const names = [...fresh.keys()].sort();
    const places = environment_declared.value.join(', ');
    if (declaring.length === 0) {
      return missing([`the variables that production has, by name, in the commit (${places}); newly read: ${named(names)}`], `Commit a file such as deploy/production.env.example that declares ${named(names, 3)} by name, without values.`);
    }
    const declared = new Set(declaring.flatMap(({ text }) => [...namesDeclared(text)]));
    const absent = names.filter((name) => !declared.has(name));
    const evidence = documentRefs(declaring);
    if (absent.length > 0) {
      return failed(
        `${counted(absent.length, 'variable')} of ${names.length} newly read ${absent.length === 1 ? 'is' : 'are'} not declared for production: ${named(absent)}${aside}`,
        `Set ${named(absent, 3)} in production, and declare ${absent.length === 1 ? 'it' : 'them'} by name in ${declaring.map(pathOf).join(' or ')}.`,
        evidence,
        absent.map((name): VerdictFinding => ({ severity: null, title: `${name} is read and not declared`, where: fresh.get(name) ?? null, evidence: declaring[0]?.path ?? null })),
      );
    }
    return passed(`${counted(names.length, 'variable')} newly read (${named(names)}), declared in ${declaring.map(pathOf).join(', ')}${aside}`, evidence);
  },
};

/** Names that these files read now and none of the changed files read before, each with a file that reads it. */
function newlyRead(facts: Facts, paths: readonly string[], ignored: ReadonlySet<string>): { fresh: Map<string, string>; unknown: number } {
  const [now, before] = [byPath(facts.documents), byPath(facts.documentsBefore)];
  const readNow = new Set(paths);
  const known = new Set<string>();
  let unknown = 0;
  for (const { path } of facts.changes) {
    const document = before.get(path);
    if (document === undefined || NOT_PRODUCTION.test(path)) continue;
    const read = namesRead(path, document.text);
    unknown -= readNow.has(path) ? read.unknown : 0;
    for (const name of read.names) known.add(name);
  }
  const fresh = new Map<string, string>();
  for (const path of paths) {
    const document = now.get(path);
    if (document === undefined) continue;
    const read = namesRead(path, document.text);
    unknown += read.unknown;
    for (const name of read.names) if (!known.has(name) && !ignored.has(name) && !fresh.has(name)) fresh.set(name, path);
  }
  return { fresh, unknown: Math.max(0, unknown) };
}
