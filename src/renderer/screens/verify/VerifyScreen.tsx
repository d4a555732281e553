import { useEffect, type ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { Empty } from '../../components/Empty.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { PathField } from '../../components/PathField.tsx';
import { ProgressPanel } from '../../components/Progress.tsx';
import { Screen, Section } from '../../components/Screen.tsx';
import { StatusBadge } from '../../components/StatusSign.tsx';
import { VerdictBadge, VerificationReport } from '../../components/VerificationReport.tsx';
import { addressOf } from '../../frame/routes.ts';
import { useTaskAt } from '../../frame/task-store.ts';
import { totalOf, useVerify, verify } from './verify-store.ts';
import styles from './verify.module.css';

/** Checks files that somebody gave against their signatures and checksums. */
export function VerifyScreen({ path: given }: { readonly path: string | null }): ReactElement {
  const { path, signature, keyring, signer, working, error, results } = useVerify();
  const task = useTaskAt(addressOf.verify);
  useEffect(() => {
    if (given !== null) useVerify.setState({ path: given });
  }, [given]);
  return (
    <Screen title="Verify" narrow lead="A file or a release folder that somebody gave you: do its bytes fit its signature, and whose is it?">
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          void verify();
        }}
      >
        <PathField label="File or release folder" hint="In a folder, every file with a signature beside it is verified." choose="file" testId="verify-path" value={path} onChange={(value) => useVerify.setState({ path: value })} />
        <PathField label="Signature" hint="Left empty: the .asc beside the file." choose="file" testId="verify-signature" value={signature} onChange={(value) => useVerify.setState({ signature: value })} />
        <PathField label="Keyring" hint="Public keys of those whom you expect. Left empty: the keys that gpg knows, and nobody is taken for the signer." choose="file" testId="verify-keyring" value={keyring} onChange={(value) => useVerify.setState({ keyring: value })} />
        <div className={controls['field']}>
          <label className={controls['label']} htmlFor="expected-signer">Expected signer</label>
          <input id="expected-signer" data-testid="verify-signer" className={`${controls['input'] ?? ''} ${controls['path'] ?? ''}`} aria-describedby="expected-signer-about" spellCheck={false} autoComplete="off" value={signer} onChange={(event) => useVerify.setState({ signer: event.target.value })} />
          <p id="expected-signer-about" className={controls['hint']}>Whole fingerprint, as you heard it by another way. Several are separated by commas.</p>
        </div>
        <div><Button type="submit" kind="primary" disabled={working || path.trim() === ''} testId="verify-button">Verify the files</Button></div>
      </form>
      {task === null ? null : <ProgressPanel task={task} />}
      {error === null ? null : <ErrorPanel error={error} />}
      {results === null ? null : (
        <Section title="Report" aside={results.length === 0 ? undefined : totalOf(results)}>
          {results.length === 0 && !working ? <Empty>The folder holds no file to verify.</Empty> : null}
          <div role="status" data-testid="verify-result">
          <ul className={styles['results']}>
            {results.map((result) => (
              <li key={result.path} className={styles['result']}>
                <div className={styles['head']}>
                  <span className={styles['name']} title={result.path} dir="auto">{result.name}</span>
                  {result.verification === null ? <StatusBadge status="broken">Not judged</StatusBadge> : <VerdictBadge verification={result.verification} />}
                </div>
                {result.verification === null ? null : <VerificationReport verification={result.verification} />}
                {result.error === null ? null : <ErrorPanel error={result.error} />}
              </li>
            ))}
          </ul>
          </div>
        </Section>
      )}
    </Screen>
  );
}
