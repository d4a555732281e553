import { useState, type ReactElement } from 'react';
import type { EmergencyDetail } from '../../../core/contract/emergency-calls.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { Section } from '../../components/Screen.tsx';
import { StatusBadge, StatusSign } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted, listed } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { useSeat } from '../../frame/seat-store.ts';
import { useEmergencyTime } from './emergency-store.ts';
import { countdown } from './emergency-words.ts';
import { asksOf, owedInOrder, placeOfOwed } from './step-words.ts';
import styles from './parts.module.css';

/** So many are drawn until the others are asked for. */
const DRAWN = 4;

/** What is owed in this emergency, what is over first; and what asks whoever sits here, with the way to it. */
export function OwedPart({ detail }: { readonly detail: EmergencyDetail }): ReactElement | null {
  const [all, setAll] = useState(false);
  const now = useEmergencyTime();
  const seat = useSeat((state) => state.seat);
  const owed = owedInOrder(detail.owed);
  const asks = asksOf(detail, seat?.person.id ?? null);
  if (owed.length === 0 && asks.length === 0) return null;
  const over = owed.filter(({ overdue }) => overdue).length;
  return (
    <Section title="What is owed" aside={over === 0 ? undefined : counted(over, 'is overdue', 'are overdue')}>
      {asks.map(({ kind, verbal, words }) => (
        <div key={`${kind} ${verbal}`} className={styles['asks']} data-testid={`asks-${kind}`}>
          <StatusBadge status="needs-person">Asks you</StatusBadge>
          <p>{words}</p>
          <ButtonLink href={kind === 'ratify' ? addressOf.ratify(detail.emergency.record, verbal) : addressOf.witness(detail.emergency.record, verbal)} kind="primary">{kind === 'ratify' ? 'Ratify or dispute it' : 'Say whether you heard it'}</ButtonLink>
        </div>
      ))}
      {owed.length === 0 ? null : (
        <ul className={styles['rows']} data-testid="owed">
          {(all ? owed : owed.slice(0, DRAWN)).map(({ id, words, due, overdue, roles, people }) => {
            const place = placeOfOwed(id);
            const left = due === null ? null : Math.floor((Date.parse(due) - now) / 1_000);
            return (
              <li key={id} className={styles['row']}>
                <StatusSign status={overdue ? 'failed' : 'stale'} silent />
                <div className={styles['rowWords']}><span className="unseen">{overdue ? 'Overdue: ' : 'Owed: '}</span><span dir="auto">{words}</span>{roles.length + people.length === 0 ? null : <span className={styles['soft']}> {listed([...people, ...roles])}</span>}{place === null ? null : <> <a href={place.part === 'post-mortem' ? addressOf.postMortem(detail.emergency.record) : addressOf.emergency(detail.emergency.record, place.part)}>{place.words}</a></>}</div>
                <p className={styles['rowWhen']}>{left === null || due === null ? 'No deadline' : <><b>{countdown(left)} {left < 0 ? 'over' : 'left'}</b> <span className={styles['soft']}><TimeText time={due} short /></span></>}</p>
              </li>
            );
          })}
        </ul>
      )}
      {owed.length > DRAWN ? <p><Button kind="quiet" aria-expanded={all} onClick={() => setAll(!all)}>{all ? 'Show fewer' : `Show all ${owed.length}`}</Button></p> : null}
    </Section>
  );
}
