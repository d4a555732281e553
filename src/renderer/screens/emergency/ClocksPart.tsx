import { useState, type ReactElement } from 'react';
import type { EmergencyClock, EmergencyDetail, EmergencyTerms } from '../../../core/contract/emergency-calls.ts';
import { Button } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Section } from '../../components/Screen.tsx';
import { StatusBadge } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { BreachForm, NoticeForm } from './ActForms.tsx';
import { BurnDown } from './BurnDown.tsx';
import styles from './clocks.module.css';
import { useEmergencyTime } from './emergency-store.ts';
import { anyOf } from './emergency-words.ts';
import { CLOCK_SIGNS, CLOCK_STATES, clockLeft, clockState, sourceWords } from './step-words.ts';

/** Every clock of one emergency in words, and the whole of it as a picture. */
export function ClocksPart({ detail, terms }: { readonly detail: EmergencyDetail; readonly terms: EmergencyTerms }): ReactElement {
  const time = useEmergencyTime();
  const { closed } = detail.emergency;
  const now = closed === null ? time : Date.parse(closed.at);
  return (
    <>
      <Section title="Clocks" aside="Counted by records alone: neither a restart, nor sleep, nor a change of the local time moves them.">
        {detail.clocks.length === 0 ? <Empty>No clock runs in this emergency.</Empty> : (
          <ul className={styles['clocks']} data-testid="clocks">
            {detail.clocks.map((clock) => <ClockLine key={clock.id} clock={clock} detail={detail} terms={terms} now={now} />)}
          </ul>
        )}
      </Section>
      <Section title="Burn-down"><BurnDown detail={detail} now={now} /></Section>
    </>
  );
}

/** One clock; where it was missed it asks for its reason right there. */
function ClockLine({ clock, detail, terms, now }: { readonly clock: EmergencyClock; readonly detail: EmergencyDetail; readonly terms: EmergencyTerms; readonly now: number }): ReactElement {
  const { id, words, source, from, due, met, roles, reason } = clock;
  const [open, setOpen] = useState<'reason' | 'notice' | null>(null);
  const state = clockState(clock, now);
  const notice = noticeOf(id);
  const asks = state === 'breached' && reason === null;
  const close = (): void => setOpen(null);
  return (
    <li className={styles['clockLine']} data-state={state} data-testid={`clock-${id}`}>
      <StatusBadge status={CLOCK_SIGNS[state]}>{CLOCK_STATES[state]}</StatusBadge>
      <div className={styles['clockWhat']}>
        <p dir="auto">{words}</p>
        <p className={styles['soft']}>{sourceWords(source)}{roles.length === 0 ? '' : `, for ${anyOf(roles)}`}</p>
        {reason === null ? null : <p className={styles['soft']}>Why it was missed, <bdi>{reason.by}</bdi>, <TimeText time={reason.at} short />: <span dir="auto">{reason.words}</span></p>}
      </div>
      <div className={styles['clockWhen']}>
        <p className={styles['left']}>{clockLeft(clock, now)}</p>
        {due === null ? null : <p className={styles['soft']}>{met === null ? <>by <TimeText time={due} short /></> : <>met <TimeText time={met} short /></>}</p>}
        {from === null ? null : <p className={styles['soft']}>from <TimeText time={from} short /></p>}
        <div className={styles['clockActs']}>
          {asks && open !== 'reason' ? <Button onClick={() => setOpen('reason')} testId={`reason-${id}`}>Say why it was missed</Button> : null}
          {notice !== null && met === null && open !== 'notice' ? <Button onClick={() => setOpen('notice')} testId={`notice-${id}`}>Record the notice</Button> : null}
        </div>
      </div>
      {open === 'reason' ? <div className={styles['below']}><BreachForm detail={detail} roles={terms.declarers} clock={id} words={words} onDone={close} onClose={close} /></div> : null}
      {open === 'notice' && notice !== null ? <div className={styles['below']}><NoticeForm detail={detail} roles={roles} notice={notice} words={words} onDone={close} onClose={close} /></div> : null}
    </li>
  );
}

/** The notice of the policy file that a clock is of; null where it is of none. */
function noticeOf(id: string): string | null {
  return /^notice[-:](.+)$/.exec(id)?.[1] ?? null;
}
