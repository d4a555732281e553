import type { EvidenceItem } from '../model/evidence.ts';
import type { VerdictFinding } from '../model/verdict.ts';
import type { Check, Facts } from './check.ts';
import { counted, failed, judgeReports, ofKinds, passed, refsOf } from './judging.ts';

const REMEDY = 'Generate it from this commit: countersign sbom --repo REPO -o sbom.json';

/** §3.4 “SBOM generated (CycloneDX)”: there, of this commit, valid against its own schema, and about this version. */
export const sbomGenerated: Check = {
  id: 'sbom-generated',
  evaluate: (facts) =>
    judgeReports(ofKinds(facts.evidence, ['cyclonedx']), facts, { what: 'a CycloneDX SBOM', remedy: REMEDY }, (boms) => {
      const findings = boms.flatMap((bom) => faultsOf(bom, facts));
      if (findings.length > 0) {
        return failed(`SBOM is not right: ${findings[0]?.title ?? ''}`, REMEDY, refsOf(boms), findings);
      }
      const said = boms.map(({ file }) => `${file.path} with ${counted(file.counts?.components ?? 0, 'component')}`).join(', ');
      return passed(`${said}, valid against its schema`, refsOf(boms));
    }),
};

function faultsOf({ file, content }: EvidenceItem, facts: Facts): VerdictFinding[] {
  const fault = (title: string): VerdictFinding => ({ severity: null, title, where: null, evidence: file.path });
  if (content.type !== 'sbom') return [fault(`${file.path} could not be read as an SBOM`)];
  if (content.schemaErrors === null) return [fault(`${file.path} was not checked against its schema`)];
  const faults = content.schemaErrors.map((error) => fault(`${file.path}: ${error}`));
  const about = content.subject?.version;
  if (typeof about === 'string' && plain(about) !== plain(facts.version)) {
    faults.push(fault(`${file.path} is about version ${about}, not ${facts.version}`));
  }
  return faults;
}

function plain(version: string): string {
  return version.replace(/^v/, '');
}
