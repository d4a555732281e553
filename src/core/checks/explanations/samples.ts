import type { Sample } from './explanation.ts';

/**
 * Small reports of the forms that their tools write; a test reads each and compares its kind. Commit ids and digests are
 * made up.
 */
const sample = (kind: Sample['kind'], name: string, text: string): Sample => ({ kind, name, text });

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

export const K6 = sample('k6', 'k6-summary.json', `{"root_group": {"name": "", "path": "", "id": "d41d8cd98f00b204e9800998ecf8427e", "groups": [], "checks": []}, "metrics": {"http_req_duration": {"type": "trend", "contains": "time", "values": {"avg": 41.2, "min": 20.1, "med": 39.9, "max": 97.3, "p(90)": 60.4, "p(95)": 71.8}, "thresholds": {"p(95)<100": {"ok": true}}}, "http_reqs": {"type": "counter", "contains": "default", "values": {"count": 1200, "rate": 40}}}, "options": {"summaryTrendStats": ["avg", "min", "med", "max", "p(90)", "p(95)"]}, "state": {"isStdOutTTY": false, "isStdErrTTY": false, "testRunDurationMs": 30000}}
`);
export const HYPERFINE = sample('hyperfine', 'hyperfine.json', `{"results": [{"command": "node bin/tariff.js", "mean": 0.0412, "stddev": 0.0011, "median": 0.0409, "user": 0.031, "system": 0.008, "min": 0.0398, "max": 0.0441, "times": [0.0398, 0.0409, 0.0441], "exit_codes": [0, 0, 0]}]}
`);
export const PYTEST_BENCHMARK = sample('pytest-benchmark', 'benchmark.json', `{"machine_info": {"node": "ci"}, "commit_info": {"id": "8f2c1d0e9b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e", "dirty": false}, "benchmarks": [{"group": null, "name": "test_price", "fullname": "tests/perf/test_price.py::test_price", "params": null, "stats": {"min": 0.00011, "max": 0.00019, "mean": 0.00013, "stddev": 0.00001, "rounds": 500, "median": 0.00013, "iqr": 0.00001, "ops": 7692.3, "total": 0.065, "iterations": 1}}], "datetime": "2026-01-12T10:00:00.000000+00:00", "version": "5.1.0"}
`);

export const ESLINT = sample('eslint', 'eslint.json', `[{"filePath": "/ci/src/price.js", "messages": [{"ruleId": "prefer-const", "severity": 1, "message": "'base' is never reassigned. Use 'const' instead.", "line": 3, "column": 7}], "suppressedMessages": [], "errorCount": 0, "fatalErrorCount": 0, "warningCount": 1, "fixableErrorCount": 0, "fixableWarningCount": 1}]
`);
export const BANDIT = sample('bandit', 'bandit.json', `{"errors": [], "generated_at": "2026-01-12T10:00:00Z", "metrics": {"_totals": {"CONFIDENCE.HIGH": 1, "SEVERITY.LOW": 1, "loc": 120, "nosec": 0, "skipped_tests": 0}}, "results": [{"code": "1 import subprocess", "filename": "app/run.py", "issue_confidence": "HIGH", "issue_severity": "LOW", "issue_text": "Consider possible security implications associated with the subprocess module.", "line_number": 1, "line_range": [1], "more_info": "https://bandit.readthedocs.io/", "test_id": "B404", "test_name": "blacklist"}]}
`);
export const SARIF = sample('sarif', 'ruff.sarif', `{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [{"tool": {"driver": {"name": "ruff", "version": "0.8.0", "rules": []}}, "results": [{"ruleId": "F401", "level": "warning", "message": {"text": "'os' imported but unused"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "app/run.py"}, "region": {"startLine": 1}}}]}]}]}
`);
export const ZAP = sample('zap', 'zap.json', `{"@programName": "ZAP", "@version": "2.15.0", "@generated": "Mon, 12 Jan 2026 10:00:00", "site": [{"@name": "https://staging.example.com", "@host": "staging.example.com", "@port": "443", "@ssl": "true", "alerts": [{"pluginid": "10021", "alertRef": "10021", "alert": "X-Content-Type-Options Header Missing", "name": "X-Content-Type-Options Header Missing", "riskcode": "1", "confidence": "2", "riskdesc": "Low (Medium)", "desc": "<p>The header is not set.</p>", "instances": [{"uri": "https://staging.example.com/", "method": "GET", "param": "x-content-type-options", "attack": "", "evidence": ""}], "count": "1", "solution": "<p>Set it.</p>", "otherinfo": "", "reference": "", "cweid": "693", "wascid": "15", "sourceid": "1"}]}]}
`);
export const NPM_AUDIT = sample('npm-audit', 'npm-audit.json', `{"auditReportVersion": 2, "vulnerabilities": {}, "metadata": {"vulnerabilities": {"info": 0, "low": 0, "moderate": 0, "high": 0, "critical": 0, "total": 0}, "dependencies": {"prod": 41, "dev": 120, "optional": 0, "peer": 0, "peerOptional": 0, "total": 160}}}
`);
export const SNYK = sample('snyk', 'snyk.json', `{"vulnerabilities": [], "ok": true, "dependencyCount": 41, "org": "example", "policy": "", "isPrivate": true, "licensesPolicy": null, "packageManager": "npm", "ignoreSettings": null, "summary": "No known vulnerabilities", "filesystemPolicy": false, "uniqueCount": 0, "projectName": "tariff", "displayTargetFile": "package-lock.json", "path": "/ci"}
`);
export const PIP_AUDIT = sample('pip-audit', 'pip-audit.json', `{"dependencies": [{"name": "flask", "version": "3.0.3", "vulns": []}, {"name": "jinja2", "version": "3.1.4", "vulns": []}], "fixes": []}
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
export const OPENVEX = sample('openvex', 'vex.json', `{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.com/vex/2026-1", "author": "Security", "timestamp": "2026-01-12T10:00:00Z", "version": 1, "statements": [{"vulnerability": {"name": "CVE-2026-1000"}, "products": [{"@id": "pkg:npm/rounding@1.4.2"}], "status": "not_affected", "justification": "vulnerable_code_not_in_execute_path"}]}
`);
export const GITHUB_PULLS = sample('github-pulls', 'pulls.json', `[{"number": 14, "title": "Family discounts", "url": "https://github.com/example/tariff/pull/14", "author": {"login": "grace", "name": "Grace Lindqvist", "is_bot": false}, "state": "MERGED", "baseRefName": "main", "headRefOid": "1f2e3d4c5b6a79880f1e2d3c4b5a69788f2e1d0c", "mergeCommit": {"oid": "8f2c1d0e9b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e"}, "mergedAt": "2026-01-12T09:30:00Z", "mergedBy": {"login": "ada", "name": "Ada Osei", "is_bot": false}, "commits": [{"oid": "1f2e3d4c5b6a79880f1e2d3c4b5a69788f2e1d0c", "committedDate": "2026-01-12T09:00:00Z", "authors": [{"login": "grace", "name": "Grace Lindqvist", "email": "grace@example.com"}]}], "reviews": [{"author": {"login": "ada"}, "state": "APPROVED", "submittedAt": "2026-01-12T09:20:00Z", "commit": {"oid": "1f2e3d4c5b6a79880f1e2d3c4b5a69788f2e1d0c"}}], "files": [{"path": "src/discount.js", "additions": 5, "deletions": 0}]}]
`);
export const CHECKSUMS = sample('checksums', 'SHA256SUMS', `${'4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fcacdabf8a'}  tariff-1.1.0.tar.gz
`);
