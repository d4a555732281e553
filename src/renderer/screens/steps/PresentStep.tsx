import { useState, type ReactElement } from 'react';
import type { Assessment } from '../../../core/contract/contract.ts';
import { CHECK_IDS } from '../../../core/model/verdict.ts';
import { Button } from '../../components/Button.tsx';
import { Section } from '../../components/Screen.tsx';
import { presentStep, stepsNow, type StepNow } from '../../components/steps-now.ts';
import { Ago } from '../../components/TimeText.tsx';
import { capital, counted, spaced } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { useRecords } from '../release/records-store.ts';
import styles from './steps.module.css';

const SHOWN = 12;
const CHECKS: ReadonlySet<string> = new Set(CHECK_IDS);

/** The step that is open: what blocks it, and who can open it. */
export function PresentStep({ id, assessment }: { readonly id: string; readonly assessment: Assessment }): ReactElement {
  const { shown } = useRecords(assessment.draft);
  const steps = stepsNow(assessment.steps, shown);
  const present = presentStep(steps);
  const later = steps.filter(({ number, state, blocks }) => number > (present?.number ?? 0) && number < 8 && state === 'ahead' && blocks.length > 0);
  return (
    <Section title={present === null ? 'Every step is done' : `Step ${present.number}: ${present.title}`} aside={present?.since == null ? undefined : <>{present.state === 'blocked' ? 'Blocked' : 'Open'} since <Ago time={present.since} /></>}>
      {present === null ? <p>The release is in production, watched and documented.</p> : <Blocks id={id} step={present} />}
      {later.length === 0 ? null : (
        <ul className={styles['later']}>
          {later.map(({ number, title, blocks }) => <li key={number} className={styles['soft']}>Step {number}, {title.toLowerCase()}, waits for {counted(blocks.length, 'thing')}: <span dir="auto">{blocks[0]?.what}{blocks.length > 1 ? ' …' : ''}</span></li>)}
        </ul>
      )}
    </Section>
  );
}

function Blocks({ id, step }: { readonly id: string; readonly step: StepNow }): ReactElement {
  const [all, setAll] = useState(false);
  const { blocks } = step;
  if (blocks.length === 0) return <p>{step.note}.</p>;
  const told = all ? blocks : blocks.slice(0, SHOWN);
  return (
    <>
      <ul className={styles['blocks']} data-testid="blocks">
        {told.map(({ what, who }, index) => (
          <li key={`${index} ${what}`} className={styles['block']}>
            <span className={styles['what']} dir="auto"><What id={id} what={what} /></span>
            <span className={styles['soft']} dir="auto">{who}</span>
          </li>
        ))}
      </ul>
      {told.length < blocks.length ? <div><Button kind="quiet" onClick={() => setAll(true)}>Show all {blocks.length}</Button></div> : null}
    </>
  );
}

/** A line that blocks is named by its slug and its status; it leads to its evidence. */
function What({ id, what }: { readonly id: string; readonly what: string }): ReactElement {
  const [first = '', ...rest] = what.split(' ');
  if (!CHECKS.has(first)) return <>{capital(what)}</>;
  return <><a href={addressOf.line(id, first)}>{capital(first.replaceAll('-', ' '))}</a> {spaced(rest.join(' ').replaceAll('-', ' '))}</>;
}
