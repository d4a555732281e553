import type { Facts } from '../../../src/core/checks/check.ts';
import { CHANGELOG, CYCLONEDX, OPENAPI } from '../../../src/core/checks/explanations/samples.ts';
import type { CheckId } from '../../../src/core/model/verdict.ts';
import { COMMIT, OTHER_COMMIT } from '../facts.ts';
import type { Examples } from './example.ts';
import { word } from './persons-word.ts';
import { committed, cut, evidence } from './gathered.ts';

/** A bill of materials names its commit itself. */
const bom = (commit: string, version = '1.1.0'): string => CYCLONEDX.text.replace('8f2c1d0e9b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e', commit).replace('"version": "1.1.0"', `"version": "${version}"`);

const NOTES = '# Release notes\n\n## 1.1.0\n\nFamilies of three and more pay less, and the receipt shows by how much, in every zone.\n';
const LAST_NOTES = NOTES.replace('1.1.0', '1.0.0');
const LAST_CHANGELOG = CHANGELOG.text.replace('1.1.0', '1.0.0');

/** The sample describes one operation; the last release described it without its parameter. */
const API_BEFORE = OPENAPI.text.replace('"version": "1.1.0"', '"version": "1.0.0"').replace(/"parameters": \[.*?\}\}\], /, '');

/** §3.4 Compliance */
export const compliance = {
  'sbom-generated': {
    passed: { given: () => evidence({ 'sbom.json': bom(COMMIT) }), status: 'passed', says: /^sbom\.json with 1 component, valid against its schema/ },
    failed: { given: () => evidence({ 'sbom.json': bom(COMMIT, '1.0.0') }), status: 'failed', says: /^SBOM is not right: sbom\.json is about version 1\.0\.0, not v1\.1\.0$/ },
    missing: { given: () => ({}), status: 'missing', says: /^No evidence: a CycloneDX SBOM$/ },
    stale: { given: () => evidence({ 'sbom.json': bom(OTHER_COMMIT) }, OTHER_COMMIT), status: 'stale', says: /another commit \(ddddddd, not ccccccc\)/ },
    malformed: { given: () => evidence({ 'sbom.json': cut(bom(COMMIT)) }), status: 'broken', says: /^Could not be judged: sbom\.json: / },
  },
  'release-notes': {
    passed: { given: () => committed({ 'RELEASE_NOTES.md': NOTES }), status: 'passed', says: /RELEASE_NOTES\.md has 17 words about 1\.1\.0$/ },
    failed: { given: () => committed({ 'RELEASE_NOTES.md': '## 1.1.0\n\nBetter.\n' }), status: 'failed', says: /^The release notes have 1 word about 1\.1\.0$/ },
    missing: { given: () => ({}), status: 'missing', says: /^No evidence: release notes in the commit \(RELEASE_NOTES\.md/ },
    stale: { given: () => committed({ 'RELEASE_NOTES.md': LAST_NOTES }), status: 'failed', says: /^The release notes say nothing of 1\.1\.0$/ },
    malformed: { given: () => committed({ 'RELEASE_NOTES.md': Buffer.from(NOTES, 'utf16le') }), status: 'broken', says: /^Could not be judged: RELEASE_NOTES\.md is no text of UTF-8$/ },
  },
  'changelog-updated': {
    passed: { given: () => committed({ 'CHANGELOG.md': CHANGELOG.text }), status: 'passed', says: /^repository:CHANGELOG\.md has 1 change for 1\.1\.0, dated 2026-01-12$/ },
    failed: { given: () => committed({ 'CHANGELOG.md': CHANGELOG.text.replace(' - 2026-01-12', '') }), status: 'failed', says: /the section for 1\.1\.0 has no date$/ },
    missing: { given: () => ({}), status: 'missing', says: /^No evidence: a CHANGELOG in the commit/ },
    stale: { given: () => committed({ 'CHANGELOG.md': LAST_CHANGELOG }), status: 'failed', says: /CHANGELOG\.md has no section for 1\.1\.0$/ },
    malformed: { given: () => committed({ 'CHANGELOG.md': 'Everything is better now.\n' }), status: 'broken', says: /^Could not be judged: CHANGELOG\.md/ },
  },
  'api-documentation': {
    passed: { given: () => committed({ 'openapi.json': OPENAPI.text }, { 'openapi.json': API_BEFORE }), status: 'passed', says: /^openapi\.json is valid \(OpenAPI 3\.1\.0, version 1\.1\.0, 1 operation\), up from 1\.0\.0; 1 operation changed; breaking/ },
    failed: { given: () => committed({ 'openapi.json': OPENAPI.text.replace('"title": "Tariff", ', '') }), status: 'failed', says: /^openapi\.json has 1 fault against its specification$/ },
    missing: { given: () => committed({ 'src/routes/prices.js': 'app.get("/prices", list)' }), status: 'missing', says: /src\/routes\/prices\.js look like a web API/ },
    stale: { given: () => committed({ 'openapi.json': OPENAPI.text.replace('1.1.0', '1.0.0') }, { 'openapi.json': API_BEFORE }), status: 'failed', says: /1 operation changed since v1\.0\.0, but its version is still 1\.0\.0/ },
    malformed: { given: () => committed({ 'openapi.json': cut(OPENAPI.text) }, { 'openapi.json': API_BEFORE }), status: 'failed', says: /^openapi\.json is no OpenAPI or Swagger description: / },
  },
  'compliance-notified': word('compliance-notified', 'compliance', { types: new Set(['major']) } satisfies Partial<Facts>),
} as const satisfies Partial<Record<CheckId, Examples>>;
