import type { ReactElement } from 'react';
import { StatusSign } from '../../components/StatusSign.tsx';
import { addressOf } from '../../frame/routes.ts';
import styles from './deployment.module.css';
import { lineName, whoCan } from './words.ts';

interface ShownLine {
  readonly id: string;
  readonly status: 'good' | 'bad' | 'unknown';
  readonly words: string;
  readonly who: string | null;
}

const SIGN = { good: 'passed', bad: 'failed', unknown: 'missing' } as const;

/** What a production deployment needs, line by line: what opens, what does not, and who can change that. */
export function AuthorityLines({ id, lines }: { readonly id: string; readonly lines: readonly { readonly id: string; readonly good: boolean; readonly words: string; readonly who: string | null }[] }): ReactElement {
  return <Lines label="Authority, line by line" lines={lines.map(({ good, ...line }) => ({ ...line, status: good ? 'good' : 'bad' }))} placeOf={(line) => placeOf(id, line)} />;
}

/** Lines that each are good or not, with who can mend them. */
export function Lines({ label, lines, placeOf: place = () => null }: { readonly label: string; readonly lines: readonly ShownLine[]; readonly placeOf?: (line: string) => { readonly address: string; readonly words: string } | null }): ReactElement {
  return (
    <ul className={styles['lines']} aria-label={label}>
      {lines.map((line) => {
        const mends = line.status === 'good' ? null : place(line.id);
        return (
          <li key={line.id} className={styles['line']} data-status={SIGN[line.status]} data-testid={`line-${line.id}`}>
            <StatusSign status={SIGN[line.status]} />
            <span className={styles['lineName']}>{lineName(line.id)}</span>
            <span className={styles['lineWords']} dir="auto">
              {line.words}
              {line.who === null || whoCan(line.who) === '' ? null : <span className={styles['soft']} dir="auto"> Can change it: {whoCan(line.who)}.</span>}
              {mends === null ? null : <> <a href={mends.address}>{mends.words}</a></>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function placeOf(id: string, line: string): { readonly address: string; readonly words: string } | null {
  switch (line) {
    case 'gate': return { address: addressOf.release(id, 'checklist'), words: 'See what closes it' };
    case 'approvals':
    case 'not-alone': return { address: addressOf.release(id, 'approvals'), words: 'See the approvals' };
    case 'plan':
    case 'window':
    case 'standing': return { address: addressOf.release(id, 'plan'), words: 'See the plan' };
    case 'artifacts': return { address: addressOf.release(id, 'artifacts'), words: 'See the artifacts' };
    default: return null;
  }
}
