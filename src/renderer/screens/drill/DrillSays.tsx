import type { ReactElement } from 'react';
import { useRunningDrill } from './drill-store.ts';
import styles from './drill.module.css';

interface SaysProps {
  readonly person: string;
  /** The words that were read to them, or the code that they are asked for by its name. */
  readonly what: { readonly readBack: readonly string[] } | { readonly code: string };
}

/** While one practises: what whoever is on the telephone says, folded away until it is looked at. */
export function DrillSays({ person, what }: SaysProps): ReactElement | null {
  const one = useRunningDrill()?.cast.find(({ id }) => id === person);
  const words = one === undefined ? undefined : 'readBack' in what ? what.readBack : one.codes.find(({ id }) => id === what.code)?.words;
  return one === undefined || words === undefined ? null : (
    <details className={styles['says']} data-testid="drill-says">
      <summary>{'readBack' in what ? `Practice: you play ${one.name} too. What they say back` : `Practice: look at the sheet of ${one.name}`}</summary>
      <p className={styles['words']}>{words.join(' ')}</p>
    </details>
  );
}
