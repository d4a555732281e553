import type { ReactElement } from 'react';
import type { Artifact } from '../../../core/model/release.ts';
import { Button } from '../../components/Button.tsx';
import { Digest } from '../../components/Digest.tsx';
import { VirtualTable } from '../../components/VirtualTable.tsx';
import { sized } from '../../components/wording.ts';
import { BasisMark } from './RestsOn.tsx';
import styles from './signing.module.css';

interface Unseen {
  readonly name: string;
  readonly sha256: string;
}

/** What will be signed: the files that are here, and those that are covered by their digests alone. */
export function FileTable({ artifacts, unseen, disabled, onUncover }: { readonly artifacts: readonly Artifact[]; readonly unseen: readonly Unseen[]; readonly disabled: boolean; readonly onUncover: (name: string) => void }): ReactElement {
  return (
    <VirtualTable
      label="Files to sign"
      visible={8}
      count={artifacts.length + unseen.length}
      columns={[
        { name: 'Name', width: 'minmax(180px, 4fr)' },
        { name: 'Size', width: '96px', align: 'end' },
        { name: 'SHA-256', width: '184px' },
        { name: 'Digest', width: '160px' },
        { name: 'Since the last', width: 'minmax(112px, 1fr)' },
      ]}
      rowAt={(index) => {
        const artifact = artifacts[index];
        const far = unseen[index - artifacts.length];
        if (artifact === undefined) {
          return far === undefined ? null : {
            key: `unseen ${far.name}`,
            cells: [
              <span key="name" className={styles['mono']} dir="auto">{far.name}</span>, 'not here', <Digest key="digest" value={far.sha256} what={`SHA-256 of ${far.name}`} />,
              'artifact not seen', <Button key="act" kind="quiet" disabled={disabled} onClick={() => onUncover(far.name)}>Leave out</Button>,
            ],
          };
        }
        const { path, name, size, sha256, changed } = artifact;
        return {
          key: path,
          cells: [
            <span key="name" className={styles['mono']} title={path} dir="auto">{name}</span>,
            sized(size),
            <Digest key="digest" value={sha256} what={`SHA-256 of ${name}`} />,
            <BasisMark key="basis" basis="recomputed" />,
            changed === 'unknown' ? 'not known' : changed,
          ],
        };
      }}
    />
  );
}
