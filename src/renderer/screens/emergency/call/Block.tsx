import type { ReactElement, ReactNode } from 'react';
import { Button } from '../../../components/Button.tsx';
import { StatusSign } from '../../../components/StatusSign.tsx';
import styles from './call.module.css';

interface BlockProps {
  readonly number: number;
  readonly title: string;
  readonly state: 'done' | 'now' | 'ahead';
  /** What came of it, in one line, where it is done. */
  readonly summary: ReactNode;
  /** Null where it cannot be gone back to. */
  readonly onBack: (() => void) | null;
  readonly children: ReactNode;
}

/** One part of a call: what is done is one line, what is ahead is its title, and only the present one is open. */
export function Block({ number, title, state, summary, onBack, children }: BlockProps): ReactElement {
  return (
    <li className={styles['block']} data-state={state} data-testid={`call-${number}`} aria-current={state === 'now' ? 'step' : undefined}>
      <div className={styles['blockHead']}>
        <span className={styles['number']} aria-hidden="true">{number}</span>
        <h2 className={styles['blockTitle']}>{title}</h2>
        {state === 'done' ? <><span className={styles['summary']} dir="auto">{summary}</span><StatusSign status="passed" />{onBack === null ? null : <Button kind="quiet" onClick={onBack} aria-label={`Go back to ${title.toLowerCase()}`}>Go back</Button>}</> : null}
      </div>
      {state === 'now' ? <div className={styles['blockBody']}>{children}</div> : null}
    </li>
  );
}

/** A block's own form: Enter goes on. */
export function Onward({ verb, wanting, onNext, children, aside }: { readonly verb: string; readonly wanting: string | null; readonly onNext: () => void; readonly children: ReactNode; readonly aside?: ReactNode }): ReactElement {
  return (
    <form className={styles['onward']} onSubmit={(event) => {
      event.preventDefault();
      if (wanting === null) onNext();
    }}>
      {children}
      <div className={styles['acts']}>
        <Button type="submit" kind="primary" disabled={wanting !== null} testId="call-next">{verb}</Button>
        {aside}
        {wanting === null ? null : <span className={styles['soft']}>{wanting}</span>}
      </div>
    </form>
  );
}
