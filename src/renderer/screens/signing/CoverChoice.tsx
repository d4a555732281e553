import type { ReactElement } from 'react';
import { signaturesNeeded } from '../../../core/model/signing.ts';
import type { SigningKey } from '../../../core/contract/contract.ts';
import { counted } from '../../components/wording.ts';
import styles from './signing.module.css';

type Cover = 'each' | 'manifest';

const CHOICES = [
  { value: 'each', name: 'One for each file', facts: 'NAME.asc beside every file, and SHA256SUMS.asc, as the policy asks (§7.1).' },
  { value: 'manifest', name: 'One for all of them', facts: 'SHA256SUMS.asc covers every file by its digest (§7.1, erratum).' },
] as const;

/** A signature for each file, or one over the list of them; and how often the key is asked. */
export function CoverChoice({ cover, files, signingKey, disabled, onChoose }: {
  readonly cover: Cover; readonly files: number; readonly signingKey: SigningKey | null; readonly disabled: boolean; readonly onChoose: (cover: Cover) => void;
}): ReactElement {
  return (
    <fieldset className={styles['keys']}>
      <legend className={styles['legend']}>Signatures</legend>
      {CHOICES.map(({ value, name, facts }) => (
        <label key={value} className={styles['key']}>
          <input type="radio" name="signing-cover" value={value} checked={value === cover} disabled={disabled} data-testid={`cover-${value}`} onChange={() => onChoose(value)} />
          <span className={styles['coverName']}>{name}</span>
          <span className={styles['coverFacts']}>{facts} {times(signaturesNeeded(files, value), signingKey)}</span>
        </label>
      ))}
    </fieldset>
  );
}

function times(asked: number, key: SigningKey | null): string {
  return key?.onCard == null ? `The key is asked ${counted(asked, 'time')}.` : `The card is asked ${counted(asked, 'time')}; where it wants a touch each time, that is ${counted(asked, 'touch', 'touches')}.`;
}
