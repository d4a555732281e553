import type { Sample } from './explanation.ts';

/**
 * Small reports of the forms that their tools write; a test reads each and compares its kind. Commit ids and digests are
 * made up.
 */
export const sample = (kind: Sample['kind'], name: string, text: string): Sample => ({ kind, name, text });

export const JUNIT = sample('junit', 'junit.xml', `<testsuites name="vitest tests" tests="1" failures="0">
  <testsuite name="test/unit/price.test.js" tests="1" failures="0" errors="0" skipped="0">
    <testcase classname="test/unit/price.test.js" name="two zones cost 500" time="0.002"/>
  </testsuite>
</testsuites>
`);

export const junitOf = (file: string, name: string): Sample => sample('junit', 'junit.xml', `<testsuites tests="1" failures="0">
  <testsuite name="${file}" tests="1" failures="0" errors="0" skipped="0">
    <testcase classname="${file}" name="${name}" time="0.2"/>
  </testsuite>
</testsuites>
`);

export const STAGING_JUNIT = sample('junit', 'staging-migrations.xml', `<testsuites tests="2" failures="0">
  <testsuite name="staging migrations" tests="2" failures="0" errors="0" skipped="0">
    <testcase classname="db/migrate/20260112103000_add_discounts.rb" name="up" time="1.2"/>
    <testcase classname="db/migrate/20260112103000_add_discounts.rb" name="down" time="0.8"/>
  </testsuite>
</testsuites>
`);

export const LCOV = sample('lcov', 'lcov.info', 'TN:\nSF:src/price.js\nDA:1,4\nDA:2,4\nDA:3,0\nLF:3\nLH:2\nend_of_record\n');
export const ISTANBUL = sample('coverage-istanbul-summary', 'coverage-summary.json', `{"total": {"lines": {"total": 50, "covered": 45, "skipped": 0, "pct": 90}, "statements": {"total": 52, "covered": 47, "skipped": 0, "pct": 90.38}, "functions": {"total": 9, "covered": 9, "skipped": 0, "pct": 100}, "branches": {"total": 14, "covered": 12, "skipped": 0, "pct": 85.71}}}
`);
export const COVERAGE_PY = sample('coverage-py', 'coverage.json', `{"meta": {"format": 3, "version": "7.6.1", "timestamp": "2026-01-12T10:00:00.000000", "branch_coverage": false, "show_contexts": false}, "files": {"price.py": {"executed_lines": [1, 2], "summary": {"covered_lines": 2, "num_statements": 2, "percent_covered": 100.0, "percent_covered_display": "100", "missing_lines": 0, "excluded_lines": 0}, "missing_lines": [], "excluded_lines": []}}, "totals": {"covered_lines": 2, "num_statements": 2, "percent_covered": 100.0, "percent_covered_display": "100", "missing_lines": 0, "excluded_lines": 0}}
`);


export const ESLINT = sample('eslint', 'eslint.json', `[{"filePath": "/ci/src/price.js", "messages": [{"ruleId": "prefer-const", "severity": 1, "message": "'base' is never reassigned. Use 'const' instead.", "line": 3, "column": 7}], "suppressedMessages": [], "errorCount": 0, "fatalErrorCount": 0, "warningCount": 1, "fixableErrorCount": 0, "fixableWarningCount": 1}]
`);
export const BANDIT = sample('bandit', 'bandit.json', `{"errors": [], "generated_at": "2026-01-12T10:00:00Z", "metrics": {"_totals": {"CONFIDENCE.HIGH": 1, "SEVERITY.LOW": 1, "loc": 120, "nosec": 0, "skipped_tests": 0}}, "results": [{"code": "1 import subprocess", "filename": "app/run.py", "issue_confidence": "HIGH", "issue_severity": "LOW", "issue_text": "Consider possible security implications associated with the subprocess module.", "line_number": 1, "line_range": [1], "more_info": "https://bandit.readthedocs.io/", "test_id": "B404", "test_name": "blacklist"}]}
`);
export const SARIF = sample('sarif', 'ruff.sarif', `{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [{"tool": {"driver": {"name": "ruff", "version": "0.8.0", "rules": []}}, "results": [{"ruleId": "F401", "level": "warning", "message": {"text": "'os' imported but unused"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "app/run.py"}, "region": {"startLine": 1}}}]}]}]}
`);

