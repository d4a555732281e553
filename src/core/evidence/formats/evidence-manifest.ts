import { EvidenceManifest } from '../../model/evidence.ts';
import { OPAQUE, UnusableEvidence, type JsonFormat } from '../format.ts';

/** `evidence-manifest.json`, which CI writes beside its reports to say of which commit they are (FORMATS §2). */
export const evidenceManifest: JsonFormat = {
  kind: 'evidence-manifest',
  looksLike: ({ root, keys }) => root === 'object' && keys.has('v') && keys.has('commit') && keys.has('files') && keys.has('run'),
  read: (value) => {
    const parsed = EvidenceManifest.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new UnusableEvidence('malformed', `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'not a manifest'}`);
    }
    const paths = parsed.data.files.map(({ path }) => path);
    if (new Set(paths).size !== paths.length) throw new UnusableEvidence('malformed', 'a file is listed twice');
    return { ...OPAQUE, content: { type: 'manifest', manifest: parsed.data } };
  },
};
