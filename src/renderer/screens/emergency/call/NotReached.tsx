import { useState, type ReactElement } from 'react';
import type { EmergencyDetail, EmergencyTerms } from '../../../../core/contract/emergency-calls.ts';
import { Button } from '../../../components/Button.tsx';
import { counted } from '../../../components/wording.ts';
import { DeviationForm } from '../DeviationForm.tsx';
import styles from './call.module.css';

/** At the very end, where nobody who can decide is reached: going on without, on record. It opens nothing. */
export function NotReached({ detail, asked, terms }: { readonly detail: EmergencyDetail; readonly asked: { readonly role: string; readonly name: string }; readonly terms: EmergencyTerms }): ReactElement {
  const [open, setOpen] = useState(false);
  const attempts = detail.attempts.filter(({ role }) => role === asked.role).length;
  const others = detail.people.filter(({ asked: roles, name }) => roles.includes(asked.role) && name !== asked.name);
  return (
    <section className={styles['end']} aria-label="Where nobody is reached" data-testid="not-reached">
      <h2>Where nobody is reached</h2>
      <p className={styles['soft']}>
        {attempts === 0 ? `No attempt to reach a ${asked.role} is logged yet.` : `${counted(attempts, 'attempt')} to reach a ${asked.role} ${attempts === 1 ? 'is' : 'are'} logged.`}
        {others.length === 0 ? '' : ` ${others.map(({ name }) => name).join(' and ')} can be asked as ${asked.role} too.`}
        {' '}Going on without this approval is possible only as a deviation on record. It opens nothing: the gate stays closed, and a deployment stays unauthorised.
      </p>
      {open ? <DeviationForm detail={detail} roles={terms.declarers} deviation="without-approval" role={asked.role} onDone={() => setOpen(false)} onClose={() => setOpen(false)} /> : <div><Button kind="quiet" disabled={attempts === 0} onClick={() => setOpen(true)} testId="proceed-without">Proceed without approval</Button></div>}
    </section>
  );
}
