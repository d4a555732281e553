import type { Severity } from '../../model/evidence.ts';
import { aliasesIn, FindingCollector } from '../findings.ts';
import { instantOf, UnusableEvidence, type JsonFormat } from '../format.ts';
import { elements, isObject, member, text, type JsonObject } from '../json.ts';

/** SARIF 2.1.0 (OASIS): one finding a result, with the level rules of §3.27.10 and GitHub's `security-severity`. */
export const sarif: JsonFormat = {
  kind: 'sarif',
  looksLike: ({ root, keys }) => root === 'object' && keys.has('runs') && (keys.has('version') || keys.has('$schema')),
  confirm: (value) =>
    Array.isArray(member(value, 'runs')) && (/^2\.\d/.test(text(member(value, 'version')) ?? '') || /sarif/i.test(text(member(value, '$schema')) ?? '')),
  read: (value, limits) => {
    const version = text(member(value, 'version'));
    if (version !== '2.1.0') throw new UnusableEvidence('unsupported-version', `SARIF ${version ?? 'without a version'} is not read; 2.1.0 is`);
    const collector = new FindingCollector(limits);
    const runs = elements(member(value, 'runs')).filter(isObject);
    for (const run of runs) {
      const rules = new RuleIndex(run);
      for (const result of elements(member(run, 'results')).filter(isObject)) {
        const { severity, raw, rule } = severityOf(result, rules);
        const message = text(member(member(result, 'message'), 'text')) ?? '';
        collector.add({
          severity, rawSeverity: raw, rule, message, where: placeOf(result),
          aliases: aliasesIn(rule, message), suppressed: isSuppressed(result),
        });
      }
    }
    const driver = member(member(runs[0], 'tool'), 'driver');
    const name = text(member(driver, 'name'));
    const times = runs.flatMap((run) => elements(member(run, 'invocations')).map((invocation) => instantOf(member(invocation, 'endTimeUtc'))));
    return collector.reading({
      tool: name === null ? null : { name, version: text(member(driver, 'semanticVersion')) ?? text(member(driver, 'version')) },
      produced: times.filter((time) => time !== null).sort().at(-1) ?? null,
      commits: [...new Set(runs.flatMap(commitsOf))],
      problem: failedInvocation(runs) ? { code: 'invalid', message: 'the tool says that its run was not successful' } : null,
    });
  },
};

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

const LEVELS: Readonly<Record<string, Severity>> = { error: 'high', warning: 'medium', note: 'low', none: 'info' };

function severityOf(result: JsonObject, rules: RuleIndex): { severity: Severity; raw: string; rule: string | null } {
  const { id, rule } = rules.find(result);
  const score = scoreOf(member(member(result, 'properties'), 'security-severity')) ?? scoreOf(member(member(rule, 'properties'), 'security-severity'));
  const kind = text(member(result, 'kind')) ?? 'fail';
  const level =
    text(member(result, 'level')) ?? (kind === 'fail' ? (text(member(member(rule, 'defaultConfiguration'), 'level')) ?? 'warning') : 'none');
  if (score !== null && kind === 'fail') return { severity: ofScore(score), raw: level, rule: id };
  return { severity: LEVELS[level] ?? 'unknown', raw: level, rule: id };
}

function scoreOf(value: unknown): number | null {
  const score = typeof value === 'string' && /^\d{1,2}(?:\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof score === 'number' && score >= 0 && score <= 10 ? score : null;
}

function ofScore(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'info';
}

/** Suppressed unless a suppression is still under review or was rejected (§3.27.23, §3.35.3). */
function isSuppressed(result: JsonObject): boolean {
  const suppressions = elements(member(result, 'suppressions'));
  return suppressions.length > 0 && suppressions.every((suppression) => (text(member(suppression, 'status')) ?? 'accepted') === 'accepted');
}

function placeOf(result: JsonObject): string | null {
  const location = member(elements(member(result, 'locations'))[0], 'physicalLocation');
  const file = text(member(member(location, 'artifactLocation'), 'uri'));
  const line = member(member(location, 'region'), 'startLine');
  return file === null ? null : typeof line === 'number' ? `${file}:${line}` : file;
}

function commitsOf(run: JsonObject): string[] {
  return elements(member(run, 'versionControlProvenance')).flatMap((source) => {
    const commit = text(member(source, 'revisionId'))?.toLowerCase() ?? '';
    return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit) ? [commit] : [];
  });
}

function failedInvocation(runs: readonly JsonObject[]): boolean {
  return runs.some((run) => elements(member(run, 'invocations')).some((invocation) => member(invocation, 'executionSuccessful') === false));
}
