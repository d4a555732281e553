import type { ChangedFile, Facts, RepositoryDocument } from '../../src/core/checks/check.ts';
import { readEvidence } from '../../src/core/evidence/read-evidence.ts';
import type { EvidenceItem } from '../../src/core/model/evidence.ts';
import { evidenceLimits } from '../../src/core/policy/load-policy.ts';
import { COMMIT, policy } from './facts.ts';

/** A text of the commit. */
export function text(path: string, content: string): RepositoryDocument {
  return { path: `repository:${path}`, sha256: 'b'.repeat(64), text: content, item: null };
}

/** A release in whose range these files were added or modified, or were deleted where they have no text now. */
export function changed(now: Readonly<Record<string, string>>, before: Readonly<Record<string, string>> = {}, more: Partial<Facts> = {}): Partial<Facts> {
  const paths = [...new Set([...Object.keys(now), ...Object.keys(before)])];
  const changes = paths.filter((path) => now[path] !== before[path]).map((path): ChangedFile => ({
    path, change: now[path] === undefined ? 'deleted' : before[path] === undefined ? 'added' : 'modified', commits: [COMMIT],
  }));
  return {
    files: Object.keys(now), changes,
    documents: Object.entries(now).map(([path, content]) => text(path, content)), documentsBefore: Object.entries(before).map(([path, content]) => text(path, content)),
    ...more,
  };
}

/** A report as the console itself reads it, of the release's commit unless it is said otherwise. */
export function report(path: string, content: string, commit: string | null = COMMIT): EvidenceItem {
  const head = new TextEncoder().encode(content);
  const read = readEvidence({ path, size: head.length, sha256: 'a'.repeat(64), head, text: content }, evidenceLimits(policy));
  return { ...read, commit, file: { ...read.file, binding: commit === null ? 'none' : 'manifest' } };
}
