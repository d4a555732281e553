import type { ReactElement } from 'react';
import { signaturesNeeded } from '../../../core/model/signing.ts';
import type { SigningKey } from '../../../core/contract/contract.ts';
import type { Card } from '../../../core/model/card.ts';
import { counted } from '../../components/wording.ts';
import styles from './signing.module.css';

type Cover = 'each' | 'manifest';

const CHOICES = [
  { value: 'each', name: 'One for each file', facts: 'NAME.asc beside every file, and SHA256SUMS.asc, as the policy asks (§7.1).' },
  { value: 'manifest', name: 'One for all of them', facts: 'SHA256SUMS.asc covers every file by its digest (§7.1, erratum).' },
] as const;

/** A signature for each file, or one over the list of them; and how often the key is asked. */
export function CoverChoice({ cover, files, asks, disabled, onChoose }: {
  readonly cover: Cover; readonly files: number; readonly asks: Asks; readonly disabled: boolean; readonly onChoose: (cover: Cover) => void;
}): ReactElement {
  return (
    <fieldset className={styles['keys']}>
      <legend className={styles['legend']}>Signatures</legend>
      {CHOICES.map(({ value, name, facts }) => (
        <label key={value} className={`${styles['key'] ?? ''} ${styles['cover'] ?? ''}`}>
          <input type="radio" name="signing-cover" value={value} checked={value === cover} disabled={disabled} data-testid={`cover-${value}`} onChange={() => onChoose(value)} />
          <span className={styles['coverName']}>{name}</span>
          <span className={styles['coverFacts']}>{facts} {times(signaturesNeeded(files, value), asks)}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** What asking the key once costs the person. */
export type Asks = 'nothing' | 'touch' | 'perhaps-touch' | 'no-touch';

/** A card says itself whether it wants a touch, where it is the one in the reader. */
export function asksOf(key: SigningKey | null, card: Card | null): Asks {
  if (key?.onCard == null) return 'nothing';
  if (card?.id !== key.onCard || card.touch === null) return 'perhaps-touch';
  return card.touch === 'off' ? 'no-touch' : 'touch';
}

function times(asked: number, asks: Asks): string {
  switch (asks) {
    case 'nothing': return `The key is asked ${counted(asked, 'time')}.`;
    case 'no-touch': return `The card is asked ${counted(asked, 'time')}, and wants no touch.`;
    case 'touch': return `${counted(asked, 'touch', 'touches')}.`;
    case 'perhaps-touch': return `The card is asked ${counted(asked, 'time')}; where it wants a touch each time, that is ${counted(asked, 'touch', 'touches')}.`;
  }
}
