import type { ReactElement } from 'react';
import type { KeptFork, LogState } from '../../../core/contract/contract.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import styles from './logs.module.css';

/** Logs whose history was rewritten: what to do, and what is kept of it. */
export function ForkStrip({ logs, forks }: { readonly logs: readonly LogState[]; readonly forks: readonly KeptFork[] }): ReactElement | null {
  const forked = logs.filter(({ state }) => state === 'quarantined');
  if (forked.length === 0) return null;
  return (
    <div className={styles['forks']}>
      {forked.map(({ origin, own, problem }) => (
        <div key={origin} className={styles['fork']} role="alert" data-status="broken" data-testid="fork">
          <StatusSign status="broken" />
          <div className={styles['words']}>
            <p><b>The log {origin} is quarantined.</b> {problem ?? 'Its history differs from what was seen before.'}</p>
            <p>{own
              ? 'This is the log of this console. Write nothing more with it until it is known whether its data folder was copied or put back; what others hold of it is right.'
              : 'Nothing of it is merged, and other logs go on. Ask whoever runs that console, by another way than this archive, which history is theirs; until they say, trust neither.'}</p>
            {forks.filter((fork) => fork.origin === origin).map((fork) => <Evidence key={`${fork.found}-${fork.source}`} fork={fork} />)}
          </div>
        </div>
      ))}
    </div>
  );
}

/** Two heads that one key signed: whoever has the key can see that no single history has both. */
function Evidence({ fork: { origin, found, source, seq, seen, other, proof } }: { readonly fork: KeptFork }): ReactElement {
  return (
    <details className={styles['evidence']}>
      <summary>The evidence, found <TimeText time={found} short /> in <bdi>{source}</bdi></summary>
      <div className={styles['evidenceBody']}>
        {seq === null ? null : <p>The first entry that differs is <a href={addressOf.entry(`${origin}#${seq}`)}>{origin}#{seq}</a>.</p>}
        <div className={styles['heads']}>
          <Head title="Signed, and seen first" text={seen} />
          <Head title="Signed as well, and shown later" text={other} />
        </div>
        {proof === null ? null : (
          <p className={styles['soft']}>
            Kept with it: the root of the longer history at {counted(proof.size, 'entry', 'entries')}, <code>{proof.root.slice(0, 12)}…</code>, and {proof.consistency.length === 0 ? 'nothing more, because the two heads are of one size' : `${counted(proof.consistency.length, 'hash', 'hashes')} that join it to its head`} (RFC 6962).{' '}
            <CopyButton text={JSON.stringify({ origin, seen, other, proof }, null, 2)} what="all of the evidence" label="Copy all of it" />
          </p>
        )}
      </div>
    </details>
  );
}

function Head({ title, text }: { readonly title: string; readonly text: string }): ReactElement {
  return (
    <section className={styles['headNote']} aria-label={title}>
      <h2>{title} <CopyButton text={text} what={`the head that was ${title.toLowerCase()}`} /></h2>
      <pre>{text}</pre>
    </section>
  );
}

/** Each log with its key, its last checkpoint, and who cosigned what of it. */
export function LogFacts({ logs }: { readonly logs: readonly LogState[] }): ReactElement | null {
  if (logs.length === 0) return null;
  const unseen = logs.filter(({ size, witnesses }) => size > 0 && witnesses.length === 0).length;
  return (
    <details className={styles['facts']} data-testid="logs">
      <summary>
        {counted(logs.length, 'log')}: keys, checkpoints, witnesses{unseen === 0 ? '' : `; ${unseen === 1 ? 'one was' : `${unseen} were`} seen by no other console`}
      </summary>
      <ul className={styles['logList']} aria-label="Logs">
        {logs.map(({ origin, own, size, root, vkey, checkpointTime, state, witnesses }) => (
          <li key={origin} className={styles['log']}>
            <p className={styles['logHead']}>
              <StatusSign status={state === 'quarantined' ? 'broken' : checkpointTime === null ? 'missing' : 'passed'} silent />
              <b className={styles['origin']}>{origin}</b>
              <CopyButton text={vkey} what={`the key that verifies ${origin}`} label="Copy its key" />
            </p>
            <p className={styles['soft']}>
              {own ? 'This console · ' : ''}{counted(size, 'entry', 'entries')} · {checkpointTime === null ? 'no checkpoint yet' : <>newest <TimeText time={checkpointTime} short /></>}
              {root === '' ? null : <> · root <code title={root}>{root.slice(0, 12)}…</code></>}
            </p>
            {witnesses.length === 0 ? size === 0 ? null : <p className={styles['soft']}>No other console cosigned it: sync the archive, or carry a request to a witness.</p> : (
              <ul className={styles['witnesses']}>
                {witnesses.map(({ witness, person, size: seen, time }) => <li key={witness}>{person === null ? <bdi>{witness}</bdi> : <>{person} at <bdi>{witness}</bdi></>} saw {seen === size ? 'all of it' : `${counted(seen, 'entry', 'entries')} of it`}, <TimeText time={time} short /></li>)}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
