import { Plus, X } from 'lucide-react';
import type { ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { instantOf, local, relative } from '../../components/wording.ts';
import type { PlanDraft } from './plan-draft.ts';
import styles from './plan.module.css';

type Dates = PlanDraft['timeline'];

/** When what is to happen: typed in UTC, with this machine's own time beside. */
export function DatesEditor({ dates, onChange }: { readonly dates: Dates; readonly onChange: (dates: Dates) => void }): ReactElement {
  const set = (index: number, what: Partial<Dates[number]>): void => onChange(dates.map((old, at) => (at === index ? { ...old, ...what } : old)));
  return (
    <fieldset className={styles['group']} data-testid="plan-dates">
      <legend className={controls['label']}>Timeline <span className={styles['soft']}>times in UTC, such as 2026-03-04 21:00</span></legend>
      <ul className={styles['items']}>
        {dates.map(({ on, what }, index) => {
          const instant = instantOf(on);
          return (
            <li key={index} className={styles['date']}>
              <input className={`${controls['input'] ?? ''} ${controls['path'] ?? ''}`} aria-label={`Time ${index + 1}, in UTC`} placeholder="2026-03-04 21:00" spellCheck={false} autoComplete="off" aria-invalid={on !== '' && instant === null} value={on} onChange={(event) => set(index, { on: event.target.value })} />
              <span className={styles['beside']} role="status">{instant === null ? (on === '' ? '' : 'no time yet') : `${local(instant)} local, ${relative(instant)}`}</span>
              <input className={controls['input']} aria-label={`What happens at time ${index + 1}`} placeholder="Canary begins" dir="auto" value={what} title={what} onChange={(event) => set(index, { what: event.target.value })} />
              <button type="button" className={styles['icon']} aria-label={`Remove time ${index + 1}`} title="Remove" onClick={() => onChange(dates.filter((_, at) => at !== index))}><X aria-hidden="true" /></button>
            </li>
          );
        })}
      </ul>
      <div><Button kind="quiet" disabled={dates.length >= 100} testId="plan-date-add" onClick={() => onChange([...dates, { on: '', what: '' }])}><Plus aria-hidden="true" />Add a time</Button></div>
    </fieldset>
  );
}
