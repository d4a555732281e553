import type { ReactElement } from 'react';
import { keyId } from '../../components/wording.ts';
import type { HeldKey } from './keys-store.ts';
import styles from './keys.module.css';

const MONTHS = 12;
const DAYS = 365;

/** Due dates on a line of time: today at its left end, a year at its right. */
export function DueLine({ keys }: { readonly keys: readonly HeldKey[] }): ReactElement {
  const due = keys.flatMap(({ fingerprint, users, rotation, unusable }) => (rotation === null || unusable !== null ? [] : [{ fingerprint, name: users[0] ?? keyId(fingerprint), rotation }]));
  if (due.length === 0) return <p className={styles['soft']}>No key that can sign is here, so none is due.</p>;
  const sorted = [...due].sort((a, b) => a.rotation.daysLeft - b.rotation.daysLeft);
  return (
    <div className={styles['due']}>
      <div className={styles['axis']} aria-hidden="true">
        {Array.from({ length: MONTHS + 1 }, (_, month) => <span key={month} className={styles['month']} style={{ left: `${(month / MONTHS) * 100}%` }}>{month === 0 ? 'today' : month % 3 === 0 ? `${month} months` : ''}</span>)}
        {sorted.map(({ fingerprint, rotation }) => <span key={fingerprint} className={styles['mark']} data-state={rotation.state} style={{ left: `${Math.min(100, Math.max(0, (rotation.daysLeft / DAYS) * 100))}%` }} />)}
      </div>
      <ul className={styles['dueList']} data-testid="due">
        {sorted.map(({ fingerprint, name, rotation }) => (
          <li key={fingerprint} data-state={rotation.state}>
            <span className={styles['swatch']} data-state={rotation.state} aria-hidden="true" />
            <bdi>{name}</bdi> <span className={styles['soft']}>{dueWords(rotation)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function dueWords({ due, daysLeft, state }: NonNullable<HeldKey['rotation']>): string {
  const day = due.slice(0, 10);
  const days = `${Math.abs(daysLeft).toLocaleString('en-GB')} ${Math.abs(daysLeft) === 1 ? 'day' : 'days'}`;
  if (state === 'overdue') return `was due ${day}, ${days} ago: rotate it now`;
  return state === 'soon' ? `is due ${day}, in ${days}: prepare its successor` : `is due ${day}, in ${days}`;
}
