import type { ReactElement } from 'react';
import type { Artifact } from '../../../core/model/release.ts';
import type { Status } from '../../../core/model/verdict.ts';
import { Empty } from '../../components/Empty.tsx';
import { Section } from '../../components/Screen.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { counted, sized } from '../../components/wording.ts';
import { WholeList } from './WholeList.tsx';
import styles from './approve.module.css';

const SIGNATURE: Readonly<Record<Artifact['signature'], readonly [Status, string]>> = {
  'good': ['passed', 'Signed'], 'bad': ['failed', 'Signature does not fit'], 'unknown-key': ['missing', 'Signed by a key not known here'], 'expired': ['stale', 'Signature expired'], 'revoked': ['failed', 'Key is revoked'], 'none': ['missing', 'Not signed'],
};

/** Every artifact with its digest whole: what is signed is over these very bytes. */
export function ArtifactsDecided({ artifacts, since }: { readonly artifacts: readonly Artifact[]; readonly since: string | null }): ReactElement {
  const total = artifacts.reduce((sum, { size }) => sum + size, 0);
  return (
    <Section title="Artifacts" aside={artifacts.length === 0 ? undefined : `${counted(artifacts.length, 'file')}, ${sized(total)}`}>
      {artifacts.length === 0 ? <Empty>The outputs hold no artifact. An approval is over artifacts: name the folder with what was built.</Empty> : (
        <WholeList items={artifacts} what="artifacts">{(artifact) => <ArtifactRow key={artifact.path} artifact={artifact} since={since} />}</WholeList>
      )}
    </Section>
  );
}

function ArtifactRow({ artifact: { path, size, sha256, signature, signer, coveredBy, changed }, since }: { readonly artifact: Artifact; readonly since: string | null }): ReactElement {
  const [status, words] = SIGNATURE[signature];
  const before = since ?? 'the last release';
  return (
    <li className={styles['artifact']}>
      <span className={styles['artifactHead']}><span className={styles['path']} dir="auto">{path}</span><span className={styles['side']}>{sized(size)}</span></span>
      <code className={styles['whole']}>{sha256}</code>
      <span className={styles['facts']}>
        <span className={styles['fact']}><StatusSign status={status} silent /><bdi>{words}{signer === null ? '' : ` by ${signer}`}</bdi></span>
        <span className={styles['fact']}>{coveredBy.length === 0 ? 'In no SBOM' : <bdi>In {coveredBy.join(', ')}</bdi>}</span>
        <span className={styles['fact']}>{{ new: `New since ${before}`, changed: `Changed since ${before}`, same: `The same as in ${before}`, unknown: 'Nothing recorded to compare it with' }[changed]}</span>
      </span>
    </li>
  );
}
