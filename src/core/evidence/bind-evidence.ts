import type { EvidenceItem } from '../model/evidence.ts';

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
    const folder = file.path.includes('/') ? file.path.slice(0, file.path.lastIndexOf('/') + 1) : '';
    for (const listed of content.manifest.files) {
      const path = folder + listed.path;
      claims.set(path, [...(claims.get(path) ?? []), { commit: content.manifest.commit, sha256: listed.sha256, manifest: file.path }]);
    }
  }
  return items.map((item) => (item.content.type === 'manifest' ? item : bound(item, claims.get(item.file.path) ?? [])));
}

function bound(item: EvidenceItem, claims: readonly Claim[]): EvidenceItem {
  const [first] = claims;
  if (first === undefined) return item;
  const matching = claims.filter(({ sha256 }) => sha256 === item.file.sha256);
  if (matching.length === 0) {
    return unbound(item, 'changed-since-manifest', `it was changed after ${first.manifest} was written`);
  }
  const commits = new Set([...matching.map(({ commit }) => commit), ...(item.commit === null ? [] : [item.commit])]);
  if (commits.size > 1) {
    return unbound(item, 'binding-disagrees', `${[...commits].map((commit) => commit.slice(0, 12)).join(' and ')} are both named as its commit`);
  }
  if (item.file.binding === 'in-report') return item;
  return { ...item, commit: matching[0]?.commit ?? null, file: { ...item.file, binding: 'manifest' } };
}

function unbound(item: EvidenceItem, code: 'changed-since-manifest' | 'binding-disagrees', message: string): EvidenceItem {
  return { ...item, commit: null, file: { ...item.file, binding: 'none', problem: item.file.problem ?? { code, message } } };
}
