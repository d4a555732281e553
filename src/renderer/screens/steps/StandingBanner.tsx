import type { ReactElement } from 'react';
import type { ReleaseShown } from '../../../core/contract/plan-calls.ts';
import { TimeText } from '../../components/TimeText.tsx';
import { capital } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import styles from './steps.module.css';

/** That a release does not go on stands over every tab: by whom, since when, and why. */
export function StandingBanner({ id, standing }: { readonly id: string; readonly standing: ReleaseShown['standing'] }): ReactElement | null {
  const { state, by, at, reason, record, supersededBy } = standing;
  if (state === 'running') return null;
  return (
    <p className={styles['banner']} data-state={state} role="status" data-testid="standing">
      <b>{capital(state)}</b>{supersededBy === null ? '' : <> by <bdi>{supersededBy}</bdi></>}, signed by <bdi>{by}</bdi>{at === null ? null : <> <TimeText time={at} /></>}. <span className={styles['reason']} title={reason ?? ''} dir="auto">{reason}</span>
      {record === null ? null : <> <a href={addressOf.entry(record)}>On record</a></>}
      {state === 'suspended' ? <> · <a href={addressOf.release(id, 'overview')}>Resume it</a></> : null}
    </p>
  );
}
