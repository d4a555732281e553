import { ArrowLeft, Printer } from 'lucide-react';
import { useEffect, useRef, type ReactElement } from 'react';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { GateWord } from '../../components/GateWord.tsx';
import { ProgressPanel } from '../../components/Progress.tsx';
import { Screen } from '../../components/Screen.tsx';
import { baseName, listed } from '../../components/wording.ts';
import { goTo } from '../../frame/route-store.ts';
import { addressOf } from '../../frame/routes.ts';
import { useTaskAt } from '../../frame/task-store.ts';
import { useKeys } from '../../frame/use-keys.ts';
import { useRecords } from '../release/records-store.ts';
import { blockingOf, openRelease, useOpenRelease } from '../release/release-store.ts';
import { ArtifactsDecided } from './ArtifactsDecided.tsx';
import { decideAgain, openDesk, useDesk } from './approve-store.ts';
import { DecidedPart } from './DecidedPart.tsx';
import { DecisionForm } from './DecisionForm.tsx';
import { DecisionsSoFar } from './DecisionsSoFar.tsx';
import { LinesDecided } from './LinesDecided.tsx';
import { NotCovered } from './NotCovered.tsx';
import { PlanDecided } from './PlanDecided.tsx';
import { WhatIsDecided } from './WhatIsDecided.tsx';
import styles from './approve.module.css';

/** One page that says what is approved, whole, and the form in which it is signed. It prints as it is read. */
export function ApproveScreen({ id }: { readonly id: string }): ReactElement {
  const release = useOpenRelease(id);
  const { assessment, saved, evaluating, error } = release;
  const { shown, acts, error: recordsError } = useRecords(assessment?.draft ?? saved?.draft ?? null);
  const judging = useTaskAt(addressOf.release(id));
  const { decided } = useDesk(id);
  useEffect(() => {
    openDesk(id);
    void openRelease(id);
    // What was decided once stands among the approvals; whoever comes back finds the release as it is then.
    return () => decideAgain(id);
  }, [id]);
  const version = saved?.draft.version ?? id;
  useKeys({ Escape: () => goTo(addressOf.release(id, 'approvals')) });
  const heading = useRef<HTMLHeadingElement>(null);
  const isDecided = decided !== null;
  useEffect(() => {
    if (!isDecided) return;
    heading.current?.scrollIntoView({ block: 'start' });
    heading.current?.focus();
  }, [isDecided]);

  return (
    <Screen
      title={decided === null || (assessment !== null && decided.result.subjectDigest !== assessment.report.subjectDigest) ? `Approve or reject ${version}` : `${version} is ${decided.decision === 'approve' ? 'approved' : 'rejected'} as ${decided.role}`}
      lead={assessment === null ? undefined : <>{baseName(assessment.draft.repo)} {version}, {assessment.report.types.effective.length === 0 ? 'of no type' : listed(assessment.report.types.effective)}. <GateWord gate={assessment.report.gate} closing={assessment.report.gate === 'closed' ? blockingOf(assessment.report.results).length : null} /></>}
      actions={
        <>
          <ButtonLink href={addressOf.release(id, 'approvals')} kind="quiet"><ArrowLeft aria-hidden="true" />Return to the approvals</ButtonLink>
          <Button disabled={assessment === null} onClick={() => window.print()} testId="print"><Printer aria-hidden="true" />Print this page</Button>
        </>
      }
    >
      {error === null ? null : <ErrorPanel error={error} />}
      {recordsError === null ? null : <ErrorPanel error={recordsError} />}
      {judging === null ? null : <div className={styles['screenOnly']}><ProgressPanel task={judging} /></div>}
      {assessment === null ? <p className={styles['soft']}>{evaluating ? 'Reading the commits and the outputs.' : error === null ? 'Nothing was judged yet.' : ''}</p> : (
        <div className={styles['page']} data-stale={evaluating}>
          {decided === null ? null : <DecidedPart id={id} decided={decided} assessment={assessment} heading={heading} />}
          <WhatIsDecided assessment={assessment} />
          <ArtifactsDecided artifacts={assessment.artifacts} since={assessment.range.since?.name ?? null} />
          <LinesDecided id={id} assessment={assessment} />
          <NotCovered assessment={assessment} />
          <PlanDecided id={id} assessment={assessment} shown={shown} />
          <DecisionsSoFar id={id} assessment={assessment} acts={acts} />
          {decided === null ? <DecisionForm id={id} assessment={assessment} acts={acts} judging={evaluating || acts === null} /> : null}
        </div>
      )}
    </Screen>
  );
}
