import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// Compiled code is kept, as it is for bin/countersign.
const env = { NODE_COMPILE_CACHE: join(import.meta.dirname, '../node_modules/.cache/countersign'), ...process.env };

/** `npm run bench`: every benchmark against its peer, one after the other; each prints its ratios. */
for (const name of ['hashing', 'signing', 'local-signing', 'sbom', 'archive', 'archive-single', 'archive-pull', 'history', 'sarif']) {
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`)], { stdio: 'inherit', env });
  if (status !== 0) process.exitCode = 1;
}
