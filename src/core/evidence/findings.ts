import { SEVERITIES, type EvidenceCounts, type EvidenceLimits, type Finding, type FindingCounts, type Severity } from '../model/evidence.ts';
import { OPAQUE, type Reading } from './format.ts';

/** Collects findings: every one is counted, as many as the policy says are kept (FORMATS §2). */
export class FindingCollector {
  readonly #kept: Finding[] = [];
  readonly #limit: number;
  readonly #counts: FindingCounts = { critical: 0, high: 0, medium: 0, low: 0, info: 0, unknown: 0 };
  readonly #raw = new Map<string, number>();

  constructor(limits: EvidenceLimits) {
    this.#limit = limits.kept;
  }

  add(finding: Finding): void {
    this.#counts[finding.severity] += 1;
    this.#raw.set(finding.rawSeverity, (this.#raw.get(finding.rawSeverity) ?? 0) + 1);
    if (this.#kept.length < this.#limit) this.#kept.push({ ...finding, message: finding.message.slice(0, 1000) });
  }

  reading(rest: Partial<Reading> = {}): Reading {
    const total = SEVERITIES.reduce((sum, severity) => sum + this.#counts[severity], 0);
    const counts: EvidenceCounts = { findings: this.#counts, raw: Object.fromEntries(this.#raw) };
    return { ...OPAQUE, content: { type: 'findings', findings: this.#kept, total }, counts, ...rest };
  }
}

const SYNONYMS: Readonly<Record<string, Severity>> = {
  critical: 'critical', high: 'high', medium: 'medium', moderate: 'medium', low: 'low', info: 'info', informational: 'info', none: 'info',
};

/** A severity word as its tool spells it; what is not known is `unknown`, never low. */
export function severityOf(word: string | null): Severity {
  return word === null ? 'unknown' : (SYNONYMS[word.toLowerCase()] ?? 'unknown');
}

/** CVE and GHSA names inside a text. */
export function aliasesIn(...texts: readonly (string | null)[]): string[] {
  const found = texts.flatMap((text) => text?.match(/\b(?:CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3})\b/gi) ?? []);
  return [...new Set(found)];
}
