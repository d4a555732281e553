import { AppError } from '../model/errors.ts';
import type { EvidenceItem, EvidenceLimits } from '../model/evidence.ts';
import type { TestOutcome } from '../model/records/deployment.ts';
import { sha256Of } from '../workflow/canonical.ts';

export interface ReportPorts {
  readonly readBytes: (path: string, limit: number) => Promise<Uint8Array>;
  readonly readDocument: (path: string, bytes: Uint8Array, limits: EvidenceLimits) => Promise<EvidenceItem | null>;
  readonly baseName: (path: string) => string;
}

/** Reads one report by the same readers as the outputs. Errors: `malformed`, and those of reading. */
export async function readReport({ readBytes, readDocument, baseName }: ReportPorts, path: string, limits: EvidenceLimits): Promise<{ readonly item: EvidenceItem; readonly name: string; readonly sha256: string }> {
  const bytes = await readBytes(path, limits.bytes.junit ?? limits.bytes.default);
  const item = await readDocument(path, bytes, limits);
  if (item === null) throw new AppError('malformed', `${path} is no report that is recognised.`, { details: { path } });
  if (item.file.problem !== null) throw new AppError('malformed', `${path}: ${item.file.problem.message}`, { details: { path } });
  return { item, name: baseName(path), sha256: sha256Of(bytes) };
}

/** What a run of tests came to, from JUnit files; a run of no test has not passed. Null where no file is given. */
export async function outcomeOf(ports: ReportPorts, paths: readonly string[], limits: EvidenceLimits): Promise<TestOutcome | null> {
  if (paths.length === 0) return null;
  let [tests, failed] = [0, 0];
  const evidence: Record<string, string> = {};
  for (const path of paths) {
    const { item: { content }, name, sha256 } = await readReport(ports, path, limits);
    if (content.type !== 'tests') throw new AppError('malformed', `${path} is no JUnit report.`, { hint: 'Let the tests write JUnit XML.', details: { path } });
    for (const group of content.groups) {
      tests += group.tests - group.skipped;
      failed += group.failures + group.errors;
    }
    evidence[Object.hasOwn(evidence, name) ? `${name} (${Object.keys(evidence).length + 1})` : name] = sha256;
  }
  return { passed: tests > 0 && failed === 0, tests, failed, evidence_sha256: evidence };
}
