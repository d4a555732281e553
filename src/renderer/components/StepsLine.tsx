import { Check, Minus, X } from 'lucide-react';
import type { ReactElement } from 'react';
import type { ReleaseStep } from '../../core/model/release.ts';
import type { StepNow } from './steps-now.ts';
import { relative, utc } from './wording.ts';
import styles from './steps.module.css';

const STATE_WORDS: Readonly<Record<StepNow['state'], string>> = { 'done': 'Done', 'current': 'Now', 'blocked': 'Blocked', 'ahead': 'Ahead', 'not-needed': 'Not needed' };

/** The policy's eight steps across the width; the present one is open. */
export function StepsLine({ steps }: { readonly steps: readonly StepNow[] }): ReactElement {
  return (
    <ol className={styles['line']} aria-label="The eight steps of the release">
      {steps.map(({ number, title, state, note, by, since }) => {
        const open = state === 'current' || state === 'blocked';
        return (
          <li key={number} className={styles['step']} data-state={state === 'not-needed' ? 'ahead' : state} aria-current={open ? 'step' : undefined} title={`${title}: ${note}${by === null ? '' : `, by ${by}`}${since === null ? '' : `, since ${utc(since)} UTC`}`}>
            <span className={styles['state']}>
              <span className={styles['mark']} aria-hidden="true">{state === 'done' ? <Check /> : state === 'blocked' ? <X /> : state === 'not-needed' ? <Minus /> : number}</span>
              <span className={styles['word']}>{STATE_WORDS[state]}</span>
              {open ? <span className={styles['note']} dir="auto">{note}</span> : null}
            </span>
            <span className={styles['title']}>{title}</span>
            {since === null && by === null ? null : <span className={styles['meta']} dir="auto">{[since === null ? null : open ? `since ${utc(since)} UTC` : relative(since), by].filter((part) => part !== null).join(', ')}</span>}
          </li>
        );
      })}
    </ol>
  );
}

/** The same eight in miniature, for a line of a list. */
export function StepsMini({ steps }: { readonly steps: readonly ReleaseStep[] }): ReactElement {
  const present = steps.find(({ state }) => state === 'current' || state === 'blocked');
  const words = present === undefined ? 'No step is under way' : `Step ${present.number} of ${steps.length}, ${present.title}: ${STATE_WORDS[present.state].toLowerCase()}`;
  return (
    <span className={styles['mini']} role="img" aria-label={words} title={words}>
      {steps.map(({ number, state }) => <span key={number} className={styles['dot']} data-state={state} />)}
    </span>
  );
}
