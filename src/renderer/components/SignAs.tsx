import { useEffect, useId, useState, type ReactElement } from 'react';
import { askForSeat, readSeat, useSeat } from '../frame/seat-store.ts';
import { Button } from './Button.tsx';
import controls from './controls.module.css';
import styles from './sign-as.module.css';
import { counted, keyId } from './wording.ts';

/** With what an act is signed: the key of whoever sits here, and its passphrase where it lies in a file. */
export interface ActSigner {
  readonly key: string;
  readonly passphrase: string | null;
}

/** `signer` is null until everything is there that signing needs; `field` says who signs, and asks for what is wanting. `clear` forgets the passphrase. */
export function useSigner(): { readonly signer: ActSigner | null; readonly field: ReactElement; readonly clear: () => void } {
  const { seat, keys, problem, locked } = useSeat();
  const [passphrase, setPassphrase] = useState('');
  const id = useId();
  useEffect(() => {
    void readSeat();
  }, []);
  useEffect(() => {
    // A passphrase is never left for whoever comes next.
    setPassphrase('');
  }, [locked, seat?.key]);
  const clear = (): void => setPassphrase('');
  if (seat === null) {
    const people = [...new Set((keys ?? []).map(({ person }) => person.name))];
    return {
      signer: null, clear,
      field: (
        <div className={styles['seatless']} data-testid="seatless">
          <p className={controls['hint']}>
            {problem ?? (keys === null ? 'Looking which keys are here.' : `Nobody sits here, so nothing is signed. ${counted(keys.length, 'key')} here could: ${people.join(', ')}.`)}
          </p>
          <Button onClick={() => askForSeat()} testId="take-seat-here">Take the seat</Button>
        </div>
      ),
    };
  }
  if (!seat.use.includes('approve')) {
    return {
      signer: null, clear,
      field: (
        <div className={styles['seatless']}>
          <p className={controls['hint']}>{seat.person.name} sits here with <code>{keyId(seat.fingerprint)}</code>, which the roster names for {seat.use.join(' and ')} and not for approvals, so it gives no word here.</p>
          <Button onClick={() => askForSeat()}>Take the seat with another key</Button>
        </div>
      ),
    };
  }
  const field = (
    <div className={controls['field']}>
      <p className={controls['hint']}>
        Signed as {seat.person.name} with <code>{keyId(seat.fingerprint)}</code>{seat.card === null ? '' : ', on the card'}.{seat.inFile ? '' : ' Its PIN or passphrase is asked by gpg, outside this window.'}
      </p>
      {seat.inFile ? (
        <>
          <label className={controls['label']} htmlFor={id}>Passphrase of your key</label>
          <input id={id} className={controls['input']} type="password" autoComplete="off" value={passphrase} data-testid="act-passphrase" onChange={(event) => setPassphrase(event.target.value)} />
        </>
      ) : null}
    </div>
  );
  const whole = !locked && (!seat.inFile || passphrase !== '');
  return { signer: whole ? { key: seat.key, passphrase: seat.inFile ? passphrase : null } : null, field, clear };
}
