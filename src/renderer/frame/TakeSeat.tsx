import { CreditCard, FileKey, KeyRound } from 'lucide-react';
import { useEffect, useId, useState, type ReactElement } from 'react';
import { Button } from '../components/Button.tsx';
import controls from '../components/controls.module.css';
import { Cut } from '../components/Cut.tsx';
import { ErrorPanel } from '../components/ErrorPanel.tsx';
import { keyId } from '../components/wording.ts';
import { useRunningDrill } from '../screens/drill/drill-store.ts';
import { readSeat, takeSeat, useSeat, type SeatKey } from './seat-store.ts';
import styles from './seat.module.css';

/** Chooses whose key takes the seat, and proves it: a passphrase here, or gpg's own question outside. */
export function TakeSeat({ verb, onTaken }: { readonly verb: string; readonly onTaken?: () => void }): ReactElement {
  const { keys, problem, seat, working, error } = useSeat();
  const drill = useRunningDrill();
  const [wanted, setWanted] = useState<string | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const id = useId();
  // Whoever practises sits at their own seat first; they take the others' in the morning.
  const practising = seat === null && drill !== null ? keys?.find(({ person }) => person.id === drill.you.id) : undefined;
  const chosen = (keys ?? []).find(({ key }) => key === (wanted ?? seat?.key)) ?? (keys?.length === 1 ? keys[0] : practising);
  useEffect(() => setPassphrase(''), [chosen?.key]);
  const ready = chosen !== undefined && !working && (!chosen.inFile || passphrase !== '');
  return (
    <form
      className={styles['take']}
      aria-label={verb}
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready) return;
        void takeSeat(chosen.key, chosen.inFile ? passphrase : null).then((taken) => {
          setPassphrase('');
          if (taken) onTaken?.();
        });
      }}
    >
      {problem === null ? null : <p className={styles['problem']} role="note">{problem} Until then this window is read-only.</p>}
      {keys === null || keys.length === 0 ? null : (
        <fieldset className={styles['choices']}>
          <legend className={controls['label']}>Whose key</legend>
          {keys.map((key, at) => <Choice key={key.key} of={key} chosen={key.key === chosen?.key} first={at === 0 && chosen === undefined} disabled={working} onChoose={() => setWanted(key.key)} />)}
        </fieldset>
      )}
      {chosen?.inFile === true ? (
        <div className={controls['field']}>
          <label className={controls['label']} htmlFor={id}>Passphrase of the key</label>
          <input id={id} className={controls['input']} type="password" autoComplete="off" value={passphrase} disabled={working} data-testid="seat-passphrase" data-first={keys?.length === 1 || seat === null ? true : undefined} onChange={(event) => setPassphrase(event.target.value)} />
          <p className={controls['hint']}>{drill === null ? 'It opens the key for this one proof and is kept nowhere.' : <>Practice: every passphrase is <code>{drill.you.passphrase}</code></>}</p>
        </div>
      ) : chosen === undefined ? null : (
        <p className={controls['hint']}>{chosen.card === null ? 'gpg asks for its passphrase, outside this window.' : 'The card asks for its PIN, outside this window.'}</p>
      )}
      {error === null ? null : <ErrorPanel error={error} />}
      <div className={styles['acts']}>
        <Button type="submit" kind="primary" disabled={!ready} testId="take-seat">{working ? 'Proving it' : verb}</Button>
        <Button kind="quiet" disabled={working} onClick={() => void readSeat()}>Look for keys again</Button>
      </div>
    </form>
  );
}

function Choice({ of, chosen, first, disabled, onChoose }: { readonly of: SeatKey; readonly chosen: boolean; /** A dialog begins at it. */ readonly first: boolean; readonly disabled: boolean; readonly onChoose: () => void }): ReactElement {
  const { key, person, roles, fingerprint, inFile, card } = of;
  const Icon = card !== null ? CreditCard : inFile ? FileKey : KeyRound;
  return (
    <label className={styles['choice']} data-testid={`seat-${person.id}`}>
      <input type="radio" name="seat-key" checked={chosen} data-first={first ? true : undefined} disabled={disabled} onChange={onChoose} />
      <Icon aria-hidden="true" />
      <span className={styles['choiceWords']}>
        <Cut className={styles['name']}>{person.name}</Cut>
        <Cut className={styles['roles']}>{roles.length === 0 ? 'no role' : roles.join(', ')}</Cut>
      </span>
      <span className={styles['where']} title={key}><code>{keyId(fingerprint)}</code> {card !== null ? 'on a card' : inFile ? 'in a file' : 'in gpg'}</span>
    </label>
  );
}
