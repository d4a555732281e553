import type { ReactElement } from 'react';
import type { EmergencyShown, EmergencyTerms } from '../../../core/contract/emergency-calls.ts';
import { StatusBadge } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import styles from './emergency.module.css';
import { useEmergencyTime } from './emergency-store.ts';
import { badgeOf, clockWords, countdown, dueOf, hoursInWords, STATE_WORDS, standingAt, type Standing } from './emergency-words.ts';

/** The clock of one emergency: what is left in large figures, from when to when, and how its time burns down. */
export function Clock({ emergency, terms }: { readonly emergency: EmergencyShown; readonly terms: EmergencyTerms }): ReactElement {
  const now = useEmergencyTime();
  const { sla, severity } = emergency;
  const standing = standingAt(emergency, terms.atRiskPercent, now);
  const { status, words } = badgeOf(emergency, standing);
  const riskFrom = dueOf(sla.from, (sla.hours * terms.atRiskPercent) / 100);
  return (
    <div className={styles['clock']} data-state={standing.state} data-testid="clock">
      <div className={styles['clockHead']}>
        <p className={styles['large']} role="timer" aria-live="off" data-testid="time-left">{clockWords(standing, sla.met)}</p>
        <StatusBadge status={status}>{words}</StatusBadge>
      </div>
      <BurnDown standing={standing} atRiskPercent={terms.atRiskPercent} hours={sla.hours} met={sla.met} />
      <dl className={styles['times']}>
        <div><dt>Detected, counted from</dt><dd><TimeText time={sla.from} short /></dd></div>
        <div><dt>At risk from ({terms.atRiskPercent} % of the time)</dt><dd><TimeText time={riskFrom} short /></dd></div>
        <div><dt>{standing.state === 'breached' ? 'Breached since' : 'To be deployed by'}</dt><dd data-testid="due"><TimeText time={sla.due} short /></dd></div>
        {sla.met === null ? null : <div><dt>Deployed to production</dt><dd><TimeText time={sla.met} short /></dd></div>}
      </dl>
      <p className={styles['soft']}>{severity === 'unknown' ? `How bad it is was not decided yet, so the shortest clock runs: ${hoursInWords(sla.hours)}.` : `A ${severity} emergency runs ${hoursInWords(sla.hours)} (§10.3).`} The clock ends when a deployment of the version that mends it ended in production with smoke tests that passed.</p>
    </div>
  );
}

/** Its time as a bar: what is gone, from where on it is at risk, and its end. */
function BurnDown({ standing, atRiskPercent, hours, met }: { readonly standing: Standing; readonly atRiskPercent: number; readonly hours: number; readonly met: string | null }): ReactElement {
  const gone = Math.round(standing.share * hours * 3_600);
  const words = `${STATE_WORDS[standing.state]}: ${countdown(gone)} of ${hoursInWords(hours)} are gone${met === null ? '' : ', when it was deployed'}; at risk from ${countdown(Math.round((hours * 3_600 * atRiskPercent) / 100))} on.`;
  return (
    <div className={styles['burn']}>
      <div className={styles['track']} role="img" aria-label={words} title={words} data-testid="burn-down">
        <span className={styles['gone']} data-state={standing.state} style={{ width: `${standing.share * 100}%` }} />
        <span className={styles['risk']} style={{ left: `${atRiskPercent}%` }} />
      </div>
      <div className={styles['scale']} aria-hidden="true">
        <span>0 h</span>
        <span className={styles['scaleRisk']} style={{ left: `${atRiskPercent}%` }}>{Math.round(hours * atRiskPercent) / 100} h</span>
        <span>{hours} h</span>
      </div>
    </div>
  );
}
