import picomatch from 'picomatch';
import type { EvidenceContent } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Policy } from '../policy/policy.ts';
import { changesBetween } from './api-changes.ts';
import type { Check, Facts, RepositoryDocument } from './check.ts';
import { counted, failed, joined, missing, passed } from './judging.ts';
import { changedMatching, documentRefs, named, notCalledFor, pathOf, sinceWhen } from './range-files.ts';

type Description = Extract<EvidenceContent, { type: 'api' }>;

/**
 * §3.4 “API documentation updated (OpenAPI/Swagger)”: every description of an API in the commit is valid, and its version
 * moved where its operations did. Without a description the line is not called for only where nothing looks like a web API.
 */
export const apiDocumentation: Check = {
  id: 'api-documentation',
  evaluate: (facts, policy) => {
    const matches = picomatch([...policy.parameters.api_files.value], { dot: true });
    const here = facts.documents.filter((document) => matches(pathOf(document)));
    const before = facts.documentsBefore.filter((document) => matches(pathOf(document)));
    const [first, ...others] = here;
    if (first === undefined) return withoutDescription(before, facts, policy);
    const judge = (document: RepositoryDocument): Verdict => judgeDescription(document, counterpart(document, here, before), facts, policy);
    const gone = before.filter((old) => here.every((document) => counterpart(document, here, before) !== old) && descriptionIn(old) !== null);
    return joined([judge(first), ...others.map(judge), ...(gone.length > 0 ? [removed(gone, facts)] : [])]);
  },
};

function withoutDescription(before: readonly RepositoryDocument[], facts: Facts, policy: Policy): Verdict {
  const { api_files, web_api_files } = policy.parameters;
  const place = named(api_files.value);
  if (before.length > 0) return removed(before, facts);
  const matches = picomatch([...web_api_files.value], { dot: true });
  const apparent = web_api_files.value.length === 0 ? [] : facts.files.filter((file) => matches(file));
  if (apparent.length === 0) return notCalledFor('No file of the commit describes a web API, and none looks like the code of one');
  return missing([`an OpenAPI or Swagger description in the commit (${place}); ${named(apparent, 3)} look like a web API`], `Commit an OpenAPI description of the API under a name that matches ${place}.`);
}

function removed(before: readonly RepositoryDocument[], { range }: Facts): Verdict {
  return failed(`${named(before.map(pathOf))} of ${range.since?.name ?? 'the last release'} is no longer there`, 'Bring the description of the API back, or have the policy say where it is kept now.', documentRefs(before));
}

/** The same file of the last release; the one description of then where the one of now was renamed. */
function counterpart(document: RepositoryDocument, here: readonly RepositoryDocument[], before: readonly RepositoryDocument[]): RepositoryDocument | null {
  const same = before.find((old) => pathOf(old) === pathOf(document));
  return same ?? (here.length === 1 && before.length === 1 ? (before[0] ?? null) : null);
}

function descriptionIn(document: RepositoryDocument): Description | null {
  return document.item?.content.type === 'api' ? document.item.content : null;
}

function judgeDescription(document: RepositoryDocument, old: RepositoryDocument | null, facts: Facts, policy: Policy): Verdict {
  const path = pathOf(document);
  const description = descriptionIn(document);
  const evidence = documentRefs(old === null ? [document] : [document, old]);
  if (description === null || (document.item?.file.problem ?? null) !== null) {
    return failed(`${path} is no OpenAPI or Swagger description: ${document.item?.file.problem?.message ?? 'its form is not known'}`, 'Write it as OpenAPI 3.0, 3.1 or Swagger 2.0, as JSON or YAML.', evidence);
  }
  if (description.faults.length > 0) {
    return failed(`${path} has ${counted(description.faults.length, 'fault')} against its specification`, 'Mend what is listed; a validator of OpenAPI finds the same.', evidence, description.faults.slice(0, 100).map((title) => ({ severity: null, title, where: path, evidence: document.path })));
  }
  const said = `${path} is valid (OpenAPI ${description.specVersion}, version ${description.version ?? ''}, ${counted(description.operations.length, 'operation')})`;
  const earlier = old === null ? null : descriptionIn(old);
  if (earlier === null) return passed(old === null ? `${said}, and new` : `${said}; ${facts.range.since?.name ?? 'the last release'} described nothing under this name that could be read, so it is compared with nothing`, evidence);
  const { changed, breaking } = changesBetween(earlier.operations, description.operations);
  const stumbles = breaking.length > 0 ? `; breaking: ${named(breaking)}` : '';
  if (changed.length === 0) return passed(`${said}; no operation changed ${sinceWhen(facts)}${codeBeside(document, old, facts, policy)}`, evidence);
  if (!movedOn(earlier.version, description.version)) {
    return failed(
      `${path}: ${counted(changed.length, 'operation')} changed ${sinceWhen(facts)}, but its version is ${earlier.version === description.version ? 'still' : `${earlier.version ?? 'none'} and now`} ${description.version ?? 'none'}${stumbles}`,
      `Raise info.version in ${path}${breaking.length > 0 ? ', to a new major version where callers break' : ''}, and commit it.`,
      evidence,
      [...breaking.map((title) => ({ severity: 'breaking', title, where: path, evidence: document.path })), ...changed.map((title) => ({ severity: 'changed', title, where: path, evidence: document.path }))].slice(0, 200),
    );
  }
  return passed(`${said}, up from ${earlier.version ?? 'none'}; ${counted(changed.length, 'operation')} changed${stumbles}`, evidence);
}

/** A version that is another one, and not a lower one where both are numbers. */
function movedOn(before: string | null, after: string | null): boolean {
  if (after === null || before === after) return false;
  const [old, current] = [numbersOf(before), numbersOf(after)];
  if (old === null || current === null) return true;
  for (let at = 0; at < Math.max(old.length, current.length); at += 1) {
    const step = (current[at] ?? 0) - (old[at] ?? 0);
    if (step !== 0) return step > 0;
  }
  return true;
}

function numbersOf(version: string | null): number[] | null {
  const plain = /^v?(\d{1,9}(?:\.\d{1,9}){0,4})(?:[-+]|$)/.exec(version ?? '')?.[1];
  return plain === undefined ? null : plain.split('.').map(Number);
}

/** Whether the API's own code changed while its description did not: a person should know. */
function codeBeside(document: RepositoryDocument, old: RepositoryDocument | null, facts: Facts, policy: Policy): string {
  const globs = policy.parameters.web_api_files.value;
  if (globs.length === 0 || old === null || old.sha256 !== document.sha256) return '';
  const touched = changedMatching(facts, globs).map(({ path }) => path);
  return touched.length === 0 ? '' : `, though ${named(touched, 3)} did`;
}
