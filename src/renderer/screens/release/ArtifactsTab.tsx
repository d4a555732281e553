import { CloudUpload, FileSignature } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import type { Assessment } from '../../../core/contract/contract.ts';
import type { AppError } from '../../../core/model/errors.ts';
import type { Artifact } from '../../../core/model/release.ts';
import type { Status } from '../../../core/model/verdict.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { Cut } from '../../components/Cut.tsx';
import { Digest } from '../../components/Digest.tsx';
import { Empty } from '../../components/Empty.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { usePathDrop } from '../../components/PathField.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { VirtualTable } from '../../components/VirtualTable.tsx';
import { counted, sized } from '../../components/wording.ts';
import { shownError } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { addOutputs, changeRelease, selectedArtifacts, type OpenRelease } from './release-store.ts';
import { StoreArtifacts } from './StoreArtifacts.tsx';
import styles from './release.module.css';

type Said = { readonly status: Status; readonly words: string };

const SIGNATURE: Readonly<Record<Artifact['signature'], Said>> = {
  good: { status: 'passed', words: 'Good' },
  bad: { status: 'failed', words: 'Does not fit the file' },
  'unknown-key': { status: 'missing', words: 'Key is not known here' },
  expired: { status: 'stale', words: 'Expired' },
  revoked: { status: 'failed', words: 'Key is revoked' },
  none: { status: 'missing', words: 'Not signed' },
};
const CHECKSUM: Readonly<Record<Artifact['checksum'], Said>> = {
  matches: { status: 'passed', words: 'Matches' },
  differs: { status: 'failed', words: 'Differs' },
  none: { status: 'missing', words: 'None' },
};
const CHANGED: Readonly<Record<Artifact['changed'], string>> = { new: 'New', changed: 'Changed', same: 'Same', unknown: 'Not known' };

/** The files that are to be released, and which of them to sign. */
export function ArtifactsTab({ id, release, assessment }: { readonly id: string; readonly release: OpenRelease; readonly assessment: Assessment }): ReactElement {
  const { artifacts } = assessment;
  const { unselected } = release;
  const selected = selectedArtifacts(release);
  const [error, setError] = useState<AppError | null>(null);
  const [storing, setStoring] = useState(false);
  const drop = usePathDrop((paths) => {
    setError(null);
    addOutputs(id, paths).catch((cause: unknown) => setError(shownError(cause)));
  });
  const toggle = (path: string): void => {
    const next = new Set(unselected);
    if (!next.delete(path)) next.add(path);
    changeRelease(id, { unselected: next });
  };
  const toggleAll = (): void => changeRelease(id, { unselected: selected.length === artifacts.length ? new Set(artifacts.map(({ path }) => path)) : new Set() });

  return (
    <div className={styles['artifacts']} data-dropping={drop.over} {...drop.handlers}>
      <div className={styles['artifactsHead']}>
        <p className={styles['soft']}>
          {counted(artifacts.length, 'file')}, {sized(artifacts.reduce((sum, { size }) => sum + size, 0))}. Drop a folder here to look through it too.
        </p>
        <div className={styles['artifactsActs']}>
          {artifacts.length === 0 ? null : <Button aria-expanded={storing} testId="open-store" onClick={() => setStoring(!storing)}><CloudUpload aria-hidden="true" />Store the artifacts</Button>}
          {selected.length === 0 ? null : (
            <ButtonLink href={addressOf.sign(id)} kind="primary" testId="open-signing"><FileSignature aria-hidden="true" />Sign {counted(selected.length, 'file')}</ButtonLink>
          )}
        </div>
      </div>
      {error === null ? null : <ErrorPanel error={error} />}
      {storing ? <StoreArtifacts id={id} assessment={assessment} /> : null}
      {artifacts.length === 0 ? <Empty>The outputs hold no artifact. Name the folder with what was built, or drop it here.</Empty> : (
        <VirtualTable
          label="Artifacts"
          visible="fill"
          count={artifacts.length}
          columns={[
            {
              name: 'Selected', width: '20px',
              head: <input type="checkbox" className={styles['check']} aria-label="Select every file" checked={selected.length === artifacts.length} ref={(box) => { if (box !== null) box.indeterminate = selected.length > 0 && selected.length < artifacts.length; }} onChange={toggleAll} />,
            },
            { name: 'Name', width: 'minmax(180px, 3fr)' },
            { name: 'Size', width: '88px', align: 'end' },
            { name: 'SHA-256', width: '184px' },
            { name: 'Signature', width: 'minmax(120px, 1fr)' },
            { name: 'Checksum', width: '104px' },
            { name: 'Since the last', width: '96px' },
            { name: 'Covered by', width: 'minmax(80px, 1fr)' },
          ]}
          rowAt={(index) => {
            const artifact = artifacts[index];
            if (artifact === undefined) return null;
            const { path, name, size, sha256, signature, checksum, changed, signer, coveredBy } = artifact;
            return {
              key: path,
              testId: `artifact-${name}`,
              cells: [
                <input key="box" type="checkbox" className={styles['check']} aria-label={`Select ${name}`} checked={!unselected.has(path)} onChange={() => toggle(path)} />,
                <span key="name" className={styles['mono']} title={path} dir="auto">{name}</span>,
                sized(size),
                <Digest key="digest" value={sha256} what={`SHA-256 of ${name}`} />,
                <Verdict key="signature" said={SIGNATURE[signature]} title={signer === null ? SIGNATURE[signature].words : `${SIGNATURE[signature].words}: ${signer}`} />,
                <Verdict key="checksum" said={CHECKSUM[checksum]} title={CHECKSUM[checksum].words} />,
                CHANGED[changed],
                <Cut key="covered">{coveredBy.length === 0 ? 'Nothing' : coveredBy.join(', ')}</Cut>,
              ],
            };
          }}
        />
      )}
    </div>
  );
}

function Verdict({ said, title }: { readonly said: Said; readonly title: string }): ReactElement {
  return <span className={styles['bound']} title={title}><StatusSign status={said.status} silent /><Cut>{said.words}</Cut></span>;
}
