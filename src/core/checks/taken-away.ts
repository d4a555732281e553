import type { EvidenceItem } from '../model/evidence.ts';
import type { Facts, SignedSuppression } from './check.ts';
import type { MergedFinding } from './merged-findings.ts';

/** Findings that still count, and those that a security architect's signature takes away (FORMATS §2). */
export interface OpenFindings {
  readonly open: readonly MergedFinding[];
  readonly taken: readonly { readonly finding: MergedFinding; readonly by: SignedSuppression }[];
  /** Suppressed in a report, or said not to affect, by files that nobody signed: they count all the same. */
  readonly unsigned: readonly MergedFinding[];
}

/**
 * Takes away what is suppressed in every report that lists it, where these reports were signed, and what a signed VEX
 * document says does not affect the product or is fixed in it. Everything else counts.
 */
export function withoutSigned(findings: readonly MergedFinding[], { signedSuppressions, evidence }: Facts): OpenFindings {
  const signed = new Map(signedSuppressions.map((suppression) => [suppression.sha256, suppression]));
  const vex = evidence.flatMap(({ file, content }) => (content.type === 'vex' && file.sha256 !== null ? [{ sha256: file.sha256, statements: content.statements }] : []));
  const open: MergedFinding[] = [];
  const taken: { finding: MergedFinding; by: SignedSuppression }[] = [];
  const unsigned: MergedFinding[] = [];
  for (const finding of findings) {
    const documents = vex.filter(({ statements }) => clears(statements, finding)).map(({ sha256 }) => sha256);
    const inReports = finding.open ? [] : finding.suppressedIn;
    const by = inReports.length > 0 && inReports.every((sha256) => signed.has(sha256)) ? signed.get(inReports[0] ?? '') : documents.map((sha256) => signed.get(sha256)).find((one) => one !== undefined);
    if (by !== undefined) {
      taken.push({ finding, by });
      continue;
    }
    open.push(finding);
    if (inReports.length > 0 || documents.length > 0) unsigned.push(finding);
  }
  return { open, taken, unsigned };
}

type Statement = Extract<EvidenceItem['content'], { type: 'vex' }>['statements'][number];

/** A document may hold statements that disagree; one that says it is affected keeps the finding whatever another says. */
function clears(statements: readonly Statement[], finding: MergedFinding): boolean {
  const names = new Set(finding.names.map((name) => name.toUpperCase()));
  const about = statements.filter(({ vulnerabilities }) => vulnerabilities.some((name) => names.has(name.toUpperCase())));
  const clearing = about.filter(({ status }) => status === 'not-affected' || status === 'fixed');
  const cleared = new Set(clearing.flatMap(({ vulnerabilities }) => vulnerabilities.map((name) => name.toUpperCase())));
  return clearing.length > 0 && about.every(({ status }) => status !== 'affected') && finding.together.every((advisory) => cleared.has(advisory));
}
