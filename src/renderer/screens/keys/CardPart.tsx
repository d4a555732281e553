import type { ReactElement } from 'react';
import type { Card, CardStatus } from '../../../core/model/card.ts';
import { StatusSign } from '../../components/StatusSign.tsx';
import { counted, grouped } from '../../components/wording.ts';
import { EnrolCard } from './EnrolCard.tsx';
import styles from './keys.module.css';

const TOUCH = { off: 'No touch is asked for', on: 'Each signature waits for a touch', permanent: 'Each signature waits for a touch, and that cannot be turned off' } as const;

/** What the reader says: one state in words with its next step, and whose card it is. */
export function CardPart({ status: { state, message, hint, card } }: { readonly status: CardStatus }): ReactElement {
  const sign = state === 'ready' ? 'passed' : state === 'no-card' || state === 'no-reader' ? 'missing' : 'failed';
  return (
    <div className={styles['card']} data-testid="card" data-state={state}>
      <p className={styles['state']}><StatusSign status={sign} silent /><strong>{message}</strong></p>
      {hint === null ? null : <p className={styles['soft']}>{hint}</p>}
      {card === null ? null : <CardFacts card={card} />}
      {card === null || card.keys.sign === null ? null : <EnrolCard />}
    </div>
  );
}

function CardFacts({ card }: { readonly card: Card }): ReactElement {
  const { manufacturer, serial, version, reader, holder, keys, algorithm, tries, signatures, touch, pinEachTime } = card;
  return (
    <dl className={styles['facts']}>
      <dt>Card</dt>
      <dd>{manufacturer} <code>{serial}</code>, OpenPGP {version}, in {reader}</dd>
      <dt>Holder</dt>
      <dd dir="auto">{holder ?? 'It names none'}</dd>
      <dt>Signing key</dt>
      <dd>{keys.sign === null ? 'None' : <>{algorithm} <code>{grouped(keys.sign)}</code></>}</dd>
      <dt>PIN</dt>
      <dd data-testid="pin-tries">{tries.user === 0 ? 'Blocked' : `${counted(tries.user, 'try', 'tries')} left`}; reset code {tries.reset}, admin PIN {tries.admin}. {pinEachTime ? 'It is asked for before each signature.' : 'It is asked for once, then the card stays open.'}</dd>
      <dt>Touch</dt>
      <dd>{touch === null ? 'The card does not say' : TOUCH[touch]}</dd>
      <dt>Signatures made</dt>
      <dd>{signatures.toLocaleString('en-GB')}, anywhere, by this key on this card</dd>
    </dl>
  );
}
