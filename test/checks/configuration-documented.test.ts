import { describe, expect, test } from 'vitest';
import type { Status } from '../../src/core/model/verdict.ts';
import { judge } from './facts.ts';
import { changed } from './range-facts.ts';

const FILE = 'config/discounts.yaml';
const BEFORE = 'family_size: 3\ncurrency: EUR\n';
const AFTER = 'family_size: 4\ncurrency: EUR\nrate: 0.1\n';
const section = (words: string, version = '1.1.0'): string => `# Changelog\n\n## [${version}] - 2026-01-12\n\n${words}\n\n## [1.0.0]\n\nconfig/discounts.yaml came.\n`;
const range = (documents: Readonly<Record<string, string>>, before: Readonly<Record<string, string>> = {}) => changed({ [FILE]: AFTER, ...documents }, { [FILE]: BEFORE, ...before });

describe('configuration-documented', () => {
  test.each<[name: string, documents: Record<string, string>, status: Status, says: RegExp]>([
    ['named by its path', { 'CHANGELOG.md': section('- `config/discounts.yaml` has a rate.') }, 'passed', /config\/discounts\.yaml in repository:CHANGELOG\.md/],
    ['named by its name', { 'RELEASE_NOTES.md': section('See discounts.yaml.') }, 'passed', /RELEASE_NOTES/],
    ['each key that changed', { 'CHANGELOG.md': section('- `family_size` is 4 now, and `rate` is new.') }, 'passed', /CHANGELOG/],
    ['one of two keys', { 'CHANGELOG.md': section('- `rate` is new.') }, 'failed', /1 of 1 changed configuration file is documented nowhere/],
    ['in the section of another version only', { 'CHANGELOG.md': section('Nothing of it.') }, 'failed', /documented nowhere/],
    ['only in a comment of a template', { 'CHANGELOG.md': section('Nothing of it. <!-- Name config/discounts.yaml here -->') }, 'failed', /documented nowhere/],
    ['as part of a longer name', { 'CHANGELOG.md': section('other/config/discounts.yaml.bak, my-discounts.yaml') }, 'failed', /documented nowhere/],
    ['no text of this version', { 'CHANGELOG.md': section('config/discounts.yaml', '1.2.0') }, 'missing', /words about 1\.1\.0/],
    ['no text at all', {}, 'missing', /discounts\.yaml/],
  ])('%s', (_, documents, status, says) => {
    const result = judge('configuration-documented', range(documents));
    expect({ status: result.status, summary: result.summary }).toMatchObject({ status });
    expect(result.summary).toMatch(says);
    if (status !== 'passed') expect(result.remedy).toMatch(/config\/discounts\.yaml/);
  });

  test('lines that are new in the documentation count, old ones do not', () => {
    const old = '# Configuration\n\nconfig/discounts.yaml holds discounts.\n';
    expect(judge('configuration-documented', range({ 'docs/configuration.md': old }, { 'docs/configuration.md': old })).status).toBe('missing');
    expect(judge('configuration-documented', range({ 'docs/configuration.md': `${old}Since 1.1, config/discounts.yaml has a rate.\n` }, { 'docs/configuration.md': old })).status).toBe('passed');
  });

  test('a name at the end of a sentence, in code or in a link is named', () => {
    for (const words of ['See config/discounts.yaml.', 'See `./config/discounts.yaml`, and more', 'See [it](config/discounts.yaml)', 'config/discounts.yaml: a rate']) {
      expect(judge('configuration-documented', range({ 'CHANGELOG.md': section(words) })).status, words).toBe('passed');
    }
  });

  test('thousands of files are judged in no time', () => {
    const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`config/part${at}/app.yaml`, Array.from({ length: 200 }, (_value, key) => `key_${at}_${key}: 1`).join('\n')]));
    const given = changed({ ...many, 'CHANGELOG.md': section('words '.repeat(100_000)) });
    const started = performance.now();
    expect(judge('configuration-documented', given).status).toBe('failed');
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  test('two files of one name need their paths', () => {
    const two = changed({ 'config/a/app.yaml': 'x: 1\n', 'config/b/app.yaml': 'y: 1\n', 'CHANGELOG.md': section('app.yaml has a new key.') });
    expect(judge('configuration-documented', two).status).toBe('failed');
  });

  test('does not apply where none changed', () => {
    expect(judge('configuration-documented', changed({ 'src/a.js': '1' }))).toMatchObject({ status: 'not-applicable', summary: 'No configuration file was added or changed since v1.0.0' });
  });
});
