import picomatch from 'picomatch';
import type { EvidenceItem } from '../model/evidence.ts';
import type { Check } from './check.ts';
import { bindingFault, counted, failed, missing, passed, refsOf } from './judging.ts';

const REMEDY =
  'Store the artifacts with their .asc and .sha256 and read them back: countersign artifacts store … --to PLACE --read-back OUTPUTS/read-back. What another tool downloaded into that folder is bound by: countersign manifest OUTPUTS/read-back --commit COMMIT --run WHERE-FROM';

/**
 * §2 step 3, §4.1, §5.1.3 “Artifacts uploaded to artifact repository”, with their checksums: what was read back from
 * there is, byte for byte, what was built, and its checksums lie beside it.
 */
export const artifactsStored: Check = {
  id: 'artifacts-stored',
  evaluate: (facts, { parameters }) => {
    const { artifacts, evidence } = facts;
    if (artifacts.length === 0) return missing(['build artifacts in the outputs folder'], 'Put the build artifacts in the outputs folder.');
    const isStored = picomatch([...parameters.stored_files.value], { dot: true });
    const stored = evidence.filter(({ file }) => isStored(file.path));
    const copies = artifacts.map((artifact) => ({ artifact, copy: stored.find(({ file }) => nameOf(file.path) === artifact.name) }));
    const refs = refsOf(stored);
    const absent = copies.filter(({ copy }) => copy === undefined);
    if (absent.length > 0) return missing([`what was read back from the artifact repository of ${absent.map(({ artifact }) => artifact.name).join(', ')}`], REMEDY, refs);
    const differing = copies.filter(({ artifact, copy }) => copy?.file.sha256 !== artifact.sha256);
    if (differing.length > 0) {
      return failed(`${counted(differing.length, 'artifact')} of ${artifacts.length} came back as other bytes than were built`, 'Find out who changed the repository, then upload the artifacts again.', refs,
        differing.map(({ artifact, copy }) => ({ severity: null, title: `${artifact.name}: built as ${artifact.sha256}, read back as ${copy?.file.sha256 ?? 'unreadable'}`, where: artifact.path, evidence: copy?.file.path ?? null })));
    }
    const fault = bindingFault(copies.flatMap(({ copy }) => copy ?? []), facts, REMEDY);
    if (fault !== null) return fault;
    const listed = artifacts.map(({ name, sha256 }) => ({ name, by: stored.filter((item) => lists(item, name, sha256)) }));
    const unlisted = listed.filter(({ by }) => by.length === 0);
    if (unlisted.length > 0) return missing([`the checksums of ${unlisted.map(({ name }) => name).join(', ')}, read back with them`], REMEDY, refs);
    const unsure = new Set(listed.flatMap(({ by }) => (by.some(({ commit }) => commit === facts.commit) ? [] : by)));
    const listFault = bindingFault([...unsure], facts, REMEDY);
    if (listFault !== null) return listFault;
    return passed(`${counted(artifacts.length, 'artifact')} read back from the artifact repository with ${artifacts.length === 1 ? 'its checksum' : 'their checksums'}, byte for byte what was built`, refs);
  },
};

function lists({ content }: EvidenceItem, name: string, sha256: string): boolean {
  return content.type === 'checksums' && content.lines.some((line) => line.name === name && line.sha256 === sha256);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
