import type { Facts } from '../../../src/core/checks/check.ts';
import { CHANGELOG, STAGING_JUNIT } from '../../../src/core/checks/explanations/samples.ts';
import type { CheckId } from '../../../src/core/model/verdict.ts';
import { OTHER_COMMIT } from '../facts.ts';
import type { Examples } from './example.ts';
import { committed, cut, outputs, type Content } from './gathered.ts';
import { word } from './persons-word.ts';

/** A release that brings the migration of which the sample report tells. */
async function migrated(staging?: Content, commit?: string): Promise<Partial<Facts>> {
  return committed({ 'db/migrate/20260112103000_add_discounts.rb': 'class AddDiscounts' }, {}, staging === undefined ? {} : { evidence: await outputs({ 'staging-migrations.xml': staging }, commit) });
}

const CONFIGURATION = 'config/discounts.yaml';
const configured = (texts: Readonly<Record<string, Content>>): Promise<Partial<Facts>> => committed({ [CONFIGURATION]: 'family_size: 4\n', ...texts }, { [CONFIGURATION]: 'family_size: 3\n' });

const DECLARED = 'deploy/production.env.example';
const READS = { 'src/price.js': 'export const currency = process.env.TARIFF_CURRENCY;\n' };

const inventory = (content: Content): Promise<Partial<Facts>> => committed({ 'security/secrets-inventory.yaml': content });
const secret = (rotated: string, more = ''): string => `secrets:\n  - name: production database password\n    rotated: ${rotated}\n${more}`;

/** §3.5 Infrastructure */
export const infrastructure = {
  'migrations-tested': {
    passed: { given: () => migrated(STAGING_JUNIT.text), status: 'passed', says: /^1 Rails migration of the range ran in staging and passed$/ },
    failed: { given: () => migrated(STAGING_JUNIT.text.replace('time="0.8"/>', 'time="0.8"><failure message="no such column"/></testcase>').replaceAll('failures="0"', 'failures="1"')), status: 'failed', says: /^1 migration did not pass in staging$/ },
    missing: { given: () => migrated(), status: 'missing', says: /a JUnit report of the run in staging that covers 1 Rails migration/ },
    stale: { given: () => migrated(STAGING_JUNIT.text, OTHER_COMMIT), status: 'stale', says: /another commit \(ddddddd, not ccccccc\)/ },
    malformed: { given: () => migrated(cut(STAGING_JUNIT.text)), status: 'broken', says: /^Could not be judged: staging-migrations\.xml: / },
  },
  'configuration-documented': {
    passed: { given: () => configured({ 'CHANGELOG.md': CHANGELOG.text }), status: 'passed', says: /^config\/discounts\.yaml in repository:CHANGELOG\.md$/ },
    failed: { given: () => configured({ 'CHANGELOG.md': CHANGELOG.text.replace(', configured in config/discounts.yaml', '') }), status: 'failed', says: /^1 of 1 changed configuration file is documented nowhere for 1\.1\.0$/ },
    missing: { given: () => configured({}), status: 'missing', says: /words about 1\.1\.0 in the commit .* 1 configuration file changed: config\/discounts\.yaml/ },
    stale: { given: () => configured({ 'CHANGELOG.md': CHANGELOG.text.replace('1.1.0', '1.0.0') }), status: 'missing', says: /words about 1\.1\.0 in the commit/ },
    malformed: { given: () => configured({ 'CHANGELOG.md': Buffer.from(CHANGELOG.text, 'utf16le') }), status: 'missing', says: /words about 1\.1\.0 in the commit/ },
  },
  'environment-variables': {
    passed: { given: () => committed({ ...READS, [DECLARED]: 'TARIFF_CURRENCY=\n' }), status: 'passed', says: /^1 variable newly read \(TARIFF_CURRENCY\), declared in deploy\/production\.env\.example$/ },
    failed: { given: () => committed({ ...READS, [DECLARED]: 'OTHER=\n' }), status: 'failed', says: /^1 variable of 1 newly read is not declared for production: TARIFF_CURRENCY$/ },
    missing: { given: () => committed(READS), status: 'missing', says: /the variables that production has, by name, in the commit/ },
    stale: { given: () => committed({ ...READS, [DECLARED]: 'OTHER=\n' }, { [DECLARED]: 'OTHER=\n' }), status: 'failed', says: /is not declared for production: TARIFF_CURRENCY$/ },
    malformed: {
      // A changed file that is too large to be read has no text: nothing can be said of what it reads.
      given: async () => ({ ...(await committed({ ...READS, [DECLARED]: 'TARIFF_CURRENCY=\n' })), documents: (await committed({ [DECLARED]: 'TARIFF_CURRENCY=\n' })).documents ?? [] }),
      status: 'broken', says: /^Could not be judged: 1 changed file could not be looked through for variables: src\/price\.js$/,
    },
  },
  'secrets-rotated': {
    passed: { given: () => inventory(secret('2026-01-02')), status: 'passed', says: /^1 secret rotated in time/ },
    failed: { given: () => inventory(secret('2026-01-02', '    value: hunter2\n')), status: 'failed', says: /^security\/secrets-inventory\.yaml is refused: secrets\.0\.value seems to hold a secret itself$/ },
    missing: { given: () => ({}), status: 'missing', says: /an inventory of the secrets in the commit/ },
    stale: { given: () => inventory(secret('2025-09-01')), status: 'failed', says: /^1 of 1 secret is due for rotation: production database password$/ },
    malformed: { given: () => inventory(cut(secret('2026-01-02'))), status: 'broken', says: /^Could not be judged: security\/secrets-inventory\.yaml: / },
  },
  'monitoring-configured': word('monitoring-configured', 'devops'),
} as const satisfies Partial<Record<CheckId, Examples>>;
