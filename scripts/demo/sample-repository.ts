import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PEOPLE = {
  ada: ['Ada Osei', 'ada@example.com'],
  grace: ['Grace Lindqvist', 'grace@example.com'],
  kenji: ['Kenji Mori', 'kenji@example.com'],
} as const;
type Who = keyof typeof PEOPLE;

/** Makes a repository by git itself: a dozen commits, merges, a tag, and what a release needs. Times are fixed. */
export function makeSampleRepository(path: string): { readonly commit: string } {
  mkdirSync(path, { recursive: true });
  let minute = 0;
  const git = (who: Who, ...args: readonly string[]): string => {
    const [name, email] = PEOPLE[who];
    const time = new Date(Date.UTC(2026, 0, 12, 9, minute)).toISOString();
    return execFileSync('git', args, {
      cwd: path, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email,
        GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email, GIT_AUTHOR_DATE: time, GIT_COMMITTER_DATE: time,
      },
    }).trim();
  };
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), text);
    }
  };
  const commit = (who: Who, message: string, files: Readonly<Record<string, string>>): void => {
    minute += 37;
    write(files);
    git(who, 'add', '--all');
    git(who, 'commit', '--quiet', '--no-verify', '--message', message);
  };
  const merge = (who: Who, branch: string, number: number): void => {
    minute += 11;
    git(who, 'switch', '--quiet', 'main');
    git(who, 'merge', '--quiet', '--no-ff', '--message', `Merge pull request #${number} from example/${branch}`, branch);
  };

  git('ada', 'init', '--quiet', '--initial-branch=main');
  commit('ada', 'Start the tariff service', { 'package.json': packageJson('1.0.0'), 'package-lock.json': lockFile('1.0.0'), '.gitignore': 'node_modules/\n', 'README.md': '# Tariff\n' });
  commit('ada', 'Reckon a price from zones', { 'src/price.js': PRICE });
  commit('grace', 'Test the price of every zone (#2)\n\nReviewed-by: Ada Osei <ada@example.com>', { 'test/unit/price.test.js': PRICE_TEST });
  commit('ada', 'Lint what is written', { 'eslint.config.js': ESLINT });
  commit('ada', 'Release 1.0.0', { 'CHANGELOG.md': changelog(false) });
  git('ada', 'tag', '--annotate', '--message', 'Tariff 1.0.0', 'v1.0.0');

  git('grace', 'switch', '--quiet', '--create', 'discounts');
  commit('grace', 'Give families a discount', { 'src/discount.js': DISCOUNT });
  commit('grace', 'Test discounts at their edges', { 'test/unit/discount.test.js': DISCOUNT_TEST });
  merge('ada', 'discounts', 14);
  git('kenji', 'switch', '--quiet', '--create', 'receipts');
  commit('kenji', 'Print a receipt with its discount\n\nCo-authored-by: Grace Lindqvist <grace@example.com>', { 'src/receipt.js': RECEIPT });
  commit('kenji', 'Test receipts from fare to paper', { 'test/integration/receipt.test.js': RECEIPT_TEST, 'test/regression/rounding.test.js': ROUNDING_TEST });
  merge('grace', 'receipts', 15);
  commit('ada', 'Refuse a fare below nothing (#16)\n\nReviewed-by: Kenji Mori <kenji@example.com>', { 'src/price.js': PRICE_CHECKED });
  commit('ada', 'Describe what 1.1.0 brings', { 'CHANGELOG.md': changelog(true), 'RELEASE_NOTES.md': NOTES });
  commit('ada', 'Release 1.1.0', { 'package.json': packageJson('1.1.0'), 'package-lock.json': lockFile('1.1.0') });
  return { commit: git('ada', 'rev-parse', 'HEAD') };
}

function packageJson(version: string): string {
  return `${JSON.stringify({ name: 'tariff', version, private: true, type: 'module', license: 'MIT', dependencies: { '@example/zones': '^2.1.0', rounding: '^1.4.2' } }, null, 2)}\n`;
}

