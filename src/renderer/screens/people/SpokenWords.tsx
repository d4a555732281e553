import type { ReactElement } from 'react';
import styles from './people.module.css';

/** A digest in words of the PGP list, four a line, numbered as they are read. */
export function SpokenWords({ words }: { readonly words: readonly string[] }): ReactElement {
  return <ol className={styles['spoken']} data-testid="spoken-words">{words.map((word, place) => <li key={place}>{word}</li>)}</ol>;
}
