import type { EvidenceLimits, Severity } from '../../model/evidence.ts';
import { aliasesIn, FindingCollector, placeOf, severityOfScore } from '../findings.ts';
import { commitOf, instantOf, UnusableEvidence, type JsonFormat, type Reading } from '../format.ts';
import { elements, has, isObject, member, objectsIn, text, type JsonObject } from '../json.ts';
import { splitJson } from '../large-json.ts';

/** SARIF 2.1.0 (OASIS): one finding a result, with the level rules of §3.27.10 and GitHub's `security-severity`. */
export const sarif: JsonFormat = {
  syntax: 'json',
  kind: 'sarif',
  looksLike: (value, whole) => {
    const runs = member(value, 'runs');
    if (!Array.isArray(runs)) return !whole && isSarifSchema(value);
    return isSarifSchema(value) || /^2\.\d/.test(text(member(value, 'version')) ?? '') || (!whole && has(member(runs[0], 'tool'), 'driver'));
  },
  read: (value, limits) => readRuns(value, limits, (run, index) => objectsIn(member(run, 'results'), `runs[${index}].results`)),
  readLarge: (document, limits) => {
    const { skeleton, elementsOf } = splitJson(document, { outer: 'runs', inner: 'results' }, limits.depth);
    return readRuns(skeleton, limits, (run, index) => {
      // A list whose name is written with escapes was not taken out.
      const left = objectsIn(member(run, 'results'), `runs[${index}].results`);
      return left.length > 0 ? left : elementsOf(index);
    });
  },
};

type ResultsOf = (run: JsonObject, index: number) => Iterable<JsonObject>;

function readRuns(value: unknown, limits: EvidenceLimits, resultsOf: ResultsOf): Reading {
  const version = text(member(value, 'version'));
  if (version !== '2.1.0') throw new UnusableEvidence('unsupported-version', `SARIF ${version?.slice(0, 20) ?? 'without a version'} is not read; 2.1.0 is`);
  const collector = new FindingCollector(limits);
  const runs = objectsIn(member(value, 'runs'), 'runs');
  for (const [index, run] of runs.entries()) if ((member(run, 'results') ?? null) !== null) addResults(collector, run, resultsOf(run, index));
  const driver = member(member(runs[0], 'tool'), 'driver');
  const name = text(member(driver, 'name'));
  const times = runs.flatMap((run) => elements(member(run, 'invocations')).map((invocation) => instantOf(member(invocation, 'endTimeUtc'))));
  return collector.reading({
    tool: name === null ? null : { name: name.slice(0, 300), version: (text(member(driver, 'semanticVersion')) ?? text(member(driver, 'version')))?.slice(0, 300) ?? null },
    produced: times.filter((time) => time !== null).sort().at(-1) ?? null,
    commits: [...new Set(runs.flatMap(commitsOf))],
    problem: problemOf(runs),
  });
}

function isSarifSchema(value: unknown): boolean {
  return /\bsarif\b/i.test((text(member(value, '$schema')) ?? '').slice(0, 500));
}

function addResults(collector: FindingCollector, run: JsonObject, results: Iterable<JsonObject>): void {
  const rules = new RuleIndex(run);
  for (const result of results) {
    const { severity, raw, rule } = severityOf(result, rules);
    const message = text(member(member(result, 'message'), 'text')) ?? text(member(member(result, 'message'), 'markdown')) ?? '';
    const location = member(elements(member(result, 'locations'))[0], 'physicalLocation');
    collector.add({
      severity, rawSeverity: raw, rule, message,
      where: placeOf(text(member(member(location, 'artifactLocation'), 'uri')), member(member(location, 'region'), 'startLine')),
      aliases: aliasesIn(rule, message), suppressed: isSuppressed(result),
    });
  }
}

