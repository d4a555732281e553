import { SEVERITIES, type EvidenceCounts, type EvidenceLimits, type Finding, type FindingCounts, type Severity } from '../model/evidence.ts';
import { OPAQUE, type Reading } from './format.ts';

const MAX_MESSAGE = 1000;
const MAX_NAME = 300;
const MAX_ALIASES = 50;
/** How many spellings of severity are told apart; no tool has as many. */
const MAX_SPELLINGS = 30;

/** A finding as a reader gives it: what only some tools say may be left out. */
export type FoundThing = Omit<Finding, 'package' | 'cvss'> & Partial<Pick<Finding, 'package' | 'cvss'>>;

/** What a report says of its own scan. */
export interface ScanClaims {
  readonly database?: string | null;
  readonly scanned?: number | null;
}

/** Collects findings: every one is counted, as many as the policy says are kept (FORMATS §2). */
export class FindingCollector {
  readonly #kept: Finding[] = [];
  readonly #limit: number;
  readonly #counts: FindingCounts = { critical: 0, high: 0, medium: 0, low: 0, info: 0, unknown: 0 };
  readonly #raw = new Map<string, number>();

  constructor(limits: EvidenceLimits) {
    this.#limit = limits.kept;
  }

  add(finding: FoundThing): void {
    this.#counts[finding.severity] += 1;
    const spelling = this.#raw.size < MAX_SPELLINGS || this.#raw.has(finding.rawSeverity) ? finding.rawSeverity.slice(0, MAX_NAME) : '(other)';
    this.#raw.set(spelling, (this.#raw.get(spelling) ?? 0) + 1);
    if (this.#kept.length >= this.#limit) return;
    this.#kept.push({
      package: null, cvss: [], ...finding, rawSeverity: spelling, message: finding.message.slice(0, MAX_MESSAGE), rule: finding.rule?.slice(0, MAX_NAME) ?? null,
      where: finding.where?.slice(0, MAX_NAME) ?? null, aliases: finding.aliases.slice(0, MAX_ALIASES),
    });
  }

  reading(rest: Partial<Reading> = {}, { database = null, scanned = null }: ScanClaims = {}): Reading {
    const total = SEVERITIES.reduce((sum, severity) => sum + this.#counts[severity], 0);
    const counts: EvidenceCounts = { findings: this.#counts, raw: Object.fromEntries(this.#raw) };
    return { ...OPAQUE, content: { type: 'findings', findings: this.#kept, total, database, scanned }, counts, ...rest };
  }
}

const SYNONYMS: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'critical'], ['high', 'high'], ['medium', 'medium'], ['moderate', 'medium'], ['low', 'low'],
  ['info', 'info'], ['informational', 'info'], ['none', 'info'], ['negligible', 'info'],
]);

/** A severity word of whatever tool; what is not known is `unknown`, never low. */
export function severityOf(word: string | null): Severity {
  return (word === null ? undefined : SYNONYMS.get(word.toLowerCase())) ?? 'unknown';
}

/** A CVSS base score by its qualitative scale (CVSS 3.1 §5): 9 critical, 7 high, 4 medium, above 0 low, 0 none. */
export function severityOfScore(score: number): Severity {
  if (!(score >= 0 && score <= 10)) return 'unknown';
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'info';
}

/** CVE and GHSA names in the beginning of texts. */
export function aliasesIn(...texts: readonly (string | null)[]): string[] {
  const found = texts.flatMap((text) => text?.slice(0, 10_000).match(/\b(?:CVE-\d{4}-\d{4,19}|GHSA(?:-[0-9a-z]{4}){3})\b/gi) ?? []);
  return [...new Set(found)];
}

/** Where a finding lies, as `file:line`. */
export function placeOf(file: string | null, line: unknown): string | null {
  return file === null ? null : typeof line === 'number' ? `${file}:${line}` : file;
}
