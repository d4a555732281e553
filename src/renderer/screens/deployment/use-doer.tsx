import { useId, useState, type ReactElement } from 'react';
import type { Input } from '../../../core/contract/types.ts';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { useSigner } from '../../components/SignAs.tsx';
import { askForSeat, useSeat } from '../../frame/seat-store.ts';

export type Doer = Input<'deployment.stage'>['doer'];

interface DoerHere {
  /** Who does it; null until everything is there that it needs. */
  readonly doer: Doer | null;
  /** Who would, for a look that nobody signs. */
  readonly asker: Doer;
  readonly field: ReactElement;
  readonly clear: () => void;
}

/** Who acts here: whoever sits here, by their key; where nobody does, a name, which proves nothing. */
export function useDoer(): DoerHere {
  const seat = useSeat((state) => state.seat);
  const { signer, field, clear } = useSigner();
  const [name, setName] = useState('');
  const id = useId();
  if (seat !== null) return { doer: signer === null ? null : { ...signer, as: null }, asker: { key: seat.key, passphrase: null, as: null }, field, clear };
  const as = name.trim();
  const named = (
    <div className={controls['field']}>
      <label className={controls['label']} htmlFor={id}>Your name</label>
      <input id={id} className={controls['input']} value={name} maxLength={64} autoComplete="off" data-testid="doer-name" aria-describedby={`${id}-about`} onChange={(event) => setName(event.target.value)} />
      <p id={`${id}-about`} className={controls['hint']}>Nobody sits here by a key that the roster in force names. A name is recorded as it is typed, and proves nothing.</p>
      <div><Button kind="quiet" onClick={() => askForSeat()}>Take the seat instead</Button></div>
    </div>
  );
  return { doer: as === '' ? null : { key: null, passphrase: null, as }, asker: { key: null, passphrase: null, as: as === '' ? 'nobody' : as }, field: named, clear: () => undefined };
}
