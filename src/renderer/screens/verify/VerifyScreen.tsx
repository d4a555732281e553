import { useEffect, type ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { PathField } from '../../components/PathField.tsx';
import { ProgressPanel } from '../../components/Progress.tsx';
import { Screen, Section } from '../../components/Screen.tsx';
import { StatusBadge } from '../../components/StatusSign.tsx';
import { VerdictBadge, VerificationReport } from '../../components/VerificationReport.tsx';
import { addressOf } from '../../frame/routes.ts';
import { useTaskAt } from '../../frame/task-store.ts';
import { FolderReport } from './FolderReport.tsx';
import { useVerify, verify } from './verify-store.ts';
import styles from './verify.module.css';

/** Checks files that somebody gave against their signatures and checksums. */
export function VerifyScreen({ path: given }: { readonly path: string | null }): ReactElement {
  const { path, signature, keyring, signer, report, working, error, file, folder } = useVerify();
  const task = useTaskAt(addressOf.verify);
  useEffect(() => {
    if (given !== null) useVerify.setState({ path: given });
  }, [given]);
  return (
    <Screen title="Verify" narrow={folder === null} lead="A file or a release folder that somebody gave you: do its bytes fit its signature, and whose is it?">
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          void verify();
        }}
      >
        <PathField label="File or release folder" hint="Of a folder, everything is looked at: every file, its signatures and checksums, lists, bills of materials, manifests and archives. Nothing is written, and no key of yours is needed." choose="file" testId="verify-path" value={path} onChange={(value) => useVerify.setState({ path: value })} />
        <PathField label="Signature" hint="Left empty: the .asc beside the file." choose="file" testId="verify-signature" value={signature} onChange={(value) => useVerify.setState({ signature: value })} />
        <PathField label="Keyring" hint="Public keys of those whom you expect. Left empty: the keys that gpg knows, and nobody is taken for the signer." choose="file" testId="verify-keyring" value={keyring} onChange={(value) => useVerify.setState({ keyring: value })} />
        <div className={controls['field']}>
          <label className={controls['label']} htmlFor="expected-signer">Expected signer</label>
          <input id="expected-signer" data-testid="verify-signer" className={`${controls['input'] ?? ''} ${controls['path'] ?? ''}`} aria-describedby="expected-signer-about" spellCheck={false} autoComplete="off" value={signer} onChange={(event) => useVerify.setState({ signer: event.target.value })} />
          <p id="expected-signer-about" className={controls['hint']}>Whole fingerprint, as you heard it by another way. Several are separated by commas.</p>
        </div>
        <PathField label="Report" hint="A folder’s report is written to this file as Markdown. Left empty: it is only shown." choose="file" testId="verify-report" value={report} onChange={(value) => useVerify.setState({ report: value })} />
        <div><Button type="submit" kind="primary" disabled={working || path.trim() === ''} testId="verify-button">Verify the files</Button></div>
      </form>
      {task === null ? null : <ProgressPanel task={task} />}
      {error === null ? null : <ErrorPanel error={error} />}
      {folder === null ? null : <FolderReport report={folder} />}
      {file === null ? null : (
        <Section title="Report">
          <div role="status" data-testid="verify-result" className={styles['result']}>
            <div className={styles['head']}>
              <span className={styles['name']} title={file.path} dir="auto">{file.name}</span>
              {file.verification === null ? <StatusBadge status="broken">Not judged</StatusBadge> : <VerdictBadge verification={file.verification} />}
            </div>
            {file.verification === null ? null : <VerificationReport verification={file.verification} />}
            {file.error === null ? null : <ErrorPanel error={file.error} />}
          </div>
        </Section>
      )}
    </Screen>
  );
}
