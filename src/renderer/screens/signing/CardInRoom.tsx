import type { ReactElement } from 'react';
import { counterWords } from '../../../core/model/card.ts';
import type { SigningKey } from '../../../core/contract/contract.ts';
import { Button } from '../../components/Button.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { counted } from '../../components/wording.ts';
import { readCard, useSigning } from './signing-store.ts';
import styles from './room.module.css';

/** The card that holds the chosen key: whether it can sign now, tries left, and its counter against the last one recorded. */
export function CardInRoom({ signingKey }: { readonly signingKey: SigningKey }): ReactElement | null {
  const { card: read, counter } = useSigning();
  if (signingKey.onCard === null || read === null) return null;
  const { card, message, hint, state } = read;
  if (card === null || state !== 'ready') {
    return <Trouble words={message} hint={hint} />;
  }
  if (card.id !== signingKey.onCard) {
    return <Trouble words={`Another card is in the reader: ${card.serial}.`} hint={`Insert the card ${signingKey.onCard}, which holds this key.`} />;
  }
  const { serial, manufacturer, holder, tries, touch, signatures } = card;
  return (
    <div className={styles['card']} data-testid="card-in-room">
      <p><StatusSign status="passed" silent /> {manufacturer} {serial}{holder === null ? '' : <>, of <bdi>{holder}</bdi></>}, is ready. <strong>{counted(tries.user, 'PIN try', 'PIN tries')} left.</strong> {touch === null ? 'It does not say whether it wants a touch.' : touch === 'off' ? 'It asks for no touch.' : 'Each signature waits for a touch.'}</p>
      <p className={styles['soft']}>Signature counter {signatures.toLocaleString('en-GB')}. {counterWords(signatures, counter)}</p>
    </div>
  );
}

function Trouble({ words, hint }: { readonly words: string; readonly hint: string | null }): ReactElement {
  return (
    <div className={styles['card']} role="status" data-testid="card-in-room">
      <p><StatusSign status="missing" silent /> <strong>{words}</strong> {hint}</p>
      <div><Button onClick={() => void readCard()}>Ask the card again</Button></div>
    </div>
  );
}
