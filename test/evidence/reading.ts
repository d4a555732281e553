import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EvidenceItem, EvidenceLimits } from '../../src/core/model/evidence.ts';
import { readBytesAsEvidence } from '../../src/main/adapters/evidence-folder.ts';

export const LIMITS: EvidenceLimits = { bytes: { default: 32 * 1024 * 1024 }, depth: 200, kept: 100 };

export const FIXTURES = fileURLToPath(new URL('../fixtures/evidence/', import.meta.url));

/** Reads text, bytes or a JSON value as the file that it is; its name says nothing. */
export function read(content: string | Uint8Array | object, limits: EvidenceLimits = LIMITS): EvidenceItem {
  const bytes = content instanceof Uint8Array ? content : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
  return readBytesAsEvidence('reports/a-file', bytes, limits);
}

export function readFixture(path: string): EvidenceItem {
  return readBytesAsEvidence('reports/a-file', readFileSync(join(FIXTURES, path)), LIMITS);
}

export const NONE = { critical: 0, high: 0, medium: 0, low: 0, info: 0, unknown: 0 };
export const COMMIT = '0123456789abcdef0123456789abcdef01234567';
export const OTHER_COMMIT = 'fedcba9876543210fedcba9876543210fedcba98';
