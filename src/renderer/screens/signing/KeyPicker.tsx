import { CreditCard, FileKey, KeyRound } from 'lucide-react';
import type { ReactElement } from 'react';
import type { SigningKey } from '../../../core/contract/contract.ts';
import { Button } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { keyId, utc } from '../../components/wording.ts';
import { nameOfKey, readKeys, useSigning, type RoomKey } from './signing-store.ts';
import styles from './signing.module.css';

const WHY: Readonly<Record<NonNullable<SigningKey['unusable']>, string>> = {
  expired: 'It has expired. Extend it, or choose another.',
  revoked: 'It is revoked and never signs again.',
  disabled: 'It is disabled in gpg.',
  'cannot-sign': 'It has no part that can sign.',
  'secret-missing': 'Its secret part is not on this machine. If it is on a card, insert the card.',
};

/** The keys that gpg holds, and those in files; those that cannot sign say why. */
export function KeyPicker({ chosen, disabled, onChoose }: { readonly chosen: RoomKey | null; readonly disabled: boolean; readonly onChoose: (fingerprint: string) => void }): ReactElement {
  const { keys, keysProblem, keysError } = useSigning();
  return (
    <fieldset className={styles['keys']} data-testid="key-picker">
      <legend className={styles['legend']}>Key</legend>
      {keysError === null ? null : <ErrorPanel error={keysError} onRetry={() => void readKeys()} />}
      {keysProblem === null ? null : <Empty>{keysProblem}</Empty>}
      {keys?.length === 0 && keysProblem === null ? <Empty action={<Button onClick={() => void readKeys()}>Look for keys again</Button>}>There is no secret key on this machine. Insert the card that holds one, or make one under Keys.</Empty> : null}
      {[...(keys ?? [])].sort((a, b) => Number(a.unusable !== null) - Number(b.unusable !== null)).map((key) => <KeyChoice key={nameOfKey(key)} signingKey={key} chosen={key === chosen} disabled={disabled} onChoose={onChoose} />)}
    </fieldset>
  );
}

function KeyChoice({ signingKey, chosen, disabled, onChoose }: {
  readonly signingKey: RoomKey; readonly chosen: boolean; readonly disabled: boolean; readonly onChoose: (fingerprint: string) => void;
}): ReactElement {
  const { fingerprint, signing, users, algorithm, created, expires, onCard, unusable, file } = signingKey;
  const Icon = onCard !== null ? CreditCard : file !== null ? FileKey : KeyRound;
  return (
    <label className={styles['key']} data-unusable={unusable !== null} title={users.join('\n')}>
      <input type="radio" name="signing-key" value={nameOfKey(signingKey)} checked={chosen} disabled={disabled || unusable !== null} onChange={() => onChoose(nameOfKey(signingKey))} />
      <Icon aria-hidden="true" />
      <span className={styles['keyBody']}>
        <span className={styles['keyName']} dir="auto">{users[0] ?? 'A key without a name'}</span>
        <span className={styles['keyFacts']}>
          <code title={signing ?? fingerprint}>{keyId(signing ?? fingerprint)}</code>
          {unusable === null ? (
            <>
              <span>{algorithm}</span>
              <span>made {utc(created).slice(0, 10)}</span>
              <span>{expires === null ? 'does not expire' : <>expires <TimeText time={expires} /></>}</span>
            </>
          ) : null}
          {onCard === null ? null : <span>on card <code>{onCard}</code></span>}
          {file === null ? null : <span>in a file</span>}
        </span>
        {unusable === null ? null : <span className={styles['why']}>{unusable === 'expired' && expires !== null ? `It expired ${utc(expires).slice(0, 10)}. Extend it, or choose another.` : WHY[unusable]}</span>}
      </span>
    </label>
  );
}
