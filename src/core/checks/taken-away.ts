import { plainPurl } from '../evidence/purl.ts';
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
  const vex = evidence.flatMap(({ file, content }) => ((content.type === 'vex' || (content.type === 'sbom' && content.statements.length > 0)) && file.sha256 !== null ? [{ sha256: file.sha256, statements: content.statements }] : []));
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

/**
 * A product that is a package of the finding's own ecosystem has to be that package; any other names what is released,
 * as its author calls it, or is the document's one subject.
 */
function isAbout(products: readonly string[], of: MergedFinding['package']): boolean {
  if (of === null || of.ecosystem === null) return true;
  const named = products.flatMap((product) => plainPurl(product) ?? []).filter((purl) => purl.startsWith(`pkg:${of.ecosystem ?? ''}/`));
  if (named.length < products.length || named.length === 0) return true;
  const whole = plainPurl(`pkg:${of.ecosystem}/${of.name}${of.version === null ? '' : `@${of.version}`}`);
  const bare = plainPurl(`pkg:${of.ecosystem}/${of.name}`);
  return named.some((purl) => purl === whole || purl === bare);
}

/** A document may hold statements that disagree; one that says it is affected keeps the finding whatever another says. */
function clears(statements: readonly Statement[], finding: MergedFinding): boolean {
  const names = new Set(finding.names.map((name) => name.toUpperCase()));
  const about = statements.filter(({ vulnerabilities, products }) => vulnerabilities.some((name) => names.has(name.toUpperCase())) && isAbout(products, finding.package));
  const clearing = about.filter(({ status }) => status === 'not-affected' || status === 'fixed');
  const cleared = new Set(clearing.flatMap(({ vulnerabilities }) => vulnerabilities.map((name) => name.toUpperCase())));
  return clearing.length > 0 && about.every(({ status }) => status !== 'affected') && finding.together.every((advisory) => cleared.has(advisory));
}
