import type { ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { PathField } from '../../components/PathField.tsx';
import { StatusBadge } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted } from '../../components/wording.ts';
import type { PlanDraft } from './plan-draft.ts';
import { askCalendar, edit, usePlanning } from './plan-store.ts';
import styles from './plan.module.css';

const SHOWN = 8;

/** The iCalendar file of windows and freezes, and what it says of today and of the weeks to come. */
export function CalendarPart({ id, draft }: { readonly id: string; readonly draft: PlanDraft }): ReactElement {
  const { calendar, calendarError } = usePlanning(id);
  const take = (change: Partial<PlanDraft>): void => {
    edit(id, { ...draft, ...change });
    void askCalendar(id, { ...draft, ...change });
  };
  return (
    <div className={styles['group']}>
      <PathField
        label="Calendar of windows and freezes"
        hint={draft.calendarFile !== '' || draft.calendarText === null ? 'An iCalendar file, as calendar programs export it. Without one, only an emergency is deployed.' : 'The calendar of the plan before stays, unless a file takes its place.'}
        choose="file"
        value={draft.calendarFile}
        testId="plan-calendar"
        onChange={(calendarFile) => edit(id, { ...draft, calendarFile })}
        onCommit={(calendarFile) => void askCalendar(id, { ...draft, calendarFile })}
      />
      {draft.calendarText === null && draft.calendarFile === '' ? null : <div><Button kind="quiet" onClick={() => take({ calendarText: null, calendarFile: '' })}>Plan without a calendar</Button></div>}
      {calendarError === null ? null : <ErrorPanel error={calendarError} />}
      {calendar === null ? null : (
        <div className={styles['schedule']} role="status" data-testid="schedule">
          <p><StatusBadge status={calendar.schedule.open ? 'passed' : 'stale'}>{calendar.schedule.open ? 'A window is open' : 'No window is open'}</StatusBadge> <span dir="auto">{calendar.schedule.reason}</span></p>
          {calendar.spans.length === 0 ? <p className={styles['soft']}>No window and no freeze follows within 60 days.</p> : (
            <ul className={styles['spans']}>
              {calendar.spans.slice(0, SHOWN).map(({ kind, summary, from, until }) => (
                <li key={`${kind} ${from} ${summary}`} className={styles['span']} data-kind={kind}>
                  <b>{kind === 'window' ? 'Window' : 'Freeze'}</b>
                  <span><TimeText time={from} short /> to <TimeText time={until} short /></span>
                  <span className={styles['spanName']} title={summary} dir="auto">{summary}</span>
                </li>
              ))}
            </ul>
          )}
          {calendar.spans.length > SHOWN ? <p className={styles['soft']}>{counted(calendar.spans.length - SHOWN, 'more', 'more')} within 60 days.</p> : null}
          {calendar.others === 0 ? null : <p className={styles['soft']}>{counted(calendar.others, 'event is', 'events are')} neither, and passed over.</p>}
        </div>
      )}
    </div>
  );
}
