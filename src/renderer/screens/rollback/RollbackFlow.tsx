import type { ReactElement, ReactNode } from 'react';
import { StatusSign } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { listed } from '../../components/wording.ts';
import { client } from '../../core-client.ts';
import { Lines } from '../deployment/AuthorityLines.tsx';
import type { Board, Deployment, Rollback } from '../deployment/board-store.ts';
import { CloseForm, Observations, ObserveForm, RecordLink, useOpenAct, WatchWords } from '../deployment/WatchPart.tsx';
import { METHODS, rolesInWords } from '../deployment/words.ts';
import { useFocusKept } from '../deployment/use-focus-kept.ts';
import { DetectForm } from './DetectForm.tsx';
import type { ProofFields } from './ProofPart.tsx';
import styles from './rollback.module.css';
import { CauseForm, DecideForm, ExecuteForm, FinishForm, NotifyForm } from './StepForms.tsx';
import { StepPart } from './StepPart.tsx';
import { ToldList } from './ToldRows.tsx';

interface FlowProps {
  readonly id: string;
  readonly repo: string;
  readonly of: Deployment;
  readonly rollback: Rollback | null;
  readonly board: Board;
  readonly now: number;
  readonly proof: ProofFields;
}

/** The five steps of policy §9.2: the present one open, with who can do it. */
export function RollbackFlow({ id, repo, of, rollback, board, now, proof }: FlowProps): ReactElement {
  const { rules } = board;
  const { state, cause, watch, execution, decision } = rollback ?? { state: null, cause: null, watch: null, execution: null, decision: null };
  const over = state === 'finished';
  const steps = useFocusKept<HTMLOListElement>([state, decision?.record, watch?.closed?.record, cause?.state, rollback?.notified.length].join(' '), '[aria-current="step"]');
  return (
    <ol ref={steps} className={styles['steps']} aria-label="The rollback, step by step">
      <StepPart number={1} title="Issue detected" state={rollback === null ? 'now' : 'done'} who="Anybody can record it" testId="step-detect">
        {rollback === null ? <DetectForm of={of} board={board} now={now} /> : <Detected rollback={rollback} board={board} now={now} />}
      </StepPart>
      <StepPart number={2} title="Rollback decision" state={decision !== null ? 'done' : rollback === null || execution !== null ? 'ahead' : 'now'} who={<Whom roles={rules.rollers} people={board.people} />} testId="step-decide">
        {rollback === null ? <Ahead>It is decided once the issue is recorded.</Ahead> : decision !== null ? <Decided decision={decision} to={rollback.to} from={rollback.from} />
          : execution !== null ? <p className={styles['sentence']}><StatusSign status="failed" silent /><span>Nobody who may had decided it when it was carried out.</span></p>
          : <DecideForm id={id} rollback={rollback} board={board} repo={repo} proof={proof} />}
      </StepPart>
      <StepPart number={3} title="Rollback execution" state={over ? 'done' : state === 'failed' ? 'failed' : execution !== null || decision !== null ? 'now' : 'ahead'} who={<Whom roles={rules.deployers} people={board.people} />} testId="step-execute">
        {rollback === null ? <Ahead>It is carried out once it is decided.</Ahead> : <Execution id={id} of={of} rollback={rollback} board={board} now={now} />}
      </StepPart>
      <StepPart number={4} title="Post-rollback verification" state={watch === null ? 'ahead' : watch.closed === null ? 'now' : 'done'} who={<Whom roles={rules.watchers} people={board.people} />} testId="step-watch">
        {rollback === null || watch === null ? <Ahead>It is watched for {rules.hours} hours once it is finished.</Ahead> : <Watched rollback={rollback} board={board} now={now} />}
      </StepPart>
      <StepPart number={5} title="Root cause analysis" state={cause?.state === 'closed' ? 'done' : over || state === 'failed' ? 'now' : 'ahead'} who="Whoever it is given to, by their signature" testId="step-cause">
        {rollback === null || (!over && state !== 'failed') ? <Ahead>It is owed as soon as the rollback is finished.</Ahead> : <Cause rollback={rollback} board={board} />}
      </StepPart>
    </ol>
  );
}

function Ahead({ children }: { readonly children: ReactNode }): ReactElement {
  return <p className={styles['soft']}>{children}</p>;
}

/** Roles that can do a step, with the people who have them and how they are reached. */
function Whom({ roles, people }: { readonly roles: readonly string[]; readonly people: Board['people'] }): ReactElement {
  const able = people.filter((person) => person.roles.some((role) => roles.includes(role)));
  return <>Can do it: {rolesInWords(roles)}{able.length === 0 ? '' : ` (${listed(able.slice(0, 4).map(({ name, phones }) => `${name}${phones[0] === undefined ? '' : `, ${phones[0]}`}`))}${able.length > 4 ? ' …' : ''})`}</>;
}

function Detected({ rollback, board, now }: { readonly rollback: Rollback; readonly board: Board; readonly now: number }): ReactElement {
  const { open, show, button } = useOpenAct<'notify'>();
  const words = board.rules.triggers.find(({ id }) => id === rollback.trigger)?.words;
  return (
    <>
      <p dir="auto" className={styles['said']}>{words === undefined ? '' : `“${words}” `}{rollback.reason}{rollback.slowerPercent === null ? '' : ` (${rollback.slowerPercent} % slower)`}</p>
      <p className={styles['soft']}>Detected <TimeText time={rollback.detectedAt} />, recorded by <bdi>{rollback.by}</bdi> as <RecordLink id={rollback.record} />.</p>
      <ToldList notified={rollback.notified} untold={rollback.untold} />
      <div>{button('notify', 'Record who else was told', rollback.untold.length > 0 ? 'primary' : 'plain')}</div>
      {open === 'notify' ? <NotifyForm rollback={rollback} board={board} now={now} onClose={() => show(null)} /> : null}
    </>
  );
}

