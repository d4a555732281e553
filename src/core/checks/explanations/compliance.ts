import { attest, type Explanation } from './explanation.ts';
import { CHANGELOG, CYCLONEDX, OPENAPI } from './samples.ts';

/** §3.4 */
export const compliance = {
  'sbom-generated': {
    accepts: [{ what: 'A CycloneDX bill of materials of this commit, 1.4 to 1.7', kinds: ['cyclonedx'], make: ['countersign sbom --repo REPO -o outputs/sbom.cdx.json', 'npx @cyclonedx/cyclonedx-npm --output-file outputs/sbom.cdx.json', 'cyclonedx-py environment -o outputs/sbom.cdx.json'], samples: [CYCLONEDX] }],
    green: 'A bill of materials of this commit is valid against its own schema, about this version, and complete against the lock files.',
    rules: [],
  },
  'release-notes': {
    accepts: [{
      what: 'Words about this version in a file of the commit, under a heading that names it', kinds: [], make: ['git add RELEASE_NOTES.md && git commit -m "Notes of 1.1.0"'], samples: [],
      example: '# Release notes\n\n## 1.1.0\n\nFamilies of three and more pay less, and the receipt shows by how much.\n',
    }],
    green: 'The release notes in the commit have enough words about this version.',
    rules: ['release_notes_files', 'release_notes_minimum_words'],
  },
  'changelog-updated': {
    accepts: [{ what: 'A dated section for this version in the CHANGELOG of the commit, in the form of Keep a Changelog', kinds: ['changelog'], make: ['git add CHANGELOG.md && git commit -m "Describe what 1.1.0 brings"'], samples: [CHANGELOG] }],
    green: 'The CHANGELOG of the commit has a section for this version with a date that is not to come, and at least one change.',
    rules: ['changelog_files'],
  },
  'api-documentation': {
    accepts: [{ what: 'An OpenAPI 3.0 or 3.1 or Swagger 2.0 description, valid, whose version moved if its paths changed', kinds: ['openapi'], make: ['npx swagger-jsdoc -d openapi.config.js -o openapi.json', 'python -c "import json, app; print(json.dumps(app.api.openapi()))" > openapi.json'], samples: [OPENAPI] }],
    green: 'The description is valid; where its operations differ from the last release’s its version moved, and breaking changes are listed. A repository without a description is not asked for one unless it has files that look like a web API.',
    rules: ['api_files', 'web_api_files'],
  },
  'compliance-notified': {
    accepts: [{ what: 'An attestation, signed by somebody of the compliance team in the roster in force', kinds: [], make: [attest('compliance-notified')], samples: [] }],
    green: 'The compliance team signed that it was notified of this major release. Until a roster is in force it stays a question.',
    rules: [],
  },
} as const satisfies Record<string, Explanation>;