/** A run that names no results, not even none, did not look for any (§3.14.23); one that failed did not look everywhere. */
function problemOf(runs: readonly JsonObject[]): Reading['problem'] {
  if (runs.length === 0) return { code: 'invalid', message: 'it holds no run of any tool' };
  if (runs.some((run) => (member(run, 'results') ?? null) === null)) return { code: 'invalid', message: 'a run in it has no list of results: the tool did not scan' };
  const failed = runs.some((run) => elements(member(run, 'invocations')).some((invocation) => member(invocation, 'executionSuccessful') === false));
  return failed ? { code: 'invalid', message: 'the tool says that its run was not successful' } : null;
}

/** Finds a result's rule: by index into the driver or an extension, else by id (§3.27.5–3.27.7, §3.52). */
class RuleIndex {
  readonly #components: readonly unknown[];
  readonly #byId = new Map<string, JsonObject>();

  constructor(run: JsonObject) {
    const tool = member(run, 'tool');
    this.#components = [member(tool, 'driver'), ...elements(member(tool, 'extensions'))];
    for (const component of this.#components) {
      for (const rule of elements(member(component, 'rules')).filter(isObject)) {
        const id = text(member(rule, 'id'));
        if (id !== null && !this.#byId.has(id)) this.#byId.set(id, rule);
      }
    }
  }

  find(result: JsonObject): { id: string | null; rule: unknown } {
    const reference = member(result, 'rule');
    const id = text(member(result, 'ruleId')) ?? text(member(reference, 'id'));
    const index = member(result, 'ruleIndex') ?? member(reference, 'index');
    const extension = member(member(reference, 'toolComponent'), 'index');
    const component = typeof extension === 'number' ? this.#components[extension + 1] : this.#components[0];
    const indexed = typeof index === 'number' && index >= 0 ? elements(member(component, 'rules'))[index] : undefined;
    // A hierarchical id ("CA1000/1") is described by its parent (§3.27.5).
    const rule = indexed ?? (id === null ? undefined : (this.#byId.get(id) ?? this.#byId.get(id.slice(0, Math.max(0, id.lastIndexOf('/'))))));
    return { id: id ?? text(member(rule, 'id')), rule };
  }
}

const LEVELS: ReadonlyMap<string, Severity> = new Map([['error', 'high'], ['warning', 'medium'], ['note', 'low'], ['none', 'info']]);

/** Results that say that nothing is wrong (§3.27.9); `open` and `review` are not among them. */
const HARMLESS_KINDS: ReadonlySet<string> = new Set(['pass', 'notApplicable', 'informational']);

function severityOf(result: JsonObject, rules: RuleIndex): { severity: Severity; raw: string; rule: string | null } {
  const { id, rule } = rules.find(result);
  const score = scoreOf(member(member(result, 'properties'), 'security-severity')) ?? scoreOf(member(member(rule, 'properties'), 'security-severity'));
  const kind = text(member(result, 'kind')) ?? 'fail';
  const level =
    text(member(result, 'level')) ?? (kind === 'fail' ? (text(member(member(rule, 'defaultConfiguration'), 'level')) ?? 'warning') : 'none');
  if (score !== null && !HARMLESS_KINDS.has(kind)) return { severity: severityOfScore(score), raw: level, rule: id };
  return { severity: LEVELS.get(level) ?? 'unknown', raw: level, rule: id };
}

/** GitHub's `security-severity`, a CVSS score as text or number. */
function scoreOf(value: unknown): number | null {
  const score = typeof value === 'string' && /^\d{1,2}(?:\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof score === 'number' && score >= 0 && score <= 10 ? score : null;
}

/** Suppressed unless a suppression is still under review or was rejected (§3.27.23, §3.35.3). */
function isSuppressed(result: JsonObject): boolean {
  // What a baseline knew already, or no longer finds, is taken away by that baseline (§3.27.24).
  const baseline = text(member(result, 'baselineState'));
  if (baseline === 'unchanged' || baseline === 'absent') return true;
  const suppressions = elements(member(result, 'suppressions'));
  return suppressions.length > 0 && suppressions.every((suppression) => (text(member(suppression, 'status')) ?? 'accepted') === 'accepted');
}

function commitsOf(run: JsonObject): string[] {
  return elements(member(run, 'versionControlProvenance')).flatMap((source) => commitOf(member(source, 'revisionId')) ?? []);
}
