import { useState, type ReactElement } from 'react';
import type { EmergencyDetail } from '../../../../core/contract/emergency-calls.ts';
import type { VerbalRequestShown, VerbalShown } from '../../../../core/contract/verbal-calls.ts';
import type { AppError } from '../../../../core/model/errors.ts';
import { Button } from '../../../components/Button.tsx';
import { ErrorPanel } from '../../../components/ErrorPanel.tsx';
import { ProgressPanel } from '../../../components/Progress.tsx';
import type { ActSigner } from '../../../components/SignAs.tsx';
import { counted, instantOf } from '../../../components/wording.ts';
import { wantsToSign } from '../../../components/wants-to-sign.ts';
import { shownError } from '../../../core-client.ts';
import { addressOf } from '../../../frame/routes.ts';
import { useSeat } from '../../../frame/seat-store.ts';
import { runTask, useTaskAt } from '../../../frame/task-store.ts';
import { Choice, pathsIn, Words } from '../../deployment/fields.tsx';
import { readDetail } from '../detail-store.ts';
import { isWhole } from './blind.ts';
import type { Heard } from './call-store.ts';
import { channelIn, type CallFields } from './call-fields.ts';
import type { Asked } from './CallScreen.tsx';
import styles from './call.module.css';

interface DecideProps {
  readonly detail: EmergencyDetail;
  readonly asked: Asked;
  readonly open: VerbalRequestShown;
  readonly signer: ActSigner | null;
  /** The passphrase does not open the key. */
  readonly onNotOpened: () => void;
  readonly fields: CallFields;
  readonly change: (some: Partial<CallFields>) => void;
  readonly heard: Heard;
  readonly refuses: boolean;
  readonly onBack: () => void;
  readonly onTry: () => void;
  /** A read-back or a code was not right, which is on record. */
  readonly onWrong: (error: AppError) => void;
  readonly onOutcome: (outcome: VerbalShown) => void;
}

/** What they answered, in their words, and the taker's signature over all of it. */
export function Decide({ detail, asked, open, signer, onNotOpened, fields, change, heard, refuses, onBack, onTry, onWrong, onOutcome }: DecideProps): ReactElement {
  const { record } = detail.emergency;
  const seat = useSeat((state) => state.seat);
  const [error, setError] = useState<AppError | null>(null);
  const [working, setWorking] = useState(false);
  const address = addressOf.callOf(record, open.record);
  const task = useTaskAt(address);
  const decision = fields.decision === 'refuse' ? 'refuse' : fields.decision === 'approve' ? 'approve' : null;
  const coded = isWhole(heard.code);
  const witness = open.witnesses.find(({ id }) => id === fields.witness) ?? null;
  const late = fields.late === 'yes';
  const spokenAt = late ? instantOf(fields.spokenAt) : null;
  const wanting =
    working ? 'It is judged and signed.'
    : decision === null ? 'Choose what they answered.'
    : fields.words.trim() === '' ? 'Write down what they said, in their words.'
    : late && spokenAt === null ? 'The time on the paper is written as 2026-01-12 02:40, in UTC. Go back to the call for it.'
    : signer === null ? wantsToSign(seat) : null;
  const send = async (): Promise<void> => {
    if (signer === null || decision === null) return;
    setWorking(true);
    setError(null);
    onTry();
    try {
      const outcome = await runTask('verbal.record', {
        request: open.record, ...signer, decision, channel: channelIn(fields.channel), called: fields.called, callBack: fields.callBack === 'yes', words: fields.words.trim(),
        readBack: heard.readBack.map((word) => word.trim()).filter((word) => word !== ''), voiceCode: coded ? heard.code.map((word) => word.trim()) : null, witness: witness?.id ?? null,
        spokenAt, late, files: pathsIn(fields.files), consent: fields.consent === 'yes',
      }, { label: `Recording what ${asked.name} answered`, address, done: ({ why }) => why });
      onOutcome(outcome);
    } catch (cause) {
      const shown = shownError(cause);
      setError(shown);
      if (shown.code === 'pin-failed') onNotOpened();
      await readDetail(record);
      if (shown.details['failed'] !== undefined) onWrong(shown);
    } finally {
      setWorking(false);
    }
  };
  return (
    <form className={styles['onward']} aria-label="Their answer" data-testid="decide" onSubmit={(event) => {
      event.preventDefault();
      if (wanting === null) void send();
    }}>
      <p className={styles['ask']}>Ask: <q>Do you approve {open.release}, or refuse it?</q></p>
      <div data-first-in>
        <Choice label="They" options={[['approve', 'Approve'], ['refuse', 'Refuse']]} value={decision ?? ('' as 'approve')} onChange={(next) => change({ decision: next })} testId="call-decision" />
      </div>
      <Words label="What they said, in their words" value={fields.words} onChange={(words) => change({ words })} testId="call-words" />
      <p className={styles['soft']} data-testid="call-after">{afterwards(asked, open.release, decision, coded, witness?.name ?? null)}</p>
      {task === null ? null : <ProgressPanel task={task} />}
      {error === null ? null : <ErrorPanel error={error} />}
      <div className={styles['acts']}>
        <Button type="submit" kind="primary" disabled={wanting !== null} testId="sign-call">{decision === 'refuse' ? `Sign that ${asked.name} refuses` : decision === 'approve' ? `Sign that ${asked.name} approves` : 'Sign their answer'}</Button>
        {refuses && !isWhole(heard.readBack) ? <Button kind="quiet" onClick={onBack}>They do not refuse: go on with the words</Button> : null}
        {wanting === null ? null : <span className={styles['soft']}>{wanting}</span>}
      </div>
      {open.failed === 0 ? null : <p className={styles['soft']}>{counted(open.triesLeft, 'try is left', 'tries are left')}; then it is asked anew.</p>}
    </form>
  );
}

/** What will be true once it is signed: who it was decides whether it opens anything. */
function afterwards({ name, role }: Asked, release: string, decision: 'approve' | 'refuse' | null, coded: boolean, witness: string | null): string {
  if (decision === null) return 'What you sign is what they said. It is not taken back.';
  if (decision === 'refuse') return `Afterwards it is on record that ${name} refuses ${release} as ${role}, and by this word nothing opens.`;
  const who = coded && witness !== null ? `by their code, if it is right, and ${witness} signs too` : coded ? 'by their code, if it is right' : witness !== null ? `by ${witness}, who signs that they heard it` : null;
  return who === null ? `Afterwards it is on record by your word alone that ${name} approves ${release}. It opens nothing.` : `Afterwards ${name}’s approval of ${release} as ${role} counts ${who}. It is to be ratified by their signature.`;
}
