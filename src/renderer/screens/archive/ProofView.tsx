import { useEffect, useState, type ReactElement } from 'react';
import type { ProofPath } from '../../../core/contract/contract.ts';
import { Button } from '../../components/Button.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { PathText } from '../../components/Cut.tsx';
import { Digest } from '../../components/Digest.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { PathField } from '../../components/PathField.tsx';
import { StatusBadge } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted, numbered } from '../../components/wording.ts';
import { client, shownError } from '../../core-client.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { showPath, useArchive } from './archive-store.ts';
import { ProofDrawing } from './ProofDrawing.tsx';
import archive from './archive.module.css';
import styles from './proof.module.css';

/** That an entry stands in its log: the way from its leaf to the root that was signed, and who saw that root. */
export function ProofView({ id }: { readonly id: string }): ReactElement | null {
  const { path, pathError } = useArchive();
  useEffect(() => {
    void showPath(id);
  }, [id]);
  if (pathError !== null) return <ErrorPanel error={pathError} onRetry={() => void showPath(id)} />;
  if (path === null || path.id !== id) return null;
  return <Proof path={path} />;
}

function Proof({ path }: { readonly path: ProofPath }): ReactElement {
  const { id, origin, size, root, holds, witnesses, proof, vkey, checkpoint } = path;
  const [writing, setWriting] = useState(false);
  return (
    <section className={styles['proof']} aria-label="Proof" data-testid="proof">
      <p>
        <StatusBadge status={holds ? 'passed' : 'failed'}>{holds ? 'Proved' : 'Does not hold'}</StatusBadge>{' '}
        {holds
          ? <>This entry stands in <bdi>{origin}</bdi> as of {counted(size, 'entry', 'entries')}, under the root that the key of the log signed.</>
          : <>What the path comes to is not the root that the key of <bdi>{origin}</bdi> signed. Verify everything to see what is damaged.</>}
      </p>
      <div className={styles['acts']}>
        <CopyButton text={proof} what="the proof" label="Copy proof" />
        <CopyButton text={vkey} what={`the key that verifies ${origin}`} label="Copy the key of the log" />
        <Button kind="quiet" aria-expanded={writing} testId="write-proof" onClick={() => setWriting(!writing)}>Write proof…</Button>
      </div>
      {writing ? <WriteProof id={id} /> : null}
      <div className={styles['scroll']}><ProofDrawing path={path} /></div>
      <dl className={archive['pairs']}>
        <dt>Root</dt><dd><Digest value={root} what="root" /></dd>
        <dt>Seen by</dt>
        <dd>
          {witnesses.length === 0 ? <span className={archive['soft']}>Nobody else cosigned this checkpoint yet.</span> : witnesses.map(({ witness, person, time }) => (
            <span key={witness} className={archive['ref']}>{person === null ? <bdi>{witness}</bdi> : <>{person} at <bdi>{witness}</bdi></>}, not later than <TimeText time={time} short /></span>
          ))}
        </dd>
      </dl>
      <details className={styles['more']}>
        <summary>The path in words</summary>
        <Steps path={path} />
      </details>
      <details className={styles['more']}>
        <summary>The signed checkpoint</summary>
        <pre className={archive['canonical']}>{checkpoint}</pre>
      </details>
    </section>
  );
}

function Steps({ path: { leaf, steps } }: { readonly path: ProofPath }): ReactElement {
  return (
    <ol className={styles['steps']}>
      <li>The leaf is <Digest value={leaf} what="leaf" /></li>
      {steps.map(({ sibling, side, first, last, parent }) => (
        <li key={parent}>
          With <Digest value={sibling} what={`the hash over entries ${first} to ${last}`} /> on its {side}, over {first === last ? `entry ${numbered(first)}` : `entries ${numbered(first)} to ${numbered(last)}`}, it comes to <Digest value={parent} what="what both come to" />
        </li>
      ))}
    </ol>
  );
}

/** Writes the pair that somebody without this program checks. */
function WriteProof({ id }: { readonly id: string }): ReactElement {
  const [out, setOut] = useState('');
  const [end, setEnd] = useState<{ readonly written: readonly string[] } | { readonly error: AppError } | null>(null);
  const write = (): void => {
    client.call('archive.prove', { id, out: out.trim(), beside: null }).then(setEnd, (cause: unknown) => setEnd({ error: shownError(cause) }));
  };
  return (
    <form
      className={archive['panel']}
      aria-label="Write the proof"
      onSubmit={(event) => {
        event.preventDefault();
        write();
      }}
    >
      <PathField label="Write into" hint="A folder. Two files are written: NAME.tlog-proof, and NAME.entry.json with the exact bytes; the key goes to whoever checks them by another way." choose="folder" testId="proof-path" value={out} onChange={setOut} />
      <div className={archive['panelActs']}><Button type="submit" kind="primary" disabled={out.trim() === ''} testId="write-proof-button">Write the proof</Button></div>
      {end === null ? null : 'error' in end ? <ErrorPanel error={end.error} /> : <div role="status" data-testid="proof-written"><StatusBadge status="passed">Written</StatusBadge>{end.written.map((path) => <p key={path}><PathText path={path} /></p>)}</div>}
    </form>
  );
}
