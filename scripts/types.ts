import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** Each layer is checked with what it may know: the pure ones without Node and without DOM, the window without Node. */
export const PROJECTS = ['src/core/tsconfig.pure.json', 'src/tsconfig.json', 'src/renderer/tsconfig.json'];

/** Checks the types of one project; returns what the compiler said, or null where nothing is wrong. */
export function checkTypes(project: string): string | null {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', join(ROOT, project)], { cwd: ROOT, encoding: 'utf8' });
  return status === 0 ? null : `${stdout}${stderr}`;
}

if (import.meta.main) {
  for (const project of PROJECTS) {
    const said = checkTypes(project);
    if (said === null) continue;
    process.stderr.write(said);
    process.exitCode = 1;
  }
}
