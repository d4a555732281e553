import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CHECK_IDS } from '../src/core/model/verdict.ts';

const ROOT = join(import.meta.dirname, '..');
const SOURCE = join(ROOT, 'src');

interface Source {
  /** Relative to `src`, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Files that it imports, relative to `src`; packages by their name. */
  readonly imports: readonly string[];
}

const sources: readonly Source[] = readdirSync(SOURCE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => {
    const file = join(entry.parentPath, entry.name);
    const text = readFileSync(file, 'utf8');
    const found = [...text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s+['"]([^'"]+)['"]/g), ...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g), ...text.matchAll(/(?:^|\n)import\s+['"]([^'"]+)['"]/g)];
    return {
      path: relative(SOURCE, file).replaceAll('\\', '/'), text,
      imports: found.map(([, name = '']) => (name.startsWith('.') ? relative(SOURCE, join(dirname(file), name)).replaceAll('\\', '/') : name)),
    };
  });

const within = (...folders: readonly string[]) => (path: string): boolean => folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
const isOurs = within('core', 'main', 'preload', 'renderer');

/** Breaches of a rule: every import of the files of some folders that the rule does not allow. */
function breaches(of: (path: string) => boolean, allowed: (imported: string) => boolean): string[] {
  return sources.filter(({ path }) => of(path)).flatMap(({ path, imports }) => imports.filter((imported) => !allowed(imported)).map((imported) => `${path} imports ${imported}`));
}

describe('layers', () => {
  test('the sources are found', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.some(({ imports }) => imports.length > 3)).toBe(true);
  });

  const PURE = ['core/model', 'core/policy', 'core/evidence', 'core/checks', 'core/roster', 'core/review', 'core/cvss'];
  test('model, policy, evidence, checks, roster, review and cvss do no input or output', () => {
    const mayUse = within(...PURE, 'core/signing/checksums.ts');
    expect(breaches(within(...PURE), (imported) => (isOurs(imported) ? mayUse(imported) : !imported.startsWith('node:')))).toEqual([]);
  });

  test('model knows nothing but itself', () => {
    expect(breaches(within('core/model'), (imported) => within('core/model')(imported) || !isOurs(imported))).toEqual([]);
  });

  test('core knows no shell, no adapter, no Electron and no React', () => {
    const foreign = /^(?:electron|react|react-dom|playwright-core|better-sqlite3|commander)(?:\/|$)/;
    expect(breaches(within('core'), (imported) => (isOurs(imported) ? within('core')(imported) : !foreign.test(imported)))).toEqual([]);
  });

  test('core touches no file, process or network: adapters do', () => {
    const mayUse = /^node:(?:crypto|path|stream|util|buffer)$/;
    expect(breaches(within('core'), (imported) => !imported.startsWith('node:') || mayUse.test(imported))).toEqual([]);
  });

  test('adapters are imported only where the core is composed, and by each other', () => {
    const mayImport = within('main/adapters', 'main/compose.ts', 'main/cli/vkey-option.ts');
    const others = sources.filter(({ path }) => !mayImport(path));
    expect(others.flatMap(({ path, imports }) => imports.filter(within('main/adapters')).map((imported) => `${path} imports ${imported}`))).toEqual([]);
  });

  test('the window knows the contract and the model, and nothing behind them', () => {
    const mayUse = within('renderer', 'core/contract', 'core/model');
    expect(breaches(within('renderer'), (imported) => (isOurs(imported) ? mayUse(imported) : !imported.startsWith('node:') && imported !== 'electron'))).toEqual([]);
  });

  test('the contract knows the model only', () => {
    expect(breaches(within('core/contract'), (imported) => !isOurs(imported) || within('core/contract', 'core/model')(imported))).toEqual([]);
  });
});

describe('the house', () => {
  test('no file is over 400 lines', () => {
    expect(sources.filter(({ text }) => text.split('\n').length > 401).map(({ path }) => path)).toEqual([]);
  });

  test('shells are about a hundred lines', () => {
    const shells = ['main/electron/main.ts', 'main/chromium/window.ts', 'main/cli/main.ts', 'main/start.ts'];
    expect(sources.filter(({ path }) => shells.includes(path)).map(({ path }) => path).sort()).toEqual([...shells].sort());
    expect(sources.filter(({ path, text }) => shells.includes(path) && text.split('\n').length > 150).map(({ path }) => path)).toEqual([]);
  });

  test('no default exports, no any, nothing silenced', () => {
    const habits = /^export default|: any\b|\bas any\b|@ts-ignore|@ts-expect-error|eslint-disable|oxlint-disable/m;
    expect(sources.filter(({ text }) => habits.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test('every line of the checklist has its file, and every check is a line', () => {
    const files = sources.filter(({ path, text }) => path.startsWith('core/checks/') && /: Check = \{/.test(text)).map(({ path }) => path.slice('core/checks/'.length, -'.ts'.length));
    expect([...files].sort()).toEqual([...CHECK_IDS].sort());
  });
});
