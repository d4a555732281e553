import { useEffect, useId, useState, type ReactElement } from 'react';
import { readSeat, useSeat } from '../frame/seat-store.ts';
import controls from './controls.module.css';
import { keyId } from './wording.ts';

/** With what an act is signed: the key of whoever sits here, and its passphrase where it lies in a file. */
export interface ActSigner {
  readonly key: string;
  readonly passphrase: string | null;
}

/** `signer` is null until everything is there that signing needs; `field` says who signs, and asks for what is wanting. `clear` forgets the passphrase. */
export function useSigner(): { readonly signer: ActSigner | null; readonly field: ReactElement; readonly clear: () => void } {
  const { seat } = useSeat();
  const [passphrase, setPassphrase] = useState('');
  const id = useId();
  useEffect(() => {
    void readSeat();
  }, []);
  if (seat === null) return { signer: null, clear: () => undefined, field: <p className={controls['hint']}>Nobody sits here whose key the roster in force names for approvals. Insert the card that holds it, or add the key under Keys.</p> };
  const field = (
    <div className={controls['field']}>
      <p className={controls['hint']}>Signed as {seat.person.name} with <code>{keyId(seat.fingerprint)}</code>.</p>
      {seat.inFile ? (
        <>
          <label className={controls['label']} htmlFor={id}>Passphrase of your key</label>
          <input id={id} className={controls['input']} type="password" autoComplete="off" value={passphrase} data-testid="act-passphrase" onChange={(event) => setPassphrase(event.target.value)} />
        </>
      ) : null}
    </div>
  );
  const whole = !seat.inFile || passphrase !== '';
  return { signer: whole ? { key: seat.key, passphrase: seat.inFile ? passphrase : null } : null, field, clear: () => setPassphrase('') };
}
