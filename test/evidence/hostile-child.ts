import { writeFileSync } from 'node:fs';
import type { EvidenceLimits } from '../../src/core/model/evidence.ts';
import { listEvidence } from '../../src/main/adapters/evidence-folder.ts';
import { createHasher } from '../../src/main/adapters/hashing.ts';
import { hostileCases } from './hostile-cases.ts';

/** As the built-in policy has them. */
const MEBIBYTE = 1024 * 1024;
const LIMITS: EvidenceLimits = {
  bytes: {
    default: 32 * MEBIBYTE, junit: 64 * MEBIBYTE, sarif: 64 * MEBIBYTE, lcov: 64 * MEBIBYTE, 'coverage-istanbul-final': 64 * MEBIBYTE, cyclonedx: 64 * MEBIBYTE,
    'evidence-manifest': 16 * MEBIBYTE, checksums: 4 * MEBIBYTE, changelog: 4 * MEBIBYTE, signature: MEBIBYTE, certificate: 4 * MEBIBYTE,
  },
  depth: 200, kept: 10_000,
};

/**
 * `CASE write FILE` writes one hostile file; `CASE FOLDER` reads the folder in which it lies, and prints what it was
 * taken for, how much processor time that took (other tests run beside it) and how much memory the process ever held: only the reading is measured.
 */
const name = process.argv[2] ?? '';
const made = hostileCases.get(name);
if (made === undefined) throw new Error(`There is no case "${name}"`);
const hasher = createHasher();
try {
  if (process.argv[3] === 'write') {
    for (const piece of made()) writeFileSync(process.argv[4] ?? '', piece, { flag: 'a' });
  } else {
    const before = process.cpuUsage();
    const items = await listEvidence(process.argv[3] ?? '', { limits: LIMITS, hasher, signal: new AbortController().signal, progress: () => undefined });
    const used = process.cpuUsage(before);
    const [item] = items;
    process.stdout.write(JSON.stringify({
      seconds: (used.user + used.system) / 1e6, megabytes: process.resourceUsage().maxRSS / 1024,
      kind: item?.file.kind, problem: item?.file.problem?.code ?? null, counts: item?.file.counts, message: item?.file.problem?.message ?? null,
    }));
  }
} finally {
  await hasher.close();
}
