import { attest, type Explanation } from './explanation.ts';
import { CHANGELOG, STAGING_JUNIT } from './samples.ts';

/** §3.5 */
export const infrastructure = {
  'migrations-tested': {
    accepts: [{
      what: 'A JUnit report of the run in staging, of this commit, whose suite or file is named for staging and in which each migration is the class or file of at least one test. The output of a migration tool by itself names no commit and counts no test, so it is none',
      kinds: ['junit'],
      make: [
        'pytest tests/staging/test_migrations.py --junitxml=outputs/staging-migrations.xml -o junit_suite_name="staging migrations"',
        'npx vitest run test/staging --reporter=junit --outputFile=outputs/staging-migrations.xml',
      ],
      samples: [STAGING_JUNIT],
    }],
    green: 'Each migration that was added or changed since the last release was run by a test in staging that passed. With no such migration the line does not apply.',
    rules: ['migration_files', 'staging_suites'],
  },
  'configuration-documented': {
    accepts: [{
      what: 'Words of this version that name each changed configuration file, or every key in it that changed: its section of the CHANGELOG or of the release notes, or lines that are new in the documentation of configuration',
      kinds: ['changelog'], make: ['git add CHANGELOG.md && git commit -m "Say what is configured anew"'], samples: [CHANGELOG],
      example: '## [1.1.0] - 2026-01-12\n\n### Changed\n\n- `config/discounts.yaml`: `family_size` says how many make a family.\n',
    }],
    green: 'Every configuration file that changed since the last release is documented in the texts of this version. With none the line does not apply.',
    rules: ['configuration_files', 'configuration_documents', 'changelog_files', 'release_notes_files'],
  },
  'environment-variables': {
    accepts: [{
      what: 'A file of the commit that declares the variables of production by name; values are not read out of it', kinds: [], make: ['printf "TARIFF_CURRENCY=\\n" >> deploy/production.env.example'], samples: [],
      example: '# Names only\nTARIFF_CURRENCY=\nTARIFF_DATABASE_URL=\n',
    }],
    green: 'Every variable that code, Dockerfiles or compose files newly read is declared for production. With none the line does not apply. Places that read the environment without a name in the text are counted and said.',
    rules: ['environment_readers', 'environment_declared', 'environment_ignored'],
  },
  'secrets-rotated': {
    accepts: [{
      what: 'An inventory in the commit of the secrets by name, with the day on which each was last rotated and, where it is not quarterly, how often; one that seems to hold a value is refused', kinds: [], make: ['git add security/secrets-inventory.yaml && git commit -m "The signing token was rotated"'], samples: [],
      example: 'secrets:\n  - name: production database password\n    rotated: 2026-01-02\n  - name: payment provider token\n    rotated: 2025-11-20\n    every_days: 180\n',
    }],
    green: 'No secret of the inventory is overdue at the moment of judging.',
    rules: ['secret_inventory_files', 'secret_rotation_days'],
  },
  'monitoring-configured': {
    accepts: [{ what: 'An attestation, signed by DevOps of the roster in force; the monitoring files of the commit are shown beside the question', kinds: [], make: [attest('monitoring-configured')], samples: [] }],
    green: 'A person with the role signed that monitoring is configured for what this release changes. Until a roster is in force it stays a question.',
    rules: ['monitoring_files'],
  },
} as const satisfies Record<string, Explanation>;
