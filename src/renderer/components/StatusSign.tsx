import type { ReactElement } from 'react';
import type { Status } from '../../core/model/verdict.ts';
import styles from './status.module.css';

/** The word for each status; the line's own summary says the rest. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  passed: 'Passed',
  failed: 'Failed',
  missing: 'No evidence',
  stale: 'Other commit',
  'needs-person': 'Asks a person',
  accepted: 'Accepted',
  'not-applicable': 'Not applicable',
  broken: 'Not judged',
};

/** One shape a status, so that none is told by its colour alone. */
const SHAPES: Readonly<Record<Status, ReactElement>> = {
  passed: (
    <>
      <circle cx="8" cy="8" r="7" className={styles['solid']} />
      <path d="m4.7 8.3 2.2 2.2 4.4-4.9" className={styles['mark']} />
    </>
  ),
  failed: (
    <>
      <rect x="1.5" y="1.5" width="13" height="13" rx="2" className={styles['solid']} />
      <path d="m5.3 5.3 5.4 5.4m0-5.4-5.4 5.4" className={styles['mark']} />
    </>
  ),
  missing: <circle cx="8" cy="8" r="6" className={styles['outline']} />,
  stale: (
    <>
      <circle cx="8" cy="8" r="6" className={styles['outline']} />
      <path d="M8 4.6V8l2.3 1.6" className={styles['outline']} />
    </>
  ),
  'needs-person': (
    <>
      <circle cx="8" cy="4.6" r="3.1" className={styles['solid']} />
      <path d="M1.9 14.5c.3-3.5 2.8-5.5 6.1-5.5s5.8 2 6.1 5.5z" className={styles['solid']} />
    </>
  ),
  accepted: (
    <>
      <path d="M8 1.5 13.5 3.6v4c0 3.5-2.2 5.8-5.5 6.9-3.3-1.1-5.5-3.4-5.5-6.9v-4z" className={styles['outline']} />
      <path d="M8 1.5v13c-3.3-1.1-5.5-3.4-5.5-6.9v-4z" className={styles['solid']} />
    </>
  ),
  'not-applicable': <path d="M3.5 8h9" className={styles['outline']} />,
  broken: (
    <>
      <path d="M8 1.4 15.2 14H.8z" className={styles['solid']} />
      <path d="M8 6v3.7m0 1.9v.3" className={styles['mark']} />
    </>
  ),
};

/** The sign of a status: shape before colour, and its word for those who do not see it. */
export function StatusSign({ status, silent = false }: { readonly status: Status; readonly silent?: boolean }): ReactElement {
  return (
    <span className={styles['sign']} data-status={status}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">{SHAPES[status]}</svg>
      {silent ? null : <span className="unseen">{STATUS_WORDS[status]}</span>}
    </span>
  );
}

/** Sign and word together. */
export function StatusBadge({ status, children }: { readonly status: Status; readonly children?: string }): ReactElement {
  return (
    <span className={styles['badge']} data-status={status}>
      <StatusSign status={status} silent />
      {children ?? STATUS_WORDS[status]}
    </span>
  );
}
