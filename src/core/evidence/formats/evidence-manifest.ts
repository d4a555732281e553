import { EvidenceManifest } from '../../model/evidence.ts';
import { OPAQUE, UnusableEvidence, type JsonFormat } from '../format.ts';
import { elements, has, member } from '../json.ts';

/** `evidence-manifest.json`, which CI writes beside its reports to say of which commit they are (FORMATS §2). */
export const evidenceManifest: JsonFormat = {
  syntax: 'json',
  kind: 'evidence-manifest',
  looksLike: (value, whole) => {
    if (!has(value, 'commit') || !Array.isArray(member(value, 'files'))) return false;
    return has(value, 'v') || (!whole && has(elements(member(value, 'files'))[0], 'path', 'sha256'));
  },
  read: (value) => {
    if (member(value, 'v') !== 1) throw new UnusableEvidence('unsupported-version', `manifest version ${JSON.stringify(member(value, 'v'))?.slice(0, 20) ?? ''} is not read; 1 is`);
    const parsed = EvidenceManifest.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new UnusableEvidence('malformed', `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'not a manifest'}`.replace(/^: /, ''));
    }
    const paths = new Set<string>();
    for (const { path } of parsed.data.files) {
      if (paths.has(path)) throw new UnusableEvidence('malformed', `it lists ${path.slice(0, 120)} twice`);
      paths.add(path);
    }
    return { ...OPAQUE, content: { type: 'manifest', manifest: parsed.data } };
  },
};
