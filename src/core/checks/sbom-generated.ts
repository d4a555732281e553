import type { EvidenceItem } from '../model/evidence.ts';
import type { VerdictFinding } from '../model/verdict.ts';
import type { Check, Facts } from './check.ts';
import { counted, failed, judgeReports, ofKinds, passed, refsOf } from './judging.ts';

const REMEDY = 'Generate it from this commit: countersign sbom --repo REPO -o sbom.json';
/** So many of the packages that are missing are named one by one. */
const NAMED = 200;

/**
 * §3.4 “SBOM generated (CycloneDX)”: there, of this commit, valid against its own schema, about this version, and
 * complete: every package that the commit's lock files pin is in it. Packages that are only for development, optional or
 * bundled may be left out.
 */
export const sbomGenerated: Check = {
  id: 'sbom-generated',
  evaluate: (facts) =>
    judgeReports(ofKinds(facts.evidence, ['cyclonedx']), facts, { what: 'a CycloneDX SBOM', remedy: REMEDY }, (boms) => {
      const findings = [...boms.flatMap((bom) => faultsOf(bom, facts)), ...missingPackages(boms, facts)];
      if (findings.length > 0) {
        return failed(`SBOM is not right: ${findings[0]?.title ?? ''}${findings.length > 1 ? ` and ${findings.length - 1} more` : ''}`, REMEDY, refsOf(boms), findings);
      }
      const said = boms.map(({ file }) => `${file.path} with ${counted(file.counts?.components ?? 0, 'component')}`).join(', ');
      return passed([`${said}, valid against its schema`, heldAgainst(boms, facts), scored(boms)].join('; '), refsOf(boms));
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

function missingPackages(boms: readonly EvidenceItem[], { lockedFiles }: Facts): VerdictFinding[] {
  const listed = packagesOf(boms);
  return lockedFiles.flatMap(({ path, packages, problem }) => {
    if (problem !== null) return [{ severity: null, title: `It cannot be held against ${path}: ${problem}`, where: path, evidence: null }];
    const absent = packages.filter(({ purl, optional }) => !optional && !listed.has(purl));
    const more = absent.length - NAMED;
    return [
      ...absent.slice(0, NAMED).map(({ purl }) => ({ severity: null, title: `${purl}, which ${path} pins, is not in it`, where: path, evidence: null })),
      ...(more > 0 ? [{ severity: null, title: `${more} more of ${path} are not in it`, where: path, evidence: null }] : []),
    ];
  });
}

function heldAgainst(boms: readonly EvidenceItem[], { lockedFiles }: Facts): string {
  if (lockedFiles.length === 0) return 'the commit has no lock file that it could be held against';
  const listed = packagesOf(boms);
  const pinned = new Set(lockedFiles.flatMap(({ packages }) => packages.map(({ purl }) => purl)));
  const types = new Set([...pinned].map(typeOf));
  const extra = [...listed].filter((purl) => types.has(typeOf(purl)) && !pinned.has(purl)).sort();
  const skipped = lockedFiles.reduce((sum, file) => sum + file.skipped.length, 0);
  const notes = [
    ...(extra.length === 0 ? [] : [`${counted(extra.length, 'package')} in it that no lock file pins, such as ${extra.slice(0, 3).join(', ')}`]),
    ...(skipped === 0 ? [] : [`${counted(skipped, 'line')} of the lock files ${skipped === 1 ? 'pins' : 'pin'} nothing`]),
  ];
  return [`complete against ${lockedFiles.map(({ path }) => path).join(', ')}`, ...notes].join(', ');
}

/** How much of it says where a component comes from, that it is this one, and under which licence. */
function scored(boms: readonly EvidenceItem[]): string {
  const sums = { components: 0, purls: 0, hashed: 0, licensed: 0 };
  for (const { content } of boms) {
    if (content.type !== 'sbom') continue;
    for (const name of ['components', 'purls', 'hashed', 'licensed'] as const) sums[name] += content[name];
  }
  const share = (count: number): string => `${sums.components === 0 ? 0 : Math.floor((100 * count) / sums.components)} %`;
  return `package URLs ${share(sums.purls)}, hashes ${share(sums.hashed)}, licences ${share(sums.licensed)}`;
}

function packagesOf(boms: readonly EvidenceItem[]): Set<string> {
  return new Set(boms.flatMap(({ content }) => (content.type === 'sbom' ? content.packages : [])));
}

function typeOf(purl: string): string {
  return purl.slice(0, purl.indexOf('/'));
}

function plain(version: string): string {
  return version.replace(/^v/, '');
}
