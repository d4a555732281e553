import type { ReactElement, ReactNode } from 'react';
import type { AppError } from '../../core/model/errors.ts';
import { Button } from './Button.tsx';
import { CopyButton } from './CopyButton.tsx';
import { StatusSign } from './StatusSign.tsx';
import styles from './text.module.css';

/** What happened, why, what to do, in that order; the details can be copied whole. A cancelled task is told calmly. */
export function ErrorPanel({ error, onRetry, children }: { readonly error: AppError; readonly onRetry?: () => void; readonly children?: ReactNode }): ReactElement {
  const details = Object.entries(error.details);
  const calm = error.code === 'cancelled';
  return (
    <div className={styles['error']} role="alert" data-calm={calm} data-testid="error">
      <StatusSign status={calm ? 'not-applicable' : 'failed'} silent />
      <div className={styles['errorBody']}>
        <p className={styles['errorTitle']}>{error.message}</p>
        {error.hint === null ? null : <p>{error.hint}</p>}
        {details.length === 0 ? null : (
          <dl className={styles['errorDetails']}>
            {details.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{String(value)}</dd>
              </div>
            ))}
          </dl>
        )}
        {children}
        {onRetry === undefined ? null : <div className={styles['errorActs']}><Button onClick={onRetry} testId="try-again">Try again</Button></div>}
      </div>
      <CopyButton text={asText(error)} what="details" label="Copy details" />
    </div>
  );
}

function asText(error: AppError): string {
  const { code, message, hint, details } = error;
  return JSON.stringify({ code, message, hint, details }, null, 2);
}
