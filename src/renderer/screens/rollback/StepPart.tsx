import type { ReactElement, ReactNode } from 'react';
import { StatusSign } from '../../components/StatusSign.tsx';
import styles from './rollback.module.css';

export type StepState = 'done' | 'now' | 'ahead' | 'failed';

const SIGN = { done: 'passed', now: 'needs-person', ahead: 'not-applicable', failed: 'failed' } as const;
const WORD = { done: 'Done', now: 'Now', ahead: 'Ahead', failed: 'Failed' } as const;

/** One step of policy §9.2: where it stands, who can do it, what is known of it, and its act where it is due. */
export function StepPart({ number, title, state, who, testId, children }: { readonly number: number; readonly title: string; readonly state: StepState; readonly who: ReactNode; readonly testId: string; readonly children: ReactNode }): ReactElement {
  return (
    <li className={styles['step']} tabIndex={-1} data-state={state} aria-current={state === 'now' ? 'step' : undefined} data-testid={testId}>
      <div className={styles['stepHead']}>
        <StatusSign status={SIGN[state]} silent />
        <h2>{number}. {title}</h2>
        <span className={styles['soft']}>{WORD[state]}</span>
        <span className={styles['who']}>{who}</span>
      </div>
      <div className={styles['stepBody']}>{children}</div>
    </li>
  );
}