function Decided({ decision, to, from }: { readonly decision: NonNullable<Rollback['decision']>; readonly to: string | null; readonly from: string }): ReactElement {
  const bad = decision.proof.filter(({ status }) => status !== 'good').length;
  return (
    <>
      <p className={styles['sentence']}><StatusSign status="passed" silent /><span><bdi>{decision.by}</bdi> decided by signature to go back from {from} to {to ?? 'the version before'}, <TimeText time={decision.at} /> (<RecordLink id={decision.record} />).</span></p>
      <p dir="auto" className={styles['said']}>{decision.reason}</p>
      <details className={styles['fold']} open={bad > 0}>
        <summary>{bad === 0 ? 'The proof was whole when it was decided' : `The proof was not whole when it was decided: ${bad} of ${decision.proof.length}`}</summary>
        <Lines label="The proof when it was decided" lines={decision.proof.map((line) => ({ ...line, who: null }))} />
      </details>
    </>
  );
}

function Execution({ id, of, rollback, board, now }: Omit<FlowProps, 'repo' | 'proof' | 'rollback'> & { readonly rollback: Rollback }): ReactElement {
  const { execution, authority, smoke, state, finishedAt, documented } = rollback;
  const { open, button } = useOpenAct<'without'>();
  if (execution === null) {
    if (rollback.decision !== null) return <ExecuteForm rollback={rollback} board={board} of={of} />;
    return (
      <>
        <Ahead>It is carried out once it is decided. What was done without a decision can be recorded all the same.</Ahead>
        <div>{button('without', 'Record it without a decision')}</div>
        {open === 'without' ? <ExecuteForm rollback={rollback} board={board} of={of} /> : null}
      </>
    );
  }
  return (
    <>
      <p className={styles['sentence']}>
        <StatusSign status={authority === 'authorised' ? 'passed' : 'failed'} silent />
        <span><bdi>{execution.by}</bdi>{execution.proven ? '' : ', not proven,'} deployed {rollback.to ?? 'the version before'} again, {METHODS[execution.method].toLowerCase()}, <TimeText time={execution.at} />, {authority === 'authorised' ? 'as it was decided' : 'without a decision of anybody who may'} (<RecordLink id={execution.record} />).</span>
      </p>
      {execution.reason === '' ? null : <p dir="auto" className={styles['said']}>{execution.reason}</p>}
      {smoke === null ? null : <p className={styles['sentence']}><StatusSign status={smoke.passed ? 'passed' : 'failed'} silent /><span>Smoke tests: {smoke.tests - smoke.failed} of {smoke.tests} passed.</span></p>}
      {finishedAt === null ? null : <p className={styles['sentence']}><StatusSign status="passed" silent /><span>Finished <TimeText time={finishedAt} />.{documented === null ? '' : ' The record of policy §11.3 is '}{documented === null ? null : <RecordLink id={documented} />}</span></p>}
      {state === 'finished' ? null : <FinishForm id={id} rollback={rollback} board={board} now={now} />}
    </>
  );
}

function Watched({ rollback, board, now }: { readonly rollback: Rollback; readonly board: Board; readonly now: number }): ReactElement | null {
  const { open, show, button } = useOpenAct<'observe' | 'close'>();
  const { watch, record } = rollback;
  if (watch === null) return null;
  const due = watch.closed === null && Date.parse(watch.due) <= now;
  return (
    <>
      <WatchWords watch={watch} now={now} watchers={board.rules.watchers} hours={board.rules.hours} />
      {watch.closed === null ? <div className={styles['formActs']}>{due ? button('close', 'Close the watch', 'primary') : null}{button('observe', 'Record what was seen')}</div> : null}
      {open === 'observe' ? <ObserveForm name={record} send={(saw) => client.call('rollback.observe', { rollback: record, ...saw })} onDone={() => show(null)} onClose={() => show(null)} /> : null}
      {open === 'close' ? <CloseForm name={record} after="Afterwards the watch of the rollback is over." send={async (closing) => { await client.call('rollback.close', { rollback: record, ...closing }); }} onDone={() => show(null)} onClose={() => show(null)} /> : null}
      <Observations seen={[...rollback.observations, ...watch.observations]} />
    </>
  );
}

function Cause({ rollback, board }: { readonly rollback: Rollback; readonly board: Board }): ReactElement {
  const { state, owner, due, found } = rollback.cause;
  const name = board.people.find(({ id }) => id === owner)?.name ?? owner;
  if (state === 'closed') return <><p className={styles['sentence']}><StatusSign status="passed" silent /><span>The root cause is found.</span></p><p dir="auto" className={styles['said']}>{found}</p></>;
  return (
    <>
      <p className={styles['sentence']} data-testid="cause-state"><StatusSign status={state === 'overdue' ? 'failed' : 'stale'} silent /><span>{name === null ? 'Nobody looks for it yet' : <><bdi>{name}</bdi> looks for it</>}{due === null ? '' : ', due '}{due === null ? null : <TimeText time={due} />}{state === 'overdue' ? ', and it is overdue' : ''}.</span></p>
      <CauseForm rollback={rollback} board={board} />
    </>
  );
}
