import { useRef, type ReactElement } from 'react';
import { countOf, typedAt, type Blind } from './blind.ts';
import styles from './call.module.css';

interface BlindProps {
  readonly label: string;
  readonly words: Blind;
  readonly onChange: (words: Blind) => void;
  readonly testId: string;
}

/** Words that are typed as they are heard: seen as dots, counted, and judged only when all are there. A space goes to the next one. */
export function BlindWords({ label, words, onChange, testId }: BlindProps): ReactElement {
  const row = useRef<HTMLFieldSetElement>(null);
  const focus = (at: number): void => row.current?.querySelectorAll('input')[at]?.focus();
  return (
    <fieldset ref={row} className={styles['blind']} data-testid={testId}>
      <legend className={styles['asked']}>{label}</legend>
      <div className={styles['places']}>
        {words.map((word, place) => (
          <input
            key={place} type="password" autoComplete="off" spellCheck={false} maxLength={240} className={styles['place']} value={word} aria-label={`Word ${place + 1} of ${words.length}`} data-first={place === 0 ? true : undefined}
            onChange={(event) => {
              const next = typedAt(words, place, event.target.value);
              onChange(next.words);
              if (next.at !== place) focus(next.at);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Backspace' && word === '' && place > 0) {
                event.preventDefault();
                focus(place - 1);
              } else if (event.key === 'Enter' && place < words.length - 1 && word !== '' && words[place + 1] === '') {
                event.preventDefault();
                focus(place + 1);
              }
            }}
          />
        ))}
      </div>
      <p className={styles['soft']} role="status">{countOf(words)} of {words.length} words typed. A space goes to the next word.</p>
    </fieldset>
  );
}
