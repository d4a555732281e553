import { useId, type ReactElement } from 'react';
import type { ActView } from '../../../core/contract/approval-calls.ts';
import type { Assessment } from '../../../core/contract/contract.ts';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { PathField } from '../../components/PathField.tsx';
import { ProgressPanel } from '../../components/Progress.tsx';
import { Section } from '../../components/Screen.tsx';
import { useSigner } from '../../components/SignAs.tsx';
import { wantsToSign } from '../../components/wants-to-sign.ts';
import { useSeat } from '../../frame/seat-store.ts';
import { useTaskAt } from '../../frame/task-store.ts';
import { addressOf } from '../../frame/routes.ts';
import { askedRoles, obstaclesTo, type Obstacle } from '../approvals/decisions.ts';
import { decide, type, useDesk, type Typed } from './approve-store.ts';
import styles from './approve.module.css';

interface DecisionFormProps {
  readonly id: string;
  readonly assessment: Assessment;
  readonly acts: readonly ActView[] | null;
  /** It is judged again just now, so that what is shown may be of before. */
  readonly judging: boolean;
}

/** Approve or reject, in a role, with a reason; signing is the act. What could not count is said before. */
export function DecisionForm({ id, assessment, acts, judging }: DecisionFormProps): ReactElement {
  const { typed, signing, error } = useDesk(id);
  const { signer, field, clear } = useSigner();
  const { seat } = useSeat();
  const task = useTaskAt(addressOf.approve(id));
  // Of somebody who stands in for another the roster's own list says less than what counts today.
  const own = assessment.deciders.find((one) => one.id === seat?.person.id);
  const roles = own?.roles ?? seat?.roles ?? [];
  const asked = askedRoles(assessment);
  const open = typed.decision === 'approve' ? roles.filter((role) => asked.includes(role)) : roles;
  const role = typed.role !== null && open.includes(typed.role) ? typed.role : (open.find((one) => asked.includes(one)) ?? open[0] ?? null);
  const obstacles = typed.decision === 'approve' ? obstaclesTo(assessment, acts ?? [], seat?.person.id ?? null, role) : [];
  const wants = seat === null ? null : wanting(typed, role, assessment, obstacles);
  const ready = signer !== null && role !== null && wants === null && !signing && !judging;
  return (
    <div className={styles['screenOnly']}>
      <Section title="Your decision">
        <form
          className={styles['form']}
          aria-label="Your decision"
          onSubmit={(event) => {
            event.preventDefault();
            if (!ready) return;
            void decide(id, assessment, role, signer).then((recorded) => {
              if (recorded) clear();
            });
          }}
        >
          <fieldset className={styles['choices']} disabled={signing}>
            <legend className={controls['label']}>Decision</legend>
            <label className={controls['choice']}><input type="radio" name={`decision-${id}`} checked={typed.decision === 'approve'} data-testid="decision-approve" onChange={() => type(id, { decision: 'approve' })} />Approve it as it is judged now</label>
            <label className={controls['choice']}><input type="radio" name={`decision-${id}`} checked={typed.decision === 'reject'} data-testid="decision-reject" onChange={() => type(id, { decision: 'reject' })} />Reject it as it is</label>
          </fieldset>
          {obstacles.length === 0 ? null : <Obstacles obstacles={obstacles} />}
          {open.length === 0 ? null : (
            <fieldset className={styles['choices']} disabled={signing}>
              <legend className={controls['label']}>In the role of</legend>
              {open.map((one) => <label key={one} className={controls['choice']}><input type="radio" name={`role-${id}`} checked={one === role} data-testid={`role-${one}`} onChange={() => type(id, { role: one })} />{one}</label>)}
            </fieldset>
          )}
          <Text label={typed.decision === 'reject' ? 'What has to be mended' : 'Reason, as you want it remembered'} value={typed.reason} testId="reason" disabled={signing} onChange={(reason) => type(id, { reason })} />
          <Text label="What it does to security" value={typed.securityImpact} testId="security-impact" disabled={signing} onChange={(securityImpact) => type(id, { securityImpact })} />
          <label className={controls['choice']}><input type="checkbox" checked={typed.writes} disabled={signing} data-testid="writes" onChange={(event) => type(id, { writes: event.target.checked, folder: typed.folder === '' ? (assessment.draft.outputs[0] ?? '') : typed.folder })} />Also write the statement and its signature to files</label>
          {typed.writes ? <PathField label="Folder for the statement" hint="Beside what is released, so that whoever has it can check who approved it." choose="folder" value={typed.folder} testId="statement-folder" onChange={(folder) => type(id, { folder })} /> : null}
          {field}
          {error === null ? null : <ErrorPanel error={error} />}
          {task === null ? null : <ProgressPanel task={task} />}
          <div className={styles['act']}>
            <Button type="submit" kind="primary" disabled={!ready} testId="sign-decision">{verb(typed, assessment, role, signing)}</Button>
            <p className={styles['soft']} role="status" data-testid="afterwards">{wants ?? (judging ? 'It is judged again just now.' : signer === null && seat === null ? wantsToSign(seat) : `${afterwards(typed, assessment, role)}${signer === null ? ` ${wantsToSign(seat)}` : ''}`)}</p>
          </div>
        </form>
      </Section>
    </div>
  );
}

