import { useId, type ReactElement } from 'react';
import type { ActView } from '../../../core/contract/approval-calls.ts';
import type { Assessment } from '../../../core/contract/contract.ts';
import type { ReleaseShown } from '../../../core/contract/plan-calls.ts';
import { DeploymentMethod } from '../../../core/model/plan.ts';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { Section } from '../../components/Screen.tsx';
import { useSigner } from '../../components/SignAs.tsx';
import { counted, listed } from '../../components/wording.ts';
import { useSeat } from '../../frame/seat-store.ts';
import { living } from '../approvals/decisions.ts';
import { CalendarPart } from './CalendarPart.tsx';
import { DatesEditor } from './DatesEditor.tsx';
import { ItemList } from './ItemList.tsx';
import { planOf, type PlanDraft } from './plan-draft.ts';
import { edit, signPlan, usePlanning } from './plan-store.ts';
import { METHOD_WORDS } from './plan-words.ts';
import styles from './plan.module.css';

interface PlanEditorProps {
  readonly id: string;
  readonly draft: PlanDraft;
  readonly assessment: Assessment;
  readonly shown: ReleaseShown | null;
  readonly acts: readonly ActView[] | null;
}

/** A plan as it is written, and signed: scope, timeline, method, the way back, windows. */
export function PlanEditor({ id, draft, assessment, shown, acts }: PlanEditorProps): ReactElement {
  const { working, error, others, calendarError } = usePlanning(id);
  const { signer, field, clear } = useSigner();
  const { seat } = useSeat();
  const set = (what: Partial<PlanDraft>): void => edit(id, { ...draft, ...what });
  const read = planOf(assessment.report.release, draft);
  const may = shown?.may.plan ?? [];
  const roles = assessment.deciders.find((one) => one.id === seat?.person.id)?.roles ?? seat?.roles ?? [];
  const wants = 'wrong' in read ? read.wrong : calendarError !== null ? 'The calendar cannot be read.' : seat === null ? '' : may.some((role) => roles.includes(role)) ? null : `A release is planned by ${may.length === 0 ? 'nobody: the roster in force does not name this policy' : listed(may)}, and you are ${roles.length === 0 ? 'nothing' : listed(roles)} there.`;
  const wrong = 'wrong' in read;
  return (
    <form
      className={styles['editor']}
      aria-label="The plan"
      onSubmit={(event) => {
        event.preventDefault();
        if (!('plan' in read) || signer === null || wants !== null) return;
        void signPlan(id, assessment.draft, read.plan, draft.calendarFile, signer).then((recorded) => {
          if (recorded) clear();
        });
      }}
    >
      {others === null ? null : <p className={styles['soft']} role="status">Proposed from the range. {others === 0 ? 'Every commit is in it.' : `${counted(others, 'commit says', 'commits say')} nothing that changes the product for who uses it, and ${others === 1 ? 'is' : 'are'} left out.`} Nothing is recorded before it is signed.</p>}
      <Section title="Scope">
        <ItemList title="Features" one="Feature" items={draft.features} testId="plan-features" onChange={(features) => set({ features })} />
        <ItemList title="Fixes" one="Fix" items={draft.fixes} testId="plan-fixes" onChange={(fixes) => set({ fixes })} />
        <ItemList title="Security patches" one="Security patch" items={draft.security} testId="plan-security" onChange={(security) => set({ security })} />
      </Section>
      <Section title="When and how">
        <DatesEditor dates={draft.timeline} onChange={(timeline) => set({ timeline })} />
        <fieldset className={styles['group']}>
          <legend className={controls['label']}>Method</legend>
          {DeploymentMethod.options.map((method) => <label key={method} className={controls['choice']}><input type="radio" name={`method-${id}`} checked={draft.method === method} data-testid={`method-${method}`} onChange={() => set({ method })} />{METHOD_WORDS[method]}</label>)}
        </fieldset>
        <CalendarPart id={id} draft={draft} />
      </Section>
      <Section title="The way back">
        <Words label="How it is rolled back" value={draft.rollbackPlan} testId="plan-rollback" onChange={(rollbackPlan) => set({ rollbackPlan })} />
        <Short label="To which version" hint="Empty where there is no release before it." value={draft.previous} testId="plan-previous" onChange={(previous) => set({ previous })} />
      </Section>
      <Section title="Security">
        <Words label="What it changes for security" value={draft.securityImpact} testId="plan-impact" onChange={(securityImpact) => set({ securityImpact })} />
      </Section>
      {field}
      {error === null ? null : <ErrorPanel error={error} />}
      <div className={styles['acts']}>
        <Button type="submit" kind="primary" disabled={wants !== null || signer === null || working !== null} testId="sign-plan">{working === 'signing' ? 'Signing the plan' : `Sign the plan of ${assessment.report.release}`}</Button>
        <Button kind="quiet" disabled={working !== null} onClick={() => edit(id, null)} testId="discard-plan">Discard what is typed</Button>
        <p className={styles['soft']} role="status" data-testid="plan-afterwards">{wrong ? read.wrong : wants !== null && wants !== '' ? wants : afterwards(shown, acts, assessment)}</p>
      </div>
    </form>
  );
}

/** What a plan does to what was decided before. */
function afterwards(shown: ReleaseShown | null, acts: readonly ActView[] | null, assessment: Assessment): string {
  const dying = living(acts ?? [], assessment).filter(({ decision }) => decision?.decision === 'approve').length;
  const replaced = (shown?.disputed.length ?? 0) > 0 ? `it replaces the ${shown?.disputed.length ?? 0} plans that stand beside each other` : shown?.plan == null ? 'this plan rules' : `it replaces the plan of ${shown.plan.by}`;
  const died = dying === 0 ? 'No approval counts today, so none dies.' : `${counted(dying, 'approval that counts', 'approvals that count')} today will be dead: they are of what it was without this plan.`;
  return `Afterwards ${replaced}. ${died}`;
}

function Words({ label, value, testId, onChange }: { readonly label: string; readonly value: string; readonly testId: string; readonly onChange: (text: string) => void }): ReactElement {
  const field = useId();
  return (
    <div className={controls['field']}>
      <label className={controls['label']} htmlFor={field}>{label}</label>
      <textarea id={field} className={controls['input']} rows={3} maxLength={4_000} dir="auto" value={value} data-testid={testId} onChange={(event) => onChange(event.target.value)} />
    </div>
  );
}

function Short({ label, hint, value, testId, onChange }: { readonly label: string; readonly hint: string; readonly value: string; readonly testId: string; readonly onChange: (text: string) => void }): ReactElement {
  const field = useId();
  return (
    <div className={styles['short']}>
      <label className={controls['label']} htmlFor={field}>{label}</label>
      <input id={field} className={`${controls['input'] ?? ''} ${controls['path'] ?? ''}`} spellCheck={false} autoComplete="off" aria-describedby={`${field}-about`} value={value} data-testid={testId} onChange={(event) => onChange(event.target.value)} />
      <p id={`${field}-about`} className={controls['hint']}>{hint}</p>
    </div>
  );
}
