import { useId, type ReactElement } from 'react';
import type { Assessment } from '../../../core/contract/contract.ts';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { Digest } from '../../components/Digest.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { PathField } from '../../components/PathField.tsx';
import { ProgressPanel } from '../../components/Progress.tsx';
import { counted, sized } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { useTasks } from '../../frame/task-store.ts';
import { changeWhere, isBucket, storeArtifacts, useStoring } from './store-artifacts.ts';
import styles from './attest.module.css';

/** Uploads to the artifact repository and reads all of it back (policy §2 step 3, §5.1.3). */
export function StoreArtifacts({ id, assessment }: { readonly id: string; readonly assessment: Assessment }): ReactElement {
  const { where, working, error, stored } = useStoring(id);
  const task = useTasks(({ tasks }) => tasks.find(({ address, label }) => address === addressOf.release(id, 'artifacts') && label.startsWith('Storing')) ?? null);
  const first = assessment.draft.outputs[0];
  const usual = first === undefined ? '' : `${first.replace(/[/\\]+$/, '')}/read-back`;
  const readBack = where.readBack ?? usual;
  const ready = where.to.trim() !== '' && !working;
  return (
    <section className={styles['panel']} aria-label="Store the artifacts" data-testid="store-artifacts">
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void storeArtifacts(id, assessment, readBack.trim() === '' ? null : readBack.trim());
        }}
      >
        <p className={styles['soft']}>Artifacts, signatures, checksums and bills of materials go into a folder {assessment.report.release} of the repository. What lies there with the same bytes stays, other bytes are refused. Then everything is read back whole and compared.</p>
        <PathField label="Artifact repository" hint="A folder, or s3://BUCKET/PREFIX, which the aws tool of this machine reaches." choose="folder" value={where.to} onChange={(to) => changeWhere(id, { to })} testId="store-to" />
        {isBucket(where.to) ? (
          <div className={styles['details']}>
            <Word label="Profile of the aws tool, if any" value={where.profile} onChange={(profile) => changeWhere(id, { profile })} />
            <Word label="Endpoint, if not Amazon’s" value={where.endpoint} onChange={(endpoint) => changeWhere(id, { endpoint })} />
            <Word label="Region, if any" value={where.region} onChange={(region) => changeWhere(id, { region })} />
          </div>
        ) : null}
        <PathField label="Keep what is read back in" hint="The checklist looks in a folder “read-back” of the outputs. Left empty, it is compared and kept nowhere." choose="folder" value={readBack} onChange={(folder) => changeWhere(id, { readBack: folder })} testId="store-read-back" />
        {error === null ? null : <ErrorPanel error={error} />}
        {task === null ? null : <ProgressPanel task={task} />}
        <div className={styles['buttons']}><Button type="submit" kind="primary" disabled={!ready} testId="store-button">Upload and read back</Button></div>
      </form>
      {stored === null ? null : (
        <div role="status" data-testid="stored">
          <p className={styles['done']}>
            {counted(stored.files.length, 'file')} came back from {stored.place} byte for byte as {stored.files.length === 1 ? 'it is' : 'they are'} here, recorded as <a href={addressOf.entry(stored.record)}>{stored.record}</a>.
            {stored.guard === 'looked' ? ' The repository does not refuse to overwrite by itself; it was looked at just before.' : ''}
            {stored.kept === null ? '' : ` Kept in ${stored.kept.folder}.`}
          </p>
          <ul className={styles['stored']}>
            {stored.files.map(({ name, sha256, size, state }) => <li key={name}><span className={styles['path']} title={name}>{name}</span><Digest value={sha256} what={`SHA-256 of ${name}`} /><span className={styles['soft']}>{sized(size)}, {state === 'there' ? 'was there already' : 'uploaded'}</span></li>)}
          </ul>
        </div>
      )}
    </section>
  );
}

function Word({ label, value, onChange }: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void }): ReactElement {
  const id = useId();
  return (
    <div className={controls['field']}>
      <label className={controls['label']} htmlFor={id}>{label}</label>
      <input id={id} className={controls['input']} value={value} spellCheck={false} autoComplete="off" onChange={(event) => onChange(event.target.value)} />
    </div>
  );
}
