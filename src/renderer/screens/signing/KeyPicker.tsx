import { CreditCard, KeyRound } from 'lucide-react';
import type { ReactElement } from 'react';
import type { SigningKey } from '../../../core/contract/contract.ts';
import { Button } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { keyId, utc } from '../../components/wording.ts';
import { readKeys, useSigning } from './signing-store.ts';
import styles from './signing.module.css';

const WHY: Readonly<Record<NonNullable<SigningKey['unusable']>, string>> = {
  expired: 'It has expired. Extend it, or choose another.',
  revoked: 'It is revoked and never signs again.',
  disabled: 'It is disabled in gpg.',
  'cannot-sign': 'It has no part that can sign.',
  'secret-missing': 'Its secret part is not on this machine. If it is on a card, insert the card.',
};

/** The secret keys that gpg has; those that cannot sign say why. */
export function KeyPicker({ chosen, disabled, onChoose }: { readonly chosen: SigningKey | null; readonly disabled: boolean; readonly onChoose: (fingerprint: string) => void }): ReactElement {
  const { keys, keysProblem, keysError } = useSigning();
  return (
    <fieldset className={styles['keys']} data-testid="key-picker">
      <legend className={styles['legend']}>Key</legend>
      {keysError === null ? null : <ErrorPanel error={keysError} onRetry={() => void readKeys()} />}
      {keysProblem === null ? null : <Empty>{keysProblem}</Empty>}
      {keys?.length === 0 && keysProblem === null ? <Empty action={<Button onClick={() => void readKeys()}>Look for keys again</Button>}>gpg has no secret key on this machine. Make one, or insert the card that holds it.</Empty> : null}
      {[...(keys ?? [])].sort((a, b) => Number(a.unusable !== null) - Number(b.unusable !== null)).map((key) => <KeyChoice key={key.fingerprint} signingKey={key} chosen={key === chosen} disabled={disabled} onChoose={onChoose} />)}
    </fieldset>
  );
}

function KeyChoice({ signingKey, chosen, disabled, onChoose }: {
  readonly signingKey: SigningKey; readonly chosen: boolean; readonly disabled: boolean; readonly onChoose: (fingerprint: string) => void;
}): ReactElement {
  const { fingerprint, signing, users, algorithm, created, expires, onCard, unusable } = signingKey;
  const Icon = onCard === null ? KeyRound : CreditCard;
  return (
    <label className={styles['key']} data-unusable={unusable !== null} title={users.join('\n')}>
      <input type="radio" name="signing-key" value={fingerprint} checked={chosen} disabled={disabled || unusable !== null} onChange={() => onChoose(fingerprint)} />
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
        </span>
        {unusable === null ? null : <span className={styles['why']}>{unusable === 'expired' && expires !== null ? `It expired ${utc(expires).slice(0, 10)}. Extend it, or choose another.` : WHY[unusable]}</span>}
      </span>
    </label>
  );
}
