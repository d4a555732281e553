import { useEffect, useState, type ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import { keyId } from '../../components/wording.ts';
import { useSeat } from '../../frame/seat-store.ts';
import { readHeldKeys, useHeldKeys, type HeldKey } from '../keys/keys-store.ts';
import { Choice, Text } from './form-parts.tsx';
import { signRoster, usePeople } from './people-store.ts';
import styles from './people.module.css';

/** An administrator's signature beside the file; where nobody can sit yet, the key is chosen here. */
export function SignRoster(): ReactElement | null {
  const keys = useHeldKeys((state) => state.keys);
  const seat = useSeat((state) => state.seat);
  const working = usePeople((state) => state.working);
  const [wanted, setWanted] = useState<string | null>(null);
  const [passphrase, setPassphrase] = useState('');
  useEffect(() => {
    if (useHeldKeys.getState().keys === null) void readHeldKeys();
  }, []);
  const usable = (keys ?? []).filter(({ unusable }) => unusable === null);
  const chosen = usable.find((key) => nameOf(key) === (wanted ?? seat?.key)) ?? null;
  const inFile = chosen?.where.kind === 'file';
  const ready = chosen !== null && !working && (!inFile || passphrase !== '');
  return (
    <details className={styles['signRoster']}>
      <summary data-testid="open-sign-roster">Sign it as an administrator</summary>
      {usable.length === 0 ? <p className={styles['soft']}>There is no key here that could sign. Insert the card that holds it, or sign with gpg elsewhere: gpg --detach-sign --armor --output FILE.PERSON.asc FILE</p> : (
        <form
          className={styles['changeForm']}
          aria-label="Sign the roster"
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) void signRoster(nameOf(chosen), inFile ? passphrase : null).then(() => setPassphrase(''));
          }}
        >
          <Choice label="Key" value={chosen === null ? '' : nameOf(chosen)} options={usable.map((key) => [nameOf(key), `${key.users[0] ?? 'A key without a name'}, ${keyId(key.fingerprint)}${key.where.kind === 'file' ? ', in a file' : key.where.kind === 'card' ? ', on a card' : ''}`])} onChange={(value) => { setWanted(value); setPassphrase(''); }} testId="roster-key" />
          {inFile ? <Text label="Passphrase of the key" type="password" value={passphrase} onChange={setPassphrase} testId="roster-passphrase" /> : null}
          <p className={styles['soft']}>{seat === null ? 'Nobody sits here. A key that the roster in force gives to somebody signs only after they took the seat.' : `${seat.person.name} sits here, so a key of somebody else is refused.`}</p>
          <div><Button type="submit" kind="primary" disabled={!ready} testId="sign-roster">Sign this version</Button></div>
        </form>
      )}
    </details>
  );
}

function nameOf({ fingerprint, where }: HeldKey): string {
  return where.kind === 'file' ? where.file : fingerprint;
}