export const CYCLONEDX = sample('cyclonedx', 'sbom.cdx.json', `{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": {"type": "application", "name": "tariff", "version": "1.1.0"}, "properties": [{"name": "countersign:commit", "value": "8f2c1d0e9b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e"}]}, "components": [{"type": "library", "name": "rounding", "version": "1.4.2", "purl": "pkg:npm/rounding@1.4.2", "licenses": [{"license": {"id": "MIT"}}]}]}
`);
export const CHANGELOG = sample('changelog', 'CHANGELOG.md', `# Changelog

## [1.1.0] - 2026-01-12

### Added

- Family discounts, configured in config/discounts.yaml.
`);
export const OPENAPI = sample('openapi', 'openapi.json', `{"openapi": "3.1.0", "info": {"title": "Tariff", "version": "1.1.0"}, "paths": {"/prices": {"get": {"parameters": [{"name": "zones", "in": "query", "required": true, "schema": {"type": "integer"}}], "responses": {"200": {"description": "The price"}}}}}}
`);
export const GITHUB_PULLS = sample('github-pulls', 'pulls.json', `[{"number": 14, "title": "Family discounts", "url": "https://github.com/example/tariff/pull/14", "author": {"login": "grace", "name": "Grace Lindqvist", "is_bot": false}, "state": "MERGED", "baseRefName": "main", "headRefOid": "1f2e3d4c5b6a79880f1e2d3c4b5a69788f2e1d0c", "mergeCommit": {"oid": "8f2c1d0e9b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e"}, "mergedAt": "2026-01-12T09:30:00Z", "mergedBy": {"login": "ada", "name": "Ada Osei", "is_bot": false}, "commits": [{"oid": "1f2e3d4c5b6a79880f1e2d3c4b5a69788f2e1d0c", "committedDate": "2026-01-12T09:00:00Z", "authors": [{"login": "grace", "name": "Grace Lindqvist", "email": "grace@example.com"}]}], "reviews": [{"author": {"login": "ada"}, "state": "APPROVED", "submittedAt": "2026-01-12T09:20:00Z", "commit": {"oid": "1f2e3d4c5b6a79880f1e2d3c4b5a69788f2e1d0c"}}], "files": [{"path": "src/discount.js", "additions": 5, "deletions": 0}]}]
`);
export const MANIFEST = sample('evidence-manifest', 'evidence-manifest.json', `{"v": 1, "commit": "8f2c1d0e9b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e", "run": "ci/1042", "files": [{"path": "tariff-1.1.0.tar.gz", "sha256": "4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fcacdabf8a"}]}
`);
export const CHECKSUMS = sample('checksums', 'SHA256SUMS', `${'4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fcacdabf8a'}  tariff-1.1.0.tar.gz
`);
export const GITLAB_MERGE_REQUESTS = sample('gitlab-merge-requests', 'merge-requests.json', `[{"id": 9014, "iid": 14, "project_id": 3, "title": "Family discounts", "state": "merged", "web_url": "https://gitlab.example.com/example/tariff/-/merge_requests/14", "author": {"id": 2, "username": "grace", "name": "Grace Lindqvist"}, "source_branch": "discounts", "target_branch": "main", "sha": "1f2e3d4c5b6a79880f1e2d3c4b5a69788f2e1d0c", "merge_commit_sha": "8f2c1d0e9b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e", "squash_commit_sha": null, "merged_at": "2026-01-12T09:30:00.000Z", "merge_user": {"id": 1, "username": "ada", "name": "Ada Osei"}, "blocking_discussions_resolved": true, "user_notes_count": 2}]
`);

export const ISTANBUL_FINAL = sample('coverage-istanbul-final', 'coverage-final.json', `{"/ci/src/price.js": {"path": "/ci/src/price.js", "statementMap": {"0": {"start": {"line": 1, "column": 0}, "end": {"line": 1, "column": 24}}}, "fnMap": {}, "branchMap": {}, "s": {"0": 4}, "f": {}, "b": {}}}
`);
export const COBERTURA = sample('cobertura', 'coverage.xml', `<?xml version="1.0" ?>
<coverage version="7.6.1" timestamp="1768212000000" lines-valid="2" lines-covered="2" line-rate="1" branches-covered="0" branches-valid="0" branch-rate="0" complexity="0">
  <packages>
    <package name="." line-rate="1" branch-rate="0" complexity="0">
      <classes>
        <class name="price.py" filename="price.py" complexity="0" line-rate="1" branch-rate="0">
          <methods/>
          <lines><line number="1" hits="4"/><line number="2" hits="4"/></lines>
        </class>
      </classes>
    </package>
  </packages>
</coverage>
`);
export const CLOVER = sample('clover', 'clover.xml', `<?xml version="1.0" encoding="UTF-8"?>
<coverage generated="1768212000000" clover="3.2.0">
  <project timestamp="1768212000000" name="All files">
    <metrics statements="2" coveredstatements="2" conditionals="0" coveredconditionals="0" methods="1" coveredmethods="1" elements="3" coveredelements="3" complexity="0" loc="2" ncloc="2" packages="1" files="1" classes="1"/>
    <file name="price.js" path="/ci/src/price.js">
      <metrics statements="2" coveredstatements="2" conditionals="0" coveredconditionals="0" methods="1" coveredmethods="1"/>
      <line num="1" count="4" type="stmt"/>
      <line num="2" count="4" type="stmt"/>
    </file>
  </project>
</coverage>
`);
export const JACOCO = sample('jacoco', 'jacoco.xml', `<?xml version="1.0" encoding="UTF-8"?>
<report name="tariff">
  <package name="example">
    <class name="example/Price" sourcefilename="Price.java">
      <counter type="LINE" missed="0" covered="2"/>
    </class>
    <sourcefile name="Price.java">
      <line nr="3" mi="0" ci="3" mb="0" cb="0"/>
      <line nr="4" mi="0" ci="2" mb="0" cb="0"/>
      <counter type="LINE" missed="0" covered="2"/>
    </sourcefile>
    <counter type="LINE" missed="0" covered="2"/>
  </package>
  <counter type="LINE" missed="0" covered="2"/>
</report>
`);
