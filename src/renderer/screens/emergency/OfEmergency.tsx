import type { ReactElement } from 'react';
import { ButtonLink } from '../../components/Button.tsx';
import { addressOf } from '../../frame/routes.ts';
import { useEmergencies } from './emergency-store.ts';
import styles from './emergency.module.css';

/** What a release is judged by while it mends an emergency, with the way back to the steps of that (policy §10.2). */
export function OfEmergency({ release }: { readonly release: string }): ReactElement | null {
  const one = useEmergencies(({ emergencies }) => emergencies.find((emergency) => emergency.release === release && emergency.by !== null && emergency.mergedInto === null && emergency.closed === null) ?? null);
  return one === null ? null : (
    <div className={styles['acts']} data-testid="of-emergency">
      <ButtonLink href={addressOf.emergency(one.record)}>Back to the emergency</ButtonLink>
      <span className={styles['soft']}>It mends <bdi>{one.id}</bdi>: lines that this skips are owed. Each run stands among the steps there.</span>
    </div>
  );
}
