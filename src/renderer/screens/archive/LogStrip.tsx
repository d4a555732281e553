import type { ReactElement } from 'react';
import type { LogState } from '../../../core/contract/contract.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted } from '../../components/wording.ts';
import styles from './archive.module.css';

/** The logs: those that were rewritten on top with what to do, then each with its last checkpoint. */
export function LogStrip({ logs, onlyForked }: { readonly logs: readonly LogState[]; readonly onlyForked: boolean }): ReactElement | null {
  const forked = logs.filter(({ state }) => state === 'quarantined');
  if (logs.length === 0 || (onlyForked && forked.length === 0)) return null;
  return (
    <div className={styles['logs']}>
      {forked.map(({ origin, problem }) => (
        <div key={origin} className={styles['fork']} role="alert" data-status="broken">
          <StatusSign status="broken" />
          <p>
            <b>The log {origin} was rewritten and is quarantined.</b> {problem ?? 'Its history differs from what was seen before. Nothing of it was merged.'} The evidence is kept. Ask whoever runs that console which history is theirs; until they say, trust neither.
          </p>
        </div>
      ))}
      {onlyForked ? null : <ul className={styles['logList']} aria-label="Logs">
        {logs.map(({ origin, own, size, root, vkey, checkpointTime, state, witnesses }) => (
          <li key={origin} className={styles['log']}>
            <StatusSign status={state === 'quarantined' ? 'broken' : checkpointTime === null ? 'missing' : 'passed'} silent />
            <span className={styles['logName']} title={origin}>{origin}</span>
            <span className={styles['logFacts']}>
              {own ? 'this console · ' : ''}{counted(size, 'entry', 'entries')} · {checkpointTime === null ? 'no checkpoint yet' : <>checkpoint <TimeText time={checkpointTime} short /></>}
              {root === '' ? null : <> · root <code title={root}>{root.slice(0, 8)}…</code></>}
              {witnesses.length === 0 ? size === 0 ? null : ' · seen by nobody else' : ` · seen by ${counted(witnesses.length, 'other console')}, last to entry ${Math.max(...witnesses.map((one) => one.size)) - 1}`}
            </span>
            <CopyButton text={vkey} what={`the key that verifies ${origin}`} />
          </li>
        ))}
      </ul>}
    </div>
  );
}
