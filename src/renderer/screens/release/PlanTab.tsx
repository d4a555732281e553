import { useEffect, type ReactElement, type ReactNode } from 'react';
import type { Assessment } from '../../../core/contract/contract.ts';
import type { ReleaseShown } from '../../../core/contract/plan-calls.ts';
import { Button } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { Section } from '../../components/Screen.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { listed } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { NotesPart } from '../plan/NotesPart.tsx';
import { BLANK, differingParts, draftOf } from '../plan/plan-draft.ts';
import { edit, openPlanning, propose, usePlanning } from '../plan/plan-store.ts';
import { PlanEditor } from '../plan/PlanEditor.tsx';
import { PlanText } from '../plan/PlanText.tsx';
import styles from '../plan/plan.module.css';
import { useRecords } from './records-store.ts';

/** The plan of a release: the one that rules, those that stand beside each other, or how to make one. */
export function PlanTab({ id, assessment }: { readonly id: string; readonly assessment: Assessment }): ReactElement {
  const { shown, acts, error } = useRecords(assessment.draft);
  const { draft, working, error: planError, signed } = usePlanning(id);
  useEffect(() => openPlanning(id), [id]);
  const fromRange = async (): Promise<void> => {
    const proposal = await propose(id, assessment.draft);
    if (proposal !== null) edit(id, draftOf(proposal.plan));
  };
  const ended = shown !== null && (shown.standing.state === 'abandoned' || shown.standing.state === 'superseded');
  const ways = (
    <div className={styles['acts']}>
      <Button kind={shown?.plan == null ? 'primary' : 'plain'} disabled={working !== null || ended} onClick={() => void fromRange()} testId="propose-plan">{working === 'proposing' ? 'Reading the range' : 'Propose a plan from the range'}</Button>
      <Button kind="quiet" disabled={working !== null || ended} onClick={() => edit(id, BLANK)} testId="blank-plan">Begin a blank plan</Button>
    </div>
  );
  return (
    <div className={styles['tab']}>
      {error === null ? null : <ErrorPanel error={error} />}
      {draft === null && planError !== null ? <ErrorPanel error={planError} /> : null}
      {signed === null ? null : <p className={styles['done']} role="status" data-testid="plan-signed"><bdi>{signed.person}</bdi> signed the plan. Recorded as <a href={addressOf.entry(signed.record)}>{signed.record}</a>.{signed.replaces.length === 0 ? '' : ` It replaces ${listed(signed.replaces)}.`}</p>}
      {ended ? <p className={styles['done']} role="status">{assessment.report.release} was {shown.standing.state} by <bdi>{shown.standing.by}</bdi>, for good. Plan another version.</p> : null}
      {shown !== null && shown.disputed.length > 0 ? <Beside id={id} shown={shown} editing={draft !== null} /> : null}
      {draft !== null ? <PlanEditor id={id} draft={draft} assessment={assessment} shown={shown} acts={acts} /> : <PlanNow id={id} shown={shown} ended={ended} ways={ways} />}
      <NotesPart id={id} draft={assessment.draft} />
    </div>
  );
}

function PlanNow({ id, shown, ended, ways }: { readonly id: string; readonly shown: ReleaseShown | null; readonly ended: boolean; readonly ways: ReactNode }): ReactElement {
  if (shown === null) return <p className={styles['soft']}>Reading the records.</p>;
  const { plan, disputed } = shown;
  if (plan === null && disputed.length > 0) return <div>{ways}</div>;
  if (plan === null) {
    return (
      <Section title="No plan yet">
        <Empty>Nothing is planned. A plan says what the release brings, when, how it is deployed and how it is taken back; a release manager signs it, and every approval is of it. The range of commits is a place to start from.</Empty>
        {ways}
      </Section>
    );
  }
  return (
    <Section title="The plan in force" aside={<><bdi>{plan.by}</bdi> signed it <TimeText time={plan.at} /> · <a href={addressOf.entry(plan.record)}>on record</a></>}>
      <PlanText planned={plan} />
      <div className={styles['acts']}>
        <Button disabled={ended} onClick={() => edit(id, draftOf(plan.plan))} testId="change-plan">Change the plan</Button>
        {ways}
      </div>
    </Section>
  );
}

/** Plans that were made without knowing of each other: neither rules, until one replaces both. */
function Beside({ id, shown, editing }: { readonly id: string; readonly shown: ReleaseShown; readonly editing: boolean }): ReactElement {
  return (
    <Section title={`${shown.beside.length} plans stand beside each other`}>
      <p className={styles['warning']} role="status" data-testid="disputed">They were signed without knowing of each other, so that none of them rules and nothing is deployed with authority. Sign one that replaces them: begin with whichever is right, mend it, and sign it. They differ in {listed(differingParts(shown.beside.map(({ plan }) => plan)))}.</p>
      <div className={styles['plans']}>
        {shown.beside.map((one) => (
          <div key={one.record} className={styles['onePlan']}>
            <h3><bdi>{one.by}</bdi>, <TimeText time={one.at} short /></h3>
            <p><a href={addressOf.entry(one.record)}>{one.record}</a></p>
            <PlanText planned={{ ...one, schedule: null }} />
            <div><Button disabled={editing} onClick={() => edit(id, draftOf(one.plan))}>Begin with this one</Button></div>
          </div>
        ))}
      </div>
    </Section>
  );
}