/** A lock file of a small tree, with digests as a registry would give them. */
function lockFile(version: string): string {
  const integrity = (name: string): string => `sha512-${createHash('sha512').update(name).digest('base64')}`;
  const locked = (name: string, at: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({ version: at, integrity: integrity(`${name}@${at}`), license: 'MIT', ...more });
  const packages = {
    '': { name: 'tariff', version, license: 'MIT', dependencies: { '@example/zones': '^2.1.0', rounding: '^1.4.2' } },
    'node_modules/@example/zones': locked('@example/zones', '2.1.3', { dependencies: { geometry: '^3.0.0' } }),
    'node_modules/geometry': locked('geometry', '3.0.1', { license: 'Apache-2.0' }),
    'node_modules/rounding': locked('rounding', '1.4.2', { license: 'BSD-3-Clause' }),
  };
  return `${JSON.stringify({ name: 'tariff', version, lockfileVersion: 3, requires: true, packages }, null, 2)}\n`;
}

function changelog(withNew: boolean): string {
  const next = '## [1.1.0] - 2026-01-12\n\n### Added\n\n- Family discounts.\n- Receipts that show the discount.\n\n### Fixed\n\n- A fare below nothing is refused.\n\n';
  return `# Changelog\n\nAll notable changes are kept here, in the form of Keep a Changelog.\n\n${withNew ? next : ''}## [1.0.0] - 2026-01-12\n\n### Added\n\n- Prices by zone.\n`;
}

const NOTES = '# Release notes\n\n## 1.1.0\n\nFamilies of three and more pay less, and the receipt shows by how much. Fares below nothing are refused with a clear sentence. Nothing has to be changed by those who run the service.\n';
const ESLINT = "export default [{ files: ['src/**/*.js', 'test/**/*.js'], rules: { 'no-unused-vars': 'error', 'no-undef': 'off', eqeqeq: 'error', 'prefer-const': 'warn' } }];\n";
const PRICE = 'const BASE = 240;\nconst PER_ZONE = 130;\n\nexport function price(zones) {\n  return BASE + PER_ZONE * zones;\n}\n';
const PRICE_CHECKED = "const BASE = 240;\nconst PER_ZONE = 130;\n\nexport function price(zones) {\n  if (zones < 0) throw new RangeError('A fare has no fewer than no zones');\n  return BASE + PER_ZONE * zones;\n}\n";
const PRICE_TEST = "import { expect, test } from 'vitest';\nimport { price } from '../../src/price.js';\n\ntest.each([[0, 240], [1, 370], [4, 760]])('%i zones cost %i', (zones, cents) => {\n  expect(price(zones)).toBe(cents);\n});\n";
const DISCOUNT = 'export function discount(people) {\n  if (people >= 5) return 0.25;\n  if (people >= 3) return 0.1;\n  return 0;\n}\n';
const DISCOUNT_TEST = "import { expect, test } from 'vitest';\nimport { discount } from '../../src/discount.js';\n\ntest.each([[1, 0], [2, 0], [3, 0.1], [4, 0.1], [5, 0.25]])('%i people pay %d less', (people, share) => {\n  expect(discount(people)).toBe(share);\n});\n";
const RECEIPT = "import { discount } from './discount.js';\nimport { price } from './price.js';\n\nexport function receipt(zones, people) {\n  const whole = price(zones) * people;\n  const off = Math.round(whole * discount(people));\n  return { whole, off, due: whole - off };\n}\n";
const RECEIPT_TEST = "import { expect, test } from 'vitest';\nimport { receipt } from '../../src/receipt.js';\n\ntest('a family of three on two zones', () => {\n  expect(receipt(2, 3)).toEqual({ whole: 1500, off: 150, due: 1350 });\n});\n\ntest('one person pays it all', () => {\n  expect(receipt(1, 1)).toEqual({ whole: 370, off: 0, due: 370 });\n});\n";
const ROUNDING_TEST = "import { expect, test } from 'vitest';\nimport { receipt } from '../../src/receipt.js';\n\ntest('half a cent is never lost twice', () => {\n  const { whole, off, due } = receipt(1, 5);\n  expect(off + due).toBe(whole);\n});\n";
