import type { ReactElement } from 'react';
import { StatusBadge } from '../../components/StatusSign.tsx';
import { addressOf } from '../../frame/routes.ts';
import styles from './emergency.module.css';
import { useEmergencies, useEmergencyTime } from './emergency-store.ts';
import { unratifiedWords } from './step-words.ts';

/** Worn by a release wherever it is shown, as long as somebody's word for it is not made good by signature (FORMATS §7). */
export function UnratifiedBadge({ release }: { readonly release: string }): ReactElement | null {
  const one = useEmergencies(({ emergencies }) => emergencies.find((emergency) => emergency.release === release && emergency.unratified !== null) ?? null);
  return one?.unratified == null ? null : <Badge record={one.record} unratified={one.unratified} />;
}

function Badge({ record, unratified }: { readonly record: string; readonly unratified: { readonly count: number; readonly due: string; readonly overdue: boolean } }): ReactElement {
  const now = useEmergencyTime();
  const over = unratified.overdue || now > Date.parse(unratified.due);
  return <a className={styles['unratified']} href={addressOf.emergency(record, 'calls')} data-testid="unratified"><StatusBadge status={over ? 'failed' : 'stale'}>{unratifiedWords(unratified, now)}</StatusBadge></a>;
}
