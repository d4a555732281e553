import { useState, type ReactElement } from 'react';
import type { EmergencyDetail } from '../../../../core/contract/emergency-calls.ts';
import type { VerbalRequestShown } from '../../../../core/contract/verbal-calls.ts';
import type { AppError } from '../../../../core/model/errors.ts';
import { ButtonLink } from '../../../components/Button.tsx';
import { ErrorPanel } from '../../../components/ErrorPanel.tsx';
import { ProgressPanel } from '../../../components/Progress.tsx';
import type { ActSigner } from '../../../components/SignAs.tsx';
import { TimeText } from '../../../components/TimeText.tsx';
import { wantsToSign } from '../../../components/wants-to-sign.ts';
import { shownError } from '../../../core-client.ts';
import { addressOf } from '../../../frame/routes.ts';
import { useSeat } from '../../../frame/seat-store.ts';
import { runTask, useTaskAt } from '../../../frame/task-store.ts';
import { Words } from '../../deployment/fields.tsx';
import { useKept } from '../../deployment/use-kept.ts';
import { RecordLink } from '../../deployment/WatchPart.tsx';
import { useReleases } from '../../releases/releases-store.ts';
import { Block, Onward } from './Block.tsx';
import type { Asked } from './CallScreen.tsx';
import styles from './call.module.css';

/** What is to be read aloud is logged first, so that the words that are read back are of nothing else (FORMATS §7). */
export function Prepare({ detail, asked, signer, onNotOpened, onMade }: { readonly detail: EmergencyDetail; readonly asked: Asked; readonly signer: ActSigner | null; /** The passphrase does not open the key. */ readonly onNotOpened: () => void; readonly onMade: (made: VerbalRequestShown) => void }): ReactElement {
  const { record, release } = detail.emergency;
  const { fields, change, forget } = useKept(`emergency.risk.${record}`, { risk: '' });
  const seat = useSeat((state) => state.seat);
  const saved = useReleases(({ releases }) => releases?.find(({ draft }) => draft.version === release) ?? null);
  const [error, setError] = useState<AppError | null>(null);
  const [working, setWorking] = useState(false);
  const address = addressOf.call(record, asked.id, asked.role);
  const task = useTaskAt(address);
  const make = async (): Promise<void> => {
    if (saved === null || signer === null) return;
    setWorking(true);
    setError(null);
    try {
      const made = await runTask('verbal.request', { emergency: record, draft: saved.draft, approver: asked.id, role: asked.role, risk: fields.risk.trim(), ...signer }, { label: `Judging ${release ?? ''} and logging what is read`, address, done: () => `What is read to ${asked.name} is logged.` });
      forget();
      onMade(made);
    } catch (cause) {
      const shown = shownError(cause);
      setError(shown);
      if (shown.code === 'pin-failed') onNotOpened();
    } finally {
      setWorking(false);
    }
  };
  const wanting = working ? 'It is judged and logged.' : fields.risk.trim() === '' ? 'Say what could go wrong: it is read to them.' : signer === null ? wantsToSign(seat) : null;
  return (
    <Block number={1} title="Log what is read to them" state={asked.open === null ? 'now' : 'done'} onBack={null} summary={asked.open === null ? null : <>Logged <TimeText time={asked.open.askedAt} short />, <RecordLink id={asked.open.record} /></>}>
      {asked.numbers.length === 0 ? <p data-testid="no-number">The roster has no number and no room of {asked.name}, so nothing that is said in their name would count. Ask somebody whom it has a number of.</p> : release === null ? <p data-testid="no-release">No version that mends it is named yet, so there is nothing that could be approved. <a href={addressOf.emergency(record)}>Name it first</a></p> : saved === null ? (
        <div className={styles['acts']} data-testid="not-loaded"><p><code>{release}</code> is not loaded on this console. What is read is made from its digests and its judgement, so it has to be.</p><ButtonLink href={addressOf.newRelease} kind="primary">Load {release}</ButtonLink></div>
      ) : (
        <Onward verb={`Log what is read to ${asked.name}`} wanting={wanting} onNext={() => void make()}>
          <div data-first-in>
            <Words label={`What could go wrong with ${release}`} hint="One or two sentences. They are part of what is read aloud, after the digests and the version." value={fields.risk} onChange={(risk) => change({ risk })} testId="call-risk" />
          </div>
          {task === null ? null : <ProgressPanel task={task} />}
          {error === null ? null : <ErrorPanel error={error} />}
        </Onward>
      )}
    </Block>
  );
}
