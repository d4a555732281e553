import { aliasesIn, FindingCollector, severityOf } from '../findings.ts';
import { UnusableEvidence, type JsonFormat, type JsonLinesFormat } from '../format.ts';
import { countOf } from '../format.ts';
import { elements, entriesIn, has, isObject, member, text, type JsonObject } from '../json.ts';
import { addAdvisory } from './npm-audit.ts';

const TYPES: ReadonlySet<unknown> = new Set(['auditAdvisory', 'auditSummary']);
const CHATTER: ReadonlySet<unknown> = new Set(['auditAdvisory', 'auditSummary', 'auditAction', 'info', 'warning', 'error', 'step', 'success', 'activityStart', 'activityEnd', 'activityTick', 'progressStart', 'progressTick', 'progressFinish', 'table', 'tree', 'inspect', 'verbose', 'finished']);

/**
 * `yarn audit --json` of yarn 1 (one JSON object a line, one finding an `auditAdvisory`) and `yarn npm audit --json` of
 * later ones, which write an object a finding, with `value` and `children`.
 */
export const yarnAuditLines: JsonLinesFormat = {
  syntax: 'json-lines',
  kind: 'yarn-audit',
  looksLike: (lines) => isClassic(lines) || isTree(lines),
  read: (lines, limits) => {
    const collector = new FindingCollector(limits);
    let fault: string | null = null;
    let scanned: number | null = null;
    let ended = false;
    let tree = false;
    for (const line of lines) {
      const type = member(line, 'type');
      const data = member(line, 'data');
      if (type === 'auditAdvisory') addAdvisory(collector, objectOf(member(data, 'advisory'), 'an auditAdvisory without its advisory'));
      else if (type === 'auditSummary') {
        ended = true;
        scanned = countOf(member(data, 'totalDependencies'));
      } else if (type === 'error') fault ??= (text(data) ?? 'an error').slice(0, 200);
      else if (has(line, 'value', 'children')) {
        tree = true;
        addLeaf(collector, line);
      }
    }
    const problem = fault !== null
      ? { code: 'invalid' as const, message: `the tool tells an error: ${fault}` }
      : ended || tree ? null : { code: 'truncated' as const, message: 'it has no summary: the audit did not end' };
    return collector.reading({ tool: { name: 'yarn', version: null }, problem }, { scanned });
  },
};

function isClassic(lines: readonly unknown[]): boolean {
  return lines.some((line) => TYPES.has(member(line, 'type')) && isObject(member(line, 'data'))) && lines.every((line) => CHATTER.has(member(line, 'type')));
}

function isTree(lines: readonly unknown[]): boolean {
  return lines.length > 0 && lines.every((line) => text(member(line, 'value')) !== null && has(member(line, 'children'), 'ID', 'Issue'));
}

function addLeaf(collector: FindingCollector, line: JsonObject): void {
  const children = member(line, 'children');
  const raw = text(member(children, 'Severity')) ?? 'unknown';
  const name = text(member(line, 'value')) ?? '';
  const id = member(children, 'ID');
  const url = text(member(children, 'URL'));
  collector.add({
    severity: severityOf(raw), rawSeverity: raw, rule: typeof id === 'number' ? String(id) : text(id), message: text(member(children, 'Issue')) ?? '',
    where: `${name} ${text(member(children, 'Vulnerable Versions')) ?? ''}`.trim(), aliases: aliasesIn(url), suppressed: false,
    package: { ecosystem: 'npm', name, version: text(elements(member(children, 'Tree Versions'))[0]), fixedIn: [] },
  });
}

/** A whole answer as one object, without npm's `runId`; and a classic audit of one line. */
export const yarnAudit: JsonFormat = {
  syntax: 'json',
  kind: 'yarn-audit',
  looksLike: (value) => isClassic([value]) || isTree([value]) || (has(value, 'actions', 'advisories', 'metadata') && isObject(member(value, 'advisories')) && !has(value, 'runId') && !hasPnpmPaths(value)),
  read: (value, limits) => {
    if (!has(value, 'advisories')) return yarnAuditLines.read([objectOf(value, 'no object')], limits);
    const collector = new FindingCollector(limits);
    for (const [, advisory] of entriesIn(member(value, 'advisories'), 'advisories')) addAdvisory(collector, advisory);
    return collector.reading({ tool: { name: 'yarn', version: null } }, { scanned: countOf(member(member(value, 'metadata'), 'totalDependencies')) });
  },
};

/** pnpm writes each path from the workspace's root, as `.>package` or `. > package`. */
export function hasPnpmPaths(value: unknown): boolean {
  const advisories = member(value, 'advisories');
  if (!isObject(advisories)) return false;
  return Object.values(advisories).slice(0, 20).some((advisory) =>
    elements(member(elements(member(advisory, 'findings'))[0], 'paths')).some((path) => /^\.\s*>|^[^>]+__[^>]*>/.test(text(path) ?? '')));
}

function objectOf(value: unknown, what: string): JsonObject {
  if (!isObject(value)) throw new UnusableEvidence('malformed', what);
  return value;
}
