import { useState, type ReactElement } from 'react';
import type { EmergencyDetail } from '../../../core/contract/emergency-calls.ts';
import { Button } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { StatusBadge } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { WordsAct } from './ActForms.tsx';
import styles from './steps.module.css';

const SIGNS = { open: 'missing', overdue: 'failed', closed: 'passed' } as const;
const WORDS = { open: 'Open', overdue: 'Overdue', closed: 'Closed' } as const;

/** What the post-mortem asks for: who does what until when, and what came of it (policy §10.2, step 7). */
export function ActionsList({ detail }: { readonly detail: EmergencyDetail }): ReactElement {
  const [closing, setClosing] = useState<number | null>(null);
  const actions = detail.postMortem?.actions ?? [];
  if (actions.length === 0) return <Empty>{detail.postMortem === null ? 'Actions come with the post-mortem.' : 'The post-mortem asks for no action.'}</Empty>;
  return (
    <ul className={styles['items']} data-testid="actions">
      {actions.map(({ number, what, who, until, state, closedBy, words }) => (
        <li key={number} className={styles['action']} data-state={state}>
          <StatusBadge status={SIGNS[state]}>{WORDS[state]}</StatusBadge>
          <div className={styles['itemBody']}>
            <p className={styles['itemWords']} dir="auto">{what}</p>
            <p className={styles['soft']}><bdi>{who}</bdi>, until <TimeText time={until} />{closedBy === null ? null : <>; closed by <bdi>{closedBy}</bdi>: <span dir="auto">{words}</span></>}</p>
          </div>
          {state === 'closed' || closing === number ? null : <Button onClick={() => setClosing(number)} testId={`close-action-${number}`}>Close it</Button>}
          {closing === number ? (
            <div className={styles['itemForm']}>
              <WordsAct
                detail={detail} roles={[]} name={`action-${number}`} label={`Close action ${number}`} verb="Sign that it is done" ask="What was done" done={{ kind: 'action-closed', action: number }}
                after="Afterwards it is closed, by your signature. That is for whoever it is given to, or for somebody who may declare." onDone={() => setClosing(null)} onClose={() => setClosing(null)}
              />
            </div>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
