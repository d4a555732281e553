import { useEffect, useId, useState, type ReactElement } from 'react';
import type { Assessment } from '../../../core/contract/contract.ts';
import type { ReleaseType } from '../../../core/model/primitives.ts';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { Section } from '../../components/Screen.tsx';
import { useSigner } from '../../components/SignAs.tsx';
import { wantsToSign } from '../../components/wants-to-sign.ts';
import { capital, listed } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { useSeat } from '../../frame/seat-store.ts';
import { useRecords } from '../release/records-store.ts';
import styles from './steps.module.css';
import { leaveOut, openLowering, typeLowering, useLowering } from './types-store.ts';

/** What the release is, as declared, derived and in force; and how a derived type is left out, which takes two people. */
export function TypesPart({ id, assessment }: { readonly id: string; readonly assessment: Assessment }): ReactElement {
  const { shown } = useRecords(assessment.draft);
  const { done } = useLowering(id);
  const [open, setOpen] = useState(false);
  useEffect(() => openLowering(id), [id]);
  const { declared, derived, effective } = assessment.report.types;
  const left = derived.filter((type) => !effective.includes(type));
  const lowerable = derived.filter((type) => effective.includes(type) && !declared.includes(type));
  return (
    <Section title="What it is">
      <dl className={styles['pairs']}>
        <dt>In force</dt>
        <dd><b>{named(effective)}</b></dd>
        <dt>Declared</dt>
        <dd>{named(declared)} <span className={styles['soft']}>Declaring more than is derived needs nobody.</span></dd>
        <dt>Derived</dt>
        <dd>{named(derived)} <span className={styles['soft']}>From the version’s step and from what the commits name.</span></dd>
        {left.length === 0 ? null : <><dt>Left out</dt><dd>{named(left)} <span className={styles['soft']}>Signed by a second person, for this commit; <a href={addressOf.release(id, 'approvals')}>see who</a>.</span></dd></>}
      </dl>
      {done === null ? null : <p role="status" data-testid="types-done"><bdi>{done.person}</bdi> signed it. Recorded as <a href={addressOf.entry(done.record)}>{done.record}</a>.</p>}
      {lowerable.length === 0 ? null : open ? <LoweringForm id={id} lowerable={lowerable} assessment={assessment} may={shown?.may.leaveOutTypes ?? []} onClose={() => setOpen(false)} /> : <div><Button onClick={() => setOpen(true)} testId="leave-out-types">Leave out a derived type</Button></div>}
    </Section>
  );
}

function named(types: readonly ReleaseType[]): string {
  return types.length === 0 ? 'Nothing.' : `${capital(listed(types))}.`;
}

function LoweringForm({ id, lowerable, assessment, may, onClose }: { readonly id: string; readonly lowerable: readonly ReleaseType[]; readonly assessment: Assessment; readonly may: readonly string[]; readonly onClose: () => void }): ReactElement {
  const { typed, working, error } = useLowering(id);
  const { signer, field, clear } = useSigner();
  const { seat } = useSeat();
  const [askerId, wordsId] = [useId(), useId()];
  const self = seat?.person.id ?? null;
  const askers = assessment.deciders.filter((one) => one.id !== self);
  const roles = assessment.deciders.find((one) => one.id === self)?.roles ?? seat?.roles ?? [];
  const wants = seat === null ? '' : !may.some((role) => roles.includes(role)) ? `That is for ${may.length === 0 ? 'nobody here' : listed(may)}.` : typed.types.length === 0 ? 'Choose what it is not.' : typed.askedBy === '' ? 'Say who asked: that is never who signs.' : typed.statement.trim() === '' ? 'Say why it is not.' : signer === null ? wantsToSign(seat) : null;
  return (
    <form
      className={styles['form']}
      aria-label="Leave out a derived type"
      onSubmit={(event) => {
        event.preventDefault();
        if (wants !== null || signer === null) return;
        void leaveOut(id, assessment.draft, signer).then((recorded) => {
          if (!recorded) return;
          clear();
          onClose();
        });
      }}
    >
      <fieldset className={styles['choices']}>
        <legend className={controls['label']}>It is not</legend>
        {lowerable.map((type) => <label key={type} className={controls['choice']}><input type="checkbox" checked={typed.types.includes(type)} data-testid={`not-${type}`} onChange={(event) => typeLowering(id, { types: event.target.checked ? [...typed.types, type] : typed.types.filter((one) => one !== type) })} />{type}</label>)}
      </fieldset>
      <div className={styles['short']}>
        <label className={controls['label']} htmlFor={askerId}>Who asked for it</label>
        <select id={askerId} className={controls['input']} value={typed.askedBy} data-testid="asked-by" onChange={(event) => typeLowering(id, { askedBy: event.target.value })}>
          <option value="">Choose somebody else</option>
          {askers.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
        </select>
      </div>
      <div className={controls['field']}>
        <label className={controls['label']} htmlFor={wordsId}>Why it is not</label>
        <textarea id={wordsId} className={controls['input']} rows={2} maxLength={4_000} dir="auto" value={typed.statement} data-testid="types-statement" onChange={(event) => typeLowering(id, { statement: event.target.value })} />
      </div>
      {field}
      {error === null ? null : <ErrorPanel error={error} />}
      <div className={styles['acts']}>
        <Button type="submit" kind="primary" disabled={wants !== null || working} testId="sign-types">Sign that it is not {typed.types.length === 0 ? 'of a type' : listed(typed.types)}</Button>
        <Button kind="quiet" onClick={onClose}>Leave it</Button>
        <p className={styles['soft']} role="status">{wants ?? 'Afterwards fewer lines apply to this commit of this version, and approvals of what it was are dead. The record names you and who asked.'}</p>
      </div>
    </form>
  );
}