function Obstacles({ obstacles }: { readonly obstacles: readonly Obstacle[] }): ReactElement {
  return (
    <div className={styles['warning']} data-testid="obstacles">
      <p><b>An approval by you would not count.</b></p>
      <ul className={styles['reasons']}>{obstacles.map(({ what, who }) => <li key={what}>{what} <span className={styles['soft']}>{who}</span></li>)}</ul>
    </div>
  );
}

function Text({ label, value, testId, disabled, onChange }: { readonly label: string; readonly value: string; readonly testId: string; readonly disabled: boolean; readonly onChange: (text: string) => void }): ReactElement {
  const field = useId();
  return (
    <div className={controls['field']}>
      <label className={controls['label']} htmlFor={field}>{label}</label>
      <textarea id={field} className={`${controls['input'] ?? ''} ${styles['text'] ?? ''}`} rows={3} maxLength={4_096} dir="auto" value={value} disabled={disabled} data-testid={testId} onChange={(event) => onChange(event.target.value)} />
    </div>
  );
}

/** What is still missing; null where nothing is. */
function wanting({ decision, reason, writes, folder }: Typed, role: string | null, { artifacts }: Assessment, obstacles: readonly Obstacle[]): string | null {
  if (obstacles.length > 0) return 'Nothing is signed that could not count.';
  if (artifacts.length === 0) return 'There is no artifact that a decision could be over.';
  if (role === null) return 'You have no role in the roster in force.';
  if (decision === 'reject' && reason.trim() === '') return 'Say what has to be mended, so that it can be.';
  if (writes && folder.trim() === '') return 'Name the folder for the statement, or leave it out.';
  return null;
}

function verb({ decision }: Typed, { report }: Assessment, role: string | null, signing: boolean): string {
  const as = role === null ? '' : ` as ${role}`;
  return decision === 'approve' ? `${signing ? 'Approving' : 'Approve'} ${report.release}${as}` : `${signing ? 'Rejecting' : 'Reject'} ${report.release}${as}`;
}

/** What will be true once it is signed. */
function afterwards({ decision, writes }: Typed, { artifacts, report }: Assessment, role: string | null): string {
  const files = artifacts.length === 1 ? 'this file' : `these ${artifacts.length} files`;
  const written = writes ? ' The statement and its signature lie in the folder too.' : '';
  return decision === 'approve'
    ? `Afterwards the archive holds, for good, that you approve ${files} of ${report.release} as ${role ?? ''}, under this plan. It counts until the release changes, and for nothing else.${written}`
    : `Afterwards the archive holds, for good, that you reject it, and the gate of ${report.release} is closed until it has changed.${written}`;
}
