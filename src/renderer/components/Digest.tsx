import type { ReactElement } from 'react';
import { CopyButton } from './CopyButton.tsx';
import styles from './controls.module.css';

/** A digest by its first and last eight; the whole is on hover, for screen readers, and copied. */
export function Digest({ value, what = 'SHA-256' }: { readonly value: string; readonly what?: string }): ReactElement {
  const short = value.length > 18 ? `${value.slice(0, 8)}…${value.slice(-8)}` : value;
  return (
    <span className={styles['digest']}>
      <code title={value}>
        <span aria-hidden="true">{short}</span>
        <span className="unseen">{value}</span>
      </code>
      <CopyButton text={value} what={what} />
    </span>
  );
}

/** A commit by its first seven. */
export function CommitName({ id }: { readonly id: string }): ReactElement {
  return (
    <span className={styles['digest']}>
      <code title={id}>{id.slice(0, 7)}</code>
      <CopyButton text={id} what={`commit ${id.slice(0, 7)}`} />
    </span>
  );
}
