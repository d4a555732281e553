import { useEffect, useState, type ReactElement } from 'react';
import type { VerbalShown } from '../../../core/contract/verbal-calls.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { Section } from '../../components/Screen.tsx';
import { counted } from '../../components/wording.ts';
import { client, shownError } from '../../core-client.ts';
import { useEmergencies } from '../emergency/emergency-store.ts';
import { VerbalLine } from '../emergency/VerbalLine.tsx';
import styles from './approvals.module.css';

/** What was said by word of this release in an emergency, with the way to ratify or dispute it; nothing where nobody was asked so. */
export function SpokenPart({ release }: { readonly release: string }): ReactElement | null {
  const [spoken, setSpoken] = useState<readonly VerbalShown[]>([]);
  const [error, setError] = useState<AppError | null>(null);
  const emergencies = useEmergencies((state) => state.emergencies);
  useEffect(() => {
    let gone = false;
    const read = (): void => {
      client.call('verbal.list', { emergency: null, release }).then(
        ({ verbal }) => {
          if (gone) return;
          setSpoken(verbal);
          setError(null);
        },
        (cause: unknown) => !gone && setError(shownError(cause)),
      );
    };
    read();
    const stop = client.on('archive.changed', read);
    return () => {
      gone = true;
      stop();
    };
  }, [release]);
  if (error === null && spoken.length === 0) return null;
  return (
    <Section title="What was said by word" aside={spoken.length === 0 ? undefined : counted(spoken.length, 'record')}>
      {error === null ? null : <ErrorPanel error={error} />}
      <ul className={styles['list']} data-testid="spoken">
        {spoken.map((one) => <VerbalLine key={one.record} of={emergencies.find(({ id, record }) => id === one.emergency || record === one.emergency)?.record ?? one.emergency} verbal={one} />)}
      </ul>
    </Section>
  );
}
