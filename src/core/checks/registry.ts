import type { CheckId } from '../model/verdict.ts';
import type { Check } from './check.ts';
import { apiDocumentation } from './api-documentation.ts';
import { artifactsChecksummed } from './artifacts-checksummed.ts';
import { artifactsSigned } from './artifacts-signed.ts';
import { artifactsStored } from './artifacts-stored.ts';
import { changelogUpdated } from './changelog-updated.ts';
import { cisoApproval } from './ciso-approval.ts';
import { codeReviewed } from './code-reviewed.ts';
import { complianceNotified } from './compliance-notified.ts';
import { configurationDocumented } from './configuration-documented.ts';
import { criticalHighRemediated } from './critical-high-remediated.ts';
import { ctoApproval } from './cto-approval.ts';
import { dastScans } from './dast-scans.ts';
import { dependencyScans } from './dependency-scans.ts';
import { deploymentScheduled } from './deployment-scheduled.ts';
import { endToEndTests } from './end-to-end-tests.ts';
import { environmentVariables } from './environment-variables.ts';
import { feedbackAddressed } from './feedback-addressed.ts';
import { highRiskReviewed } from './high-risk-reviewed.ts';
import { integrationTests } from './integration-tests.ts';
import { lintersPassed } from './linters-passed.ts';
import { mediumDocumented } from './medium-documented.ts';
import { migrationsTested } from './migrations-tested.ts';
import { monitoringConfigured } from './monitoring-configured.ts';
import { noSelfApproval } from './no-self-approval.ts';
import { penetrationTest } from './penetration-test.ts';
import { performanceTests } from './performance-tests.ts';
import { qaApiDocumentation } from './qa-api-documentation.ts';
import { qaAutomatedChecks } from './qa-automated-checks.ts';
import { qaChangelog } from './qa-changelog.ts';
import { qaNoCriticalIssues } from './qa-no-critical-issues.ts';
import { qaReleaseNotes } from './qa-release-notes.ts';
import { qaStagingTested } from './qa-staging-tested.ts';
import { regressionTests } from './regression-tests.ts';
import { releaseNotes } from './release-notes.ts';
import { rollbackPlan } from './rollback-plan.ts';
import { sastScans } from './sast-scans.ts';
import { sbomGenerated } from './sbom-generated.ts';
import { secretsRotated } from './secrets-rotated.ts';
import { unitTests } from './unit-tests.ts';

/** Every line's check, in the policy's order. A line without a check does not type-check. */
export const checks = {
  'code-reviewed': codeReviewed,
  'high-risk-reviewed': highRiskReviewed,
  'no-self-approval': noSelfApproval,
  'feedback-addressed': feedbackAddressed,
  'unit-tests': unitTests,
  'integration-tests': integrationTests,
  'end-to-end-tests': endToEndTests,
  'regression-tests': regressionTests,
  'performance-tests': performanceTests,
  'sast-scans': sastScans,
  'dast-scans': dastScans,
  'dependency-scans': dependencyScans,
  'critical-high-remediated': criticalHighRemediated,
  'medium-documented': mediumDocumented,
  'penetration-test': penetrationTest,
  'sbom-generated': sbomGenerated,
  'release-notes': releaseNotes,
  'changelog-updated': changelogUpdated,
  'api-documentation': apiDocumentation,
  'compliance-notified': complianceNotified,
  'migrations-tested': migrationsTested,
  'configuration-documented': configurationDocumented,
  'environment-variables': environmentVariables,
  'secrets-rotated': secretsRotated,
  'monitoring-configured': monitoringConfigured,
  'cto-approval': ctoApproval,
  'ciso-approval': cisoApproval,
  'deployment-scheduled': deploymentScheduled,
  'rollback-plan': rollbackPlan,
  'linters-passed': lintersPassed,
  'artifacts-signed': artifactsSigned,
  'artifacts-checksummed': artifactsChecksummed,
  'artifacts-stored': artifactsStored,
  'qa-automated-checks': qaAutomatedChecks,
  'qa-release-notes': qaReleaseNotes,
  'qa-changelog': qaChangelog,
  'qa-api-documentation': qaApiDocumentation,
  'qa-staging-tested': qaStagingTested,
  'qa-no-critical-issues': qaNoCriticalIssues,
} as const satisfies Record<CheckId, Check>;
