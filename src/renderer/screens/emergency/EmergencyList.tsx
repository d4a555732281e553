import { useEffect, useRef, type ReactElement } from 'react';
import type { EmergencyShown, EmergencyTerms } from '../../../core/contract/emergency-calls.ts';
import { Cut } from '../../components/Cut.tsx';
import { StatusBadge } from '../../components/StatusSign.tsx';
import { addressOf } from '../../frame/routes.ts';
import styles from './emergency.module.css';
import { useEmergencyTime } from './emergency-store.ts';
import { badgeOf, clockWords, hasClock, standingAt } from './emergency-words.ts';

/** Every emergency in two lines: where it stands, and what it was. */
export function EmergencyList({ emergencies, open, terms }: { readonly emergencies: readonly EmergencyShown[]; readonly open: EmergencyShown | null; readonly terms: EmergencyTerms }): ReactElement {
  const now = useEmergencyTime();
  const list = useRef<HTMLElement>(null);
  const record = open?.record ?? null;
  useEffect(() => {
    // In a small window the list scrolls by itself.
    if (record !== null) list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [record]);
  return (
    <nav ref={list} className={styles['listed']} aria-label="Emergencies">
      <ul>
        {emergencies.map((one) => {
          const standing = standingAt(one, terms.atRiskPercent, now);
          const { status, words } = badgeOf(one, standing);
          return (
            <li key={one.record}>
              <a className={styles['one']} href={addressOf.emergency(one.record)} aria-current={one.record === open?.record ? 'true' : undefined} data-testid="emergency-line">
                <span className={styles['oneHead']}>
                  <StatusBadge status={status}>{words}</StatusBadge>
                  {!hasClock(one) ? null : <span className={styles['figures']}>{clockWords(standing, one.sla.met)}</span>}
                </span>
                <Cut className={styles['oneReason']}>{one.reason}</Cut>
                <span className={styles['soft']}><bdi>{one.id}</bdi></span>
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
