import type { EvidenceItem, EvidenceProblem } from '../model/evidence.ts';

interface Claim {
  readonly commit: string;
  readonly sha256: string;
  readonly manifest: string;
}

/**
 * Applies every `evidence-manifest.json` of a folder: a listed file with the same digest belongs to the manifest's
 * commit (FORMATS §2). Paths are relative to the manifest's own folder. A file that changed since is not bound, and
 * one about which manifests or the report itself disagree is bound to nothing.
 */
export function bindEvidence(items: readonly EvidenceItem[]): EvidenceItem[] {
  const claims = new Map<string, Claim[]>();
  for (const { file, content } of items) {
    if (content.type !== 'manifest' || file.problem !== null) continue;
    const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1);
    for (const { path, sha256 } of content.manifest.files) {
      const claim = { commit: content.manifest.commit, sha256, manifest: file.path };
      const known = claims.get(folder + path);
      if (known === undefined) claims.set(folder + path, [claim]);
      else known.push(claim);
    }
  }
  return items.map((item) => (item.content.type === 'manifest' ? item : bound(item, claims.get(item.file.path) ?? [])));
}

function bound(item: EvidenceItem, claims: readonly Claim[]): EvidenceItem {
  const [first] = claims;
  if (first === undefined) return item;
  const changed = claims.filter(({ sha256 }) => sha256 !== item.file.sha256);
  if (changed.length === claims.length) {
    return unbound(item, { code: 'changed-since-manifest', message: `it was changed after ${first.manifest} was written` });
  }
  const commits = new Set([...claims.map(({ commit }) => commit), ...(item.commit === null ? [] : [item.commit])]);
  if (commits.size > 1) {
    const named = [...commits].slice(0, 3).map((commit) => commit.slice(0, 12)).join(' and ');
    return unbound(item, { code: 'binding-disagrees', message: `${named} are named as its commit` });
  }
  if (changed[0] !== undefined) {
    return unbound(item, { code: 'binding-disagrees', message: `${changed[0].manifest} lists it with another digest than ${claims.length - changed.length} other` });
  }
  // A report that contradicts itself about its commit is not set right from outside.
  if (item.file.binding === 'in-report' || item.file.problem?.code === 'binding-disagrees') return item;
  return { ...item, commit: first.commit, file: { ...item.file, binding: 'manifest' } };
}

/** What the file could not be read for is told first: without content, its commit does not matter. */
const TOLD_FIRST: ReadonlySet<EvidenceProblem['code']> = new Set(['unreadable', 'not-a-file']);

function unbound(item: EvidenceItem, problem: EvidenceProblem): EvidenceItem {
  const before = item.file.problem;
  return { ...item, commit: null, file: { ...item.file, binding: 'none', problem: before !== null && TOLD_FIRST.has(before.code) ? before : problem } };
}
