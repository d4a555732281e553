import { useEffect, useId, useState, type ReactElement } from 'react';
import type { Assessment } from '../../../core/contract/contract.ts';
import type { ReleaseShown } from '../../../core/contract/plan-calls.ts';
import { RELEASE_ACTS, type ReleaseActName } from '../../../core/model/plan.ts';
import { ReleaseVersion } from '../../../core/model/primitives.ts';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { Section } from '../../components/Screen.tsx';
import { useSigner } from '../../components/SignAs.tsx';
import { presentStep, stepsNow } from '../../components/steps-now.ts';
import { wantsToSign } from '../../components/wants-to-sign.ts';
import { listed } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { useSeat } from '../../frame/seat-store.ts';
import { useRecords } from '../release/records-store.ts';
import { lead, openLeading, typeAct, useLeading } from './act-store.ts';
import styles from './steps.module.css';

const DONE: Readonly<Record<ReleaseActName, string>> = { advance: 'handed it on', suspend: 'suspended it', resume: 'resumed it', supersede: 'superseded it', abandon: 'abandoned it' };

/** Hands the release on, stops it, takes it up again or gives it up, by the signature of somebody who may. */
export function LeadPart({ id, assessment }: { readonly id: string; readonly assessment: Assessment }): ReactElement | null {
  const { shown } = useRecords(assessment.draft);
  const { typed, done } = useLeading(id);
  useEffect(() => openLeading(id), [id]);
  if (shown === null) return null;
  const version = assessment.report.release;
  const step = presentStep(stepsNow(assessment.steps, shown))?.number ?? 8;
  const open = openActs(shown, step);
  const act = typed.act !== null && open.includes(typed.act) ? typed.act : null;
  return (
    <Section title="Lead it">
      {done === null ? null : <p role="status" data-testid="act-done"><bdi>{done.person}</bdi> {DONE[done.act]}. Recorded as <a href={addressOf.entry(done.record)}>{done.record}</a>.</p>}
      {open.length === 0 ? <p className={styles['soft']}>Nothing more is done with {version}: it was {shown.standing.state}, for good.</p> : (
        <div className={styles['acts']}>{open.map((one) => <Button key={one} aria-pressed={one === act} onClick={() => typeAct(id, { act: one === act ? null : one })} testId={`act-${one}`}>{wordsOf(one, version, step)}</Button>)}</div>
      )}
      {act === null ? null : <ActForm key={act} id={id} act={act} step={step} assessment={assessment} shown={shown} />}
    </Section>
  );
}

/** What can be done to a release as it stands. */
function openActs({ standing: { state } }: ReleaseShown, step: number): ReleaseActName[] {
  if (state === 'abandoned' || state === 'superseded') return [];
  return RELEASE_ACTS.filter((act) => (act === 'advance' ? state === 'running' && step > 1 && step < 8 : act === 'resume' ? state === 'suspended' : act === 'suspend' ? state === 'running' : true));
}

function wordsOf(act: ReleaseActName, version: string, step: number): string {
  return { advance: `Hand it on to step ${step}`, suspend: `Suspend ${version}`, resume: `Resume ${version}`, supersede: `Supersede ${version}`, abandon: `Abandon ${version}` }[act];
}

interface ActFormProps {
  readonly id: string;
  readonly act: ReleaseActName;
  readonly step: number;
  readonly assessment: Assessment;
  readonly shown: ReleaseShown;
}

function ActForm({ id, act, step, assessment, shown }: ActFormProps): ReactElement {
  const { typed, working, error } = useLeading(id);
  const { signer, field, clear } = useSigner();
  const { seat } = useSeat();
  const [confirmed, setConfirmed] = useState('');
  const [reasonId, versionId, byId] = [useId(), useId(), useId()];
  const version = assessment.report.release;
  const forGood = act === 'supersede' || act === 'abandon';
  const may = act === 'suspend' ? null : act === 'advance' ? shown.may.plan : shown.may.end;
  const roles = assessment.deciders.find((one) => one.id === seat?.person.id)?.roles ?? seat?.roles ?? [];
  const by = typed.supersededBy.trim();
  const wants = seat === null ? ''
    : may !== null && !may.some((role) => roles.includes(role)) ? `That is for ${may.length === 0 ? 'nobody: the roster in force does not name this policy' : listed(may)}.`
    : act !== 'advance' && typed.reason.trim() === '' ? 'Say why, so that others can judge it.'
    : act === 'supersede' && (!ReleaseVersion.safeParse(by).success || by === version) ? 'Name the version that takes its place.'
    : forGood && confirmed.trim() !== version ? `Type ${version} to confirm it: this is for good.`
    : signer === null ? wantsToSign(seat) : null;
  return (
    <form
      className={styles['form']}
      aria-label={wordsOf(act, version, step)}
      onSubmit={(event) => {
        event.preventDefault();
        if (wants !== null || signer === null) return;
        void lead(id, assessment.draft, act, step, signer).then((recorded) => {
          if (recorded) clear();
        });
      }}
    >
      {act === 'supersede' ? (
        <div className={styles['short']}>
          <label className={controls['label']} htmlFor={byId}>The version that takes its place</label>
          <input id={byId} className={`${controls['input'] ?? ''} ${controls['path'] ?? ''}`} spellCheck={false} autoComplete="off" value={typed.supersededBy} data-testid="superseded-by" onChange={(event) => typeAct(id, { supersededBy: event.target.value })} />
        </div>
      ) : null}
      <div className={controls['field']}>
        <label className={controls['label']} htmlFor={reasonId}>{act === 'advance' ? 'What you want remembered of it' : 'Why'}</label>
        <textarea id={reasonId} className={controls['input']} rows={2} maxLength={4_000} dir="auto" value={typed.reason} data-testid="act-reason" onChange={(event) => typeAct(id, { reason: event.target.value })} />
      </div>
      {forGood ? (
        <div className={styles['short']}>
          <label className={controls['label']} htmlFor={versionId}>{version}, typed</label>
          <input id={versionId} className={`${controls['input'] ?? ''} ${controls['path'] ?? ''}`} spellCheck={false} autoComplete="off" value={confirmed} data-testid="act-version" onChange={(event) => setConfirmed(event.target.value)} />
        </div>
      ) : null}
      {field}
      {error === null ? null : <ErrorPanel error={error} />}
      <div className={styles['acts']}>
        <Button type="submit" kind="primary" disabled={wants !== null || working} testId="sign-act">{wordsOf(act, version, step)}</Button>
        <Button kind="quiet" onClick={() => typeAct(id, { act: null })}>Leave it</Button>
        <p className={styles['soft']} role="status">{wants ?? afterwards(act, version, step, by)}</p>
      </div>
    </form>
  );
}

function afterwards(act: ReleaseActName, version: string, step: number, by: string): string {
  return {
    advance: `Afterwards step ${step} is open, and the record says who handed it on.`,
    suspend: `Afterwards nothing of ${version} is deployed with authority, on any console that has the record, until it is resumed.`,
    resume: 'Afterwards every stop that stands now is taken back; one that is signed elsewhere meanwhile still stands.',
    supersede: `Afterwards ${version} is never deployed with authority any more: ${by} takes its place.`,
    abandon: `Afterwards ${version} is never deployed with authority any more.`,
  }[act];
}
