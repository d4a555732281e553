import { attest, type AcceptedEvidence, type Explanation } from './explanation.ts';
import { BANDIT, ESLINT } from './samples.ts';
import { CSAF, DEPENDABOT, DEPENDENCY_CHECK, GRYPE, NPM_AUDIT, NUCLEI_SARIF, OPENVEX, OSV_SCANNER, PIP_AUDIT, PNPM_AUDIT, SEMGREP_SARIF, SNYK, TRIVY, YARN_AUDIT, ZAP } from './security-samples.ts';

const SAST: readonly AcceptedEvidence[] = [
  { what: 'Bandit, for Python', kinds: ['bandit'], make: ['bandit --recursive --format json --output outputs/bandit.json .'], samples: [BANDIT] },
  { what: 'ESLint, for JavaScript and TypeScript', kinds: ['eslint'], make: ['npx eslint --format json --output-file outputs/eslint.json .'], samples: [ESLINT] },
  { what: 'Any static analysis that writes SARIF 2.1.0', kinds: ['sarif'], make: ['semgrep scan --sarif --output outputs/semgrep.sarif', 'codeql database analyze DB --format=sarif-latest --output=outputs/codeql.sarif'], samples: [SEMGREP_SARIF] },
];

const DEPENDENCIES: readonly AcceptedEvidence[] = [
  { what: 'npm audit, yarn or pnpm, for their lock files', kinds: ['npm-audit', 'yarn-audit', 'pnpm-audit'], make: ['npm audit --json > outputs/npm-audit.json', 'pnpm audit --json > outputs/pnpm-audit.json', 'yarn audit --json > outputs/yarn-audit.json'], samples: [NPM_AUDIT, YARN_AUDIT, PNPM_AUDIT] },
  { what: 'Snyk', kinds: ['snyk'], make: ['snyk test --all-projects --json-file-output=outputs/snyk.json'], samples: [SNYK] },
  { what: 'pip-audit, for Python', kinds: ['pip-audit'], make: ['pip-audit --requirement requirements.txt --format json --output outputs/pip-audit.json'], samples: [PIP_AUDIT] },
  {
    what: 'Dependabot’s alerts, OSV-Scanner, Trivy, Grype or OWASP Dependency-Check', kinds: ['dependabot', 'osv-scanner', 'trivy', 'grype', 'dependency-check'],
    make: ['gh api --paginate repos/OWNER/NAME/dependabot/alerts > outputs/dependabot.json', 'osv-scanner scan --format json --output outputs/osv.json .', 'trivy fs --format json --output outputs/trivy.json .', 'grype dir:. --output json > outputs/grype.json', 'dependency-check --scan . --format JSON --out outputs/'], samples: [DEPENDABOT, OSV_SCANNER, TRIVY, GRYPE, DEPENDENCY_CHECK],
  },
];

const VEX: AcceptedEvidence = {
  what: 'VEX statements, which take a finding away only when a security architect of the roster in force signed their digest',
  kinds: ['openvex', 'cyclonedx', 'csaf'],
  make: ['vexctl create --product=pkg:npm/rounding@1.4.2 --vuln=CVE-2026-1000 --status=not_affected --justification=vulnerable_code_not_in_execute_path --file=outputs/vex.json', 'countersign allow-suppressions outputs/vex.json --repo REPO --release v1.1.0 --statement WORDS --key FINGERPRINT'],
  samples: [OPENVEX, CSAF],
};

/** §3.3 */
export const security = {
  'sast-scans': {
    accepts: SAST,
    green: 'Every scan that the files of this commit call for has a report of this commit, with nothing at the severities that fail.',
    rules: ['sast_scans', 'sast_fails_at'],
  },
  'dast-scans': {
    accepts: [
      { what: 'A report by OWASP ZAP of a scan of this release, in JSON or XML', kinds: ['zap'], make: ['zap-full-scan.py -t https://staging.example.com -J zap.json', 'zap-baseline.py -t https://staging.example.com -x zap.xml'], samples: [ZAP] },
      { what: 'Another dynamic scan that writes SARIF 2.1.0', kinds: ['sarif'], make: ['nuclei -target https://staging.example.com -sarif-export outputs/nuclei.sarif'], samples: [NUCLEI_SARIF] },
    ],
    green: 'There is a dynamic scan of this release that looked at something, with nothing at the severities that fail.',
    rules: ['dast_tools', 'dast_fails_at'],
  },
  'dependency-scans': {
    accepts: DEPENDENCIES,
    green: 'Every lock file of this commit is scanned by a report of this commit whose vulnerability data is there and recent, with nothing at the severities that fail.',
    rules: ['dependency_scans', 'dependency_fails_at', 'vulnerability_data_days'],
  },
  'critical-high-remediated': {
    accepts: [...SAST, ...DEPENDENCIES, VEX],
    green: 'Nothing critical or high, and nothing of unknown severity, is left in any scan of this commit.',
    rules: ['sast_scans', 'dependency_scans', 'vulnerability_data_days'],
  },
  'medium-documented': {
    accepts: [
      ...DEPENDENCIES, VEX,
      { what: 'A risk acceptance, signed: who asked, who accepted (somebody else, with the authority), why, what is done instead, until when', kinds: [], make: ['countersign accept-risk --vulnerability CVE-2026-1000 --package pkg:npm/rounding@1.4.2 --asked-by PERSON --reason WORDS --control WORDS --until 2026-03-31T00:00:00Z --key FINGERPRINT'], samples: [] },
    ],
    green: 'Each medium finding is mended, or has a signed risk acceptance that has not expired.',
    rules: ['medium_risk_roles'],
  },
  'penetration-test': {
    accepts: [{ what: 'An attestation, signed by a security architect or the CISO of the roster in force, with the digest of the report, the firm, the date, and the retest of its findings', kinds: [], make: [attest('penetration-test', '--evidence penetration-test.pdf --detail firm=NAME --detail tested_on=2026-01-05 --detail retested_on=2026-01-10')], samples: [] }],
    green: 'A person with the role signed that a penetration test of this major release was completed, by whom, when, and when its findings were tested again. Until a roster is in force it stays a question.',
    rules: ['penetration_test_days'],
  },
} as const satisfies Record<string, Explanation>;
