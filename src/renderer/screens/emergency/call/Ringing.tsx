import { useId, useState, type ReactElement } from 'react';
import type { EmergencyDetail } from '../../../../core/contract/emergency-calls.ts';
import type { AppError } from '../../../../core/model/errors.ts';
import { Button } from '../../../components/Button.tsx';
import controls from '../../../components/controls.module.css';
import { ErrorPanel } from '../../../components/ErrorPanel.tsx';
import type { ActSigner } from '../../../components/SignAs.tsx';
import { TimeText } from '../../../components/TimeText.tsx';
import { counted } from '../../../components/wording.ts';
import { wantsToSign } from '../../../components/wants-to-sign.ts';
import { client, shownError } from '../../../core-client.ts';
import { useSeat } from '../../../frame/seat-store.ts';
import { useKeys } from '../../../frame/use-keys.ts';
import { Choice, Line } from '../../deployment/fields.tsx';
import { readDetail } from '../detail-store.ts';
import { OUTCOME_WORDS, OUTCOMES, type Outcome } from './attempt-words.ts';
import { Onward } from './Block.tsx';
import { CHANNELS, channelIn, type CallFields } from './call-fields.ts';
import type { Asked } from './CallScreen.tsx';
import styles from './call.module.css';

interface RingingProps {
  readonly detail: EmergencyDetail;
  readonly asked: Asked;
  readonly signer: ActSigner | null;
  /** The passphrase does not open the key. */
  readonly onNotOpened: () => void;
  readonly fields: CallFields;
  readonly change: (some: Partial<CallFields>) => void;
  readonly onReached: () => void;
}

/** Which number or room of the roster is called, and by one key what came of it where nobody decides. */
export function Ringing({ detail, asked, signer, onNotOpened, fields, change, onReached }: RingingProps): ReactElement {
  const id = useId();
  const seat = useSeat((state) => state.seat);
  const [error, setError] = useState<AppError | null>(null);
  const [working, setWorking] = useState(false);
  const { record } = detail.emergency;
  const called = asked.numbers.includes(fields.called) ? fields.called : (asked.numbers[0] ?? '');
  const attempts = detail.attempts.filter(({ approver, role }) => approver === asked.id && role === asked.role);
  const cannot = called === '' ? `The roster has no number and no room of ${asked.name}.` : signer === null ? wantsToSign(seat) : null;
  const missed = async (outcome: Outcome): Promise<void> => {
    if (signer === null || called === '' || working) return;
    setWorking(true);
    setError(null);
    try {
      await client.call('verbal.attempt', { emergency: record, ...signer, approver: asked.id, role: asked.role, called, outcome, words: `${OUTCOME_WORDS[outcome] ?? outcome}, at ${called}.` });
      await readDetail(record);
    } catch (cause) {
      const shown = shownError(cause);
      setError(shown);
      if (shown.code === 'pin-failed') onNotOpened();
    } finally {
      setWorking(false);
    }
  };
  useKeys(Object.fromEntries(OUTCOMES.map(([outcome], index) => [String(index + 1), () => {
    if (cannot !== null) return false;
    void missed(outcome);
    return true;
  }])));
  const late = fields.late === 'yes';
  return (
    <Onward
      verb={`${asked.name} is on the line`} wanting={called === '' ? cannot : late && fields.spokenAt.trim() === '' ? 'Say when it was said.' : null}
      onNext={() => {
        change({ called });
        onReached();
      }}
    >
      <fieldset className={styles['numbers']}>
        <legend className={styles['asked']}>The number or the room, as the roster has it</legend>
        {asked.numbers.map((number, index) => (
          <label key={number} className={styles['numberChoice']} data-chosen={number === called}>
            <input type="radio" name={id} value={number} checked={number === called} data-first={number === called ? true : undefined} onChange={() => change({ called: number })} data-testid={`number-${index + 1}`} />
            <span>{number}</span>
          </label>
        ))}
        {asked.numbers.length === 0 ? <p className={styles['soft']}>{cannot} Only these count, because anybody can call and say who they are.</p> : null}
      </fieldset>
      <label className={controls['choice']}><input type="checkbox" checked={fields.callBack === 'yes'} data-testid="call-back" onChange={(event) => change({ callBack: event.target.checked ? 'yes' : 'no' })} />I called this number myself, or called back on it</label>
      <div className={styles['missed']} role="group" aria-label="Nobody who decides: log the attempt">
        <span className={styles['soft']}>Not reached? One key logs it:</span>
        {OUTCOMES.map(([outcome, words], index) => <Button key={outcome} disabled={cannot !== null || working} onClick={() => void missed(outcome)} testId={`attempt-${outcome}`}><kbd aria-hidden="true">{index + 1}</kbd>{words}</Button>)}
        {cannot === null || called === '' ? null : <span className={styles['soft']}>{cannot}</span>}
      </div>
      {error === null ? null : <ErrorPanel error={error} />}
      {attempts.length === 0 ? null : (
        <p className={styles['soft']} role="status" data-testid="attempts-here">{counted(attempts.length, 'attempt')} logged; the newest: {OUTCOME_WORDS[attempts.at(-1)?.outcome ?? ''] ?? ''}, <TimeText time={attempts.at(-1)?.at ?? detail.at} />.</p>
      )}
      <details open={late || fields.channel !== 'phone' || undefined}>
        <summary>Not on the telephone, or written on paper first</summary>
        <div className={styles['more']}>
          <Choice label="How you speak" options={CHANNELS} value={channelIn(fields.channel)} onChange={(channel) => change({ channel })} testId="call-channel" />
          <label className={controls['choice']}><input type="checkbox" checked={late} data-testid="call-late" onChange={(event) => change({ late: event.target.checked ? 'yes' : '' })} />It was written on paper, and is entered now</label>
          {late ? <Line label="When it was said, in UTC" hint="As 2026-01-12 02:40. The record is marked as entered late." value={fields.spokenAt} onChange={(spokenAt) => change({ spokenAt })} testId="call-spoken-at" /> : null}
        </div>
      </details>
    </Onward>
  );
}
