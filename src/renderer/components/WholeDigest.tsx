import type { ReactElement } from 'react';
import { pgpWords } from '../../core/model/pgp-words.ts';
import { CopyButton } from './CopyButton.tsx';
import styles from './whole-digest.module.css';

/** A digest whole, as it is compared with one that came by another way. */
export function WholeDigest({ value, what, inWords = false }: { readonly value: string; readonly what: string; readonly inWords?: boolean }): ReactElement {
  return (
    <div className={styles['digest']}>
      <span className={styles['line']}><code className={styles['code']}>{value}</code><span className={styles['copy']}><CopyButton text={value} what={what} /></span></span>
      {inWords ? <ol className={styles['words']} aria-label={`${what} in the words of the PGP list`}>{pgpWords(value).map((word, index) => <li key={`${index}-${word}`}>{word}</li>)}</ol> : null}
    </div>
  );
}
