import { Siren } from 'lucide-react';
import type { ReactElement } from 'react';
import type { EmergencyShown, EmergencyTerms } from '../../core/contract/emergency-calls.ts';
import { counted } from '../components/wording.ts';
import { useEmergencies, useEmergencyTime, useFreshEmergencies } from '../screens/emergency/emergency-store.ts';
import { anyOf, clockWords, nextOf, runningOf, standingAt, STATE_WORDS, type NextAct } from '../screens/emergency/emergency-words.ts';
import styles from './emergency-band.module.css';
import { addressOf } from './routes.ts';

/** On top of every screen while an emergency runs: what is left, what it is, what comes next and whose that is. */
export function EmergencyBand(): ReactElement {
  const { emergencies, terms, nearest: whole } = useEmergencies();
  const running = runningOf(emergencies);
  useFreshEmergencies(running.length > 0);
  const [nearest] = running;
  const here = nearest === undefined || terms === null ? null : { emergency: nearest, terms, next: nextOf(nearest, terms, whole?.emergency.record === nearest.record ? whole : null) };
  return (
    <>
      {/* Said once when one begins, and when something else comes next; never as the clock counts. */}
      <p className="unseen" role="status">{here === null ? '' : `An emergency runs. ${here.next.words}.`}</p>
      {here === null ? null : <Band {...here} more={running.length - 1} />}
    </>
  );
}

function Band({ emergency, terms, next, more }: { readonly emergency: EmergencyShown; readonly terms: EmergencyTerms; readonly next: NextAct; readonly more: number }): ReactElement {
  const now = useEmergencyTime();
  const standing = standingAt(emergency, terms.atRiskPercent, now);
  return (
    <section className={styles['band']} aria-label="Emergency" data-state={standing.state} data-testid="emergency-band">
      <Siren className={styles['sign']} aria-hidden="true" />
      <p className={styles['clock']} role="timer" aria-live="off" data-testid="band-clock">{clockWords(standing, null)}</p>
      <p className={styles['state']}>{standing.state === 'running' ? 'Emergency' : `Emergency, ${STATE_WORDS[standing.state].toLowerCase()}`}</p>
      <p className={styles['words']} title={emergency.reason}>{emergency.criterion?.words ?? 'No criterion is named'}</p>
      <p className={styles['next']}>
        <a href={addressOf.emergency(emergency.record)} data-testid="band-next" title={next.words}>{next.words}</a>
        <span className={styles['whose']}>{anyOf(next.roles)}</span>
      </p>
      {more === 0 ? null : <a className={styles['others']} href={addressOf.emergencies} data-testid="band-more" title={`${counted(more, 'emergency runs', 'emergencies run')} beside this one`}>and {more} more</a>}
    </section>
  );
}
