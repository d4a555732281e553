import type { ReactElement } from 'react';
import type { ActView } from '../../../core/contract/approval-calls.ts';
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

/** That it was taken back stands there too, because nothing else matters then. */
export function WithdrawnBanner({ acts, may, version }: { readonly acts: readonly ActView[]; readonly may: readonly string[]; readonly version: string }): ReactElement | null {
  const by = acts.find(({ event_type: type, standing, roles, about }) => type === 'withdrawal' && standing === 'counts' && roles.includes(about) && may.includes(about));
  if (by === undefined) return null;
  return (
    <p className={styles['banner']} data-state="withdrawn" role="status" data-testid="withdrawn">
      <b>Withdrawn</b>, signed by <bdi>{by.person ?? by.by}</bdi> <TimeText time={by.claimed} />. <span className={styles['reason']} title={by.words} dir="auto">{by.words}</span> <a href={addressOf.entry(by.record)}>On record</a>. The gate of {version} is closed for good; release what mends it under another version.
    </p>
  );
}
