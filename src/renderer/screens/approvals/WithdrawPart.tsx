import { useEffect, useId, useState, type ReactElement } from 'react';
import type { Assessment } from '../../../core/contract/contract.ts';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { PathText } from '../../components/Cut.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { PathField } from '../../components/PathField.tsx';
import { ProgressPanel } from '../../components/Progress.tsx';
import { Section } from '../../components/Screen.tsx';
import { useSigner } from '../../components/SignAs.tsx';
import { wantsToSign } from '../../components/wants-to-sign.ts';
import { counted, listed } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { useSeat } from '../../frame/seat-store.ts';
import { useTaskAt } from '../../frame/task-store.ts';
import styles from './approvals.module.css';
import { openWithdrawal, typeWithdrawal, useWithdrawal, withdraw } from './withdraw-store.ts';

interface WithdrawPartProps {
  readonly id: string;
  readonly assessment: Assessment;
  /** Roles that may; null while that is read. */
  readonly may: readonly string[] | null;
}

/** Takes the version back for good, once its name is typed. */
export function WithdrawPart({ id, assessment, may }: WithdrawPartProps): ReactElement {
  const { done } = useWithdrawal(id);
  const [open, setOpen] = useState(false);
  useEffect(() => openWithdrawal(id), [id]);
  const version = assessment.report.release;
  return (
    <Section title="Withdraw it">
      <p className={styles['soft']}>A withdrawn version is not deployed any more, whatever it becomes, and whoever verifies its files is told so. Its signatures stay good.{may === null || may.length === 0 ? '' : ` ${listed(may)} can.`}</p>
      {done === null ? null : (
        <div className={styles['done']} role="status" data-testid="withdrawal-done">
          <p><bdi>{done.person}</bdi> withdrew {version}, with {counted(done.artifacts.length, 'file')}. Recorded as <a href={addressOf.entry(done.record)}>{done.record}</a>.</p>
          {done.list === null ? <p className={styles['soft']}>No list was written: only consoles that have this record know of it.</p> : <p>{counted(done.list.releases, 'withdrawn release')} {done.list.releases === 1 ? 'stands' : 'stand'} in <PathText path={done.list.file} />. Publish it with its signature beside the artifacts: <code className={styles['whole']}>gpg --verify {done.list.signature} {done.list.file}</code></p>}
        </div>
      )}
      {open ? <WithdrawForm id={id} assessment={assessment} may={may ?? []} onClose={() => setOpen(false)} /> : <div><Button onClick={() => setOpen(true)} testId="open-withdraw">Withdraw {version}</Button></div>}
    </Section>
  );
}

function WithdrawForm({ id, assessment, may, onClose }: { readonly id: string; readonly assessment: Assessment; readonly may: readonly string[]; readonly onClose: () => void }): ReactElement {
  const { typed, working, error } = useWithdrawal(id);
  const { signer, field, clear } = useSigner();
  const { seat } = useSeat();
  const task = useTaskAt(addressOf.release(id, 'approvals'));
  const [confirmed, setConfirmed] = useState('');
  const [reasonId, versionId] = [useId(), useId()];
  const version = assessment.report.release;
  const own = (assessment.deciders.find((one) => one.id === seat?.person.id)?.roles ?? seat?.roles ?? []).filter((role) => may.includes(role));
  const role = typed.role !== null && own.includes(typed.role) ? typed.role : (own[0] ?? null);
  const wants = seat === null ? null : role === null ? `You have none of the roles that may withdraw a release: ${may.length === 0 ? 'the policy in force gives it to nobody' : listed(may)}.` : typed.reason.trim() === '' ? 'Say why.' : confirmed.trim() !== version ? `Type ${version} to confirm it.` : signer === null ? wantsToSign(seat) : null;
  return (
    <form
      className={styles['form']}
      aria-label={`Withdraw ${version}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (signer === null || role === null || wants !== null) return;
        void withdraw(id, assessment.draft, role, signer).then((recorded) => {
          if (!recorded) return;
          clear();
          onClose();
        });
      }}
    >
      {own.length < 2 ? null : (
        <fieldset className={styles['choices']}>
          <legend className={controls['label']}>In the role of</legend>
          {own.map((one) => <label key={one} className={controls['choice']}><input type="radio" name={`withdraw-${id}`} checked={one === role} onChange={() => typeWithdrawal(id, { role: one })} />{one}</label>)}
        </fieldset>
      )}
      <div className={controls['field']}>
        <label className={controls['label']} htmlFor={reasonId}>Why it is taken back</label>
        <textarea id={reasonId} className={controls['input']} rows={2} maxLength={4_000} dir="auto" value={typed.reason} data-testid="withdraw-reason" onChange={(event) => typeWithdrawal(id, { reason: event.target.value })} />
      </div>
      <PathField label="Folder for the list" hint="withdrawn.json, the list of every withdrawn release, and its signature by your key. Publish both beside the artifacts; empty writes none." choose="folder" value={typed.folder} testId="withdraw-folder" onChange={(folder) => typeWithdrawal(id, { folder })} />
      <div className={controls['field']}>
        <label className={controls['label']} htmlFor={versionId}>The version, typed</label>
        <input id={versionId} className={controls['input']} autoComplete="off" spellCheck={false} value={confirmed} data-testid="withdraw-version" onChange={(event) => setConfirmed(event.target.value)} />
      </div>
      {field}
      {error === null ? null : <ErrorPanel error={error} />}
      {task === null ? null : <ProgressPanel task={task} />}
      <div className={styles['acts']}>
        <Button type="submit" kind="primary" disabled={signer === null || role === null || wants !== null || working} testId="withdraw">{working ? `Withdrawing ${version}` : `Withdraw ${version}`}</Button>
        <Button kind="quiet" onClick={onClose}>Leave it</Button>
        <p className={styles['soft']} role="status">{wants ?? (seat === null ? '' : 'Afterwards the gate of this version is closed for good, here and on every console that has the record.')}</p>
      </div>
    </form>
  );
}
