import { useState, type ReactElement, type ReactNode } from 'react';
import type { AppError } from '../../../core/model/errors.ts';
import { Button } from '../../components/Button.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { shownError } from '../../core-client.ts';
import styles from './deployment.module.css';

interface ActFormProps {
  readonly label: string;
  /** What will be true afterwards, in one sentence. */
  readonly after: ReactNode;
  readonly verb: string;
  /** Null where it can be sent; else what is still wanting, in words. */
  readonly wanting: string | null;
  readonly kind?: 'primary' | 'plain';
  readonly testId: string;
  readonly onSend: () => Promise<void>;
  readonly onClose?: () => void;
  readonly children: ReactNode;
}

/** The form of one act: what it asks, what will be true afterwards, and what went wrong, in place. */
export function ActForm({ label, after, verb, wanting, kind = 'primary', testId, onSend, onClose, children }: ActFormProps): ReactElement {
  const [error, setError] = useState<AppError | null>(null);
  const [working, setWorking] = useState(false);
  const send = async (): Promise<void> => {
    setWorking(true);
    setError(null);
    try {
      await onSend();
    } catch (cause) {
      setError(shownError(cause));
    } finally {
      setWorking(false);
    }
  };
  return (
    <form
      className={styles['form']}
      aria-label={label}
      data-testid={testId}
      onSubmit={(event) => {
        event.preventDefault();
        if (wanting === null && !working) void send();
      }}
    >
      {children}
      <p className={styles['after']}>{after}</p>
      {error === null ? null : <ErrorPanel error={error} />}
      <div className={styles['formActs']}>
        <Button type="submit" kind={kind} disabled={wanting !== null || working} testId={`${testId}-send`}>{verb}</Button>
        {onClose === undefined ? null : <Button kind="quiet" onClick={onClose}>Leave it</Button>}
        {wanting === null ? null : <span className={styles['wanting']}>{wanting}</span>}
      </div>
    </form>
  );
}
