import type { FolderFile, FolderVerification } from '../../src/core/contract/verify-calls.ts';
import { digest, NOW } from './preview-releases.ts';

const VERDICTS: readonly FolderFile['verdict'][] = ['good', 'signer-unknown', 'bad', 'uncovered'];
const PRINT = '0F1E2D3C4B5A69788D1B2C3E4F5A6B7C8D9E0F1A';

/** A folder that somebody gave, with something of everything that can be said of its files. */
export function folderVerification(folder: string, files: number): FolderVerification {
  return {
    folder, at: NOW, verdict: 'bad', keysNamed: true,
    files: Array.from({ length: files }, (_, index) => fileOf(index)),
    notSeen: [{ list: 'SHA256SUMS', name: 'ghostquant-v1.1.0-image.tar', sha256: digest('image') }],
    sboms: [{ path: 'sbom.cdx.json', kind: 'cyclonedx', version: '1.6', components: 214, valid: true, faults: [], about: { name: 'ghostquant', version: '1.1.0' }, aboutThisRelease: null }],
    manifests: [{ path: 'evidence-manifest.json', commit: digest('commit').slice(0, 40), listed: 8, same: 7, differing: [], missing: ['reports/zap.json'] }],
    archives: [{ path: 'archive', verdict: 'key-unknown', entries: 312, problems: [] }],
    proofs: [{ path: 'file-0.whl.tlog-proof', subject: 'file-0.whl', verdict: 'good', origin: 'countersign.invalid/console-7f3a', index: 2976, size: 3000, problem: null }],
    problems: [
      { code: 'bad', path: 'file-2.whl', message: 'file-2.whl: the signature is not over these bytes: the artifact or the signature was changed.' },
      { code: 'uncovered', path: 'file-3.whl', message: 'file-3.whl: nothing speaks of it.' },
    ],
  };
}

function fileOf(index: number): FolderFile {
  const verdict = VERDICTS[index % VERDICTS.length] ?? 'good';
  const signed = verdict !== 'uncovered';
  return {
    path: `file-${index}.whl`, sha256: digest(`file ${index}`), size: 1_048_576 + index, role: 'artifact', verdict, through: index % 5 === 1 ? 'SHA256SUMS' : null,
    signatures: signed ? [{
      fingerprint: PRINT, primary: PRINT, user: 'Release Signing Key <release@ghostquant.example>', algorithm: 'Ed25519', hash: 'SHA512', created: '2026-03-01T09:00:00Z', status: verdict === 'bad' ? 'bad' : 'good',
      why: null, file: `file-${index}.whl.asc`, when_made: verdict === 'bad' ? 'bad' : 'good', today: verdict === 'bad' ? 'bad' : 'good',
    }] : [],
    checksum: 'matches', problems: [],
  };
}
