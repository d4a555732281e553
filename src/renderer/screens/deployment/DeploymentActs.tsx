import { useRef, useState, type ReactElement } from 'react';
import { ButtonLink } from '../../components/Button.tsx';
import { useSigner } from '../../components/SignAs.tsx';
import { client } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { runTask } from '../../frame/task-store.ts';
import { ActForm } from './ActForm.tsx';
import type { Board, Deployment } from './board-store.ts';
import styles from './deployment.module.css';
import { Paths, pathsIn, Words } from './fields.tsx';
import { useDoer } from './use-doer.tsx';
import { useKept } from './use-kept.ts';
import { CloseForm, ObserveForm, useOpenAct } from './WatchPart.tsx';
import { hoursLeft, rolesInWords } from './words.ts';

interface ActsProps {
  readonly id: string;
  readonly repo: string;
  readonly deployment: Deployment;
  readonly board: Board;
  readonly now: number;
}

type Act = 'stage' | 'finish' | 'failed' | 'observe' | 'close' | 'finding';

/** What can be done with a deployment now, each as a form of its own; what cannot is not offered. */
export function DeploymentActs({ id, repo, deployment, board, now }: ActsProps): ReactElement | null {
  const { open, show, button } = useOpenAct<Act>();
  const [told, setTold] = useState<string | null>(null);
  const buttons = useRef<HTMLDivElement>(null);
  const done = (words: string): void => {
    show(null);
    setTold(words);
    // The form that had the focus is gone.
    window.requestAnimationFrame(() => (buttons.current?.querySelector<HTMLElement>('button, a') ?? buttons.current)?.focus());
  };
  const close = (): void => show(null);
  if (deployment.aside !== null) return null;
  const { state, next, watch } = deployment;
  const running = state === 'running';
  const due = watch !== null && watch.closed === null && Date.parse(watch.due) <= now;
  const asksFinding = deployment.authority === 'unauthorised' && deployment.finding === null;
  const props = { deployment, board, done, close };
  return (
    <div className={styles['acts']}>
      <div ref={buttons} tabIndex={-1} className={styles['actButtons']}>
        {running && next !== null ? button('stage', `Begin the stage of ${next.percent} %`, Date.parse(next.from) <= now ? 'primary' : 'plain') : null}
        {running && next === null ? button('finish', 'Finish with test results', 'primary') : null}
        {due ? button('close', 'Close the watch', 'primary') : null}
        {asksFinding ? button('finding', 'Find on it', 'primary') : null}
        {running || (watch !== null && watch.closed === null) ? button('observe', 'Record what was seen') : null}
        {running ? button('failed', 'Say that it failed') : null}
        {deployment.environment === 'production' ? <ButtonLink href={addressOf.rollback(id, deployment.record)} testId="roll-back">{deployment.rolledBack.length > 0 ? 'See the rollback' : 'Consider a rollback'}</ButtonLink> : null}
      </div>
      {told === null ? null : <p className={styles['told']} role="status">{told}</p>}
      {open === 'stage' ? <StageForm {...props} now={now} /> : null}
      {open === 'failed' ? <FailedForm {...props} /> : null}
      {open === 'finish' ? <FinishForm {...props} id={id} /> : null}
      {open === 'finding' ? <FindingForm {...props} /> : null}
      {open === 'observe' ? <ObserveForm name={deployment.record} onClose={close} send={(saw) => client.call('deployment.observe', { deployment: deployment.record, ...saw })} onDone={(count) => done(`${count} ${count === 1 ? 'observation is' : 'observations are'} recorded.`)} /> : null}
      {open === 'close' ? (
        <CloseForm
          name={deployment.record} onClose={close} onDone={() => done('The watch is closed.')}
          after={deployment.environment === 'production' ? 'Afterwards the watch is over, and where nothing speaks against it the release is documented as policy §11.1 has it.' : 'Afterwards the watch is over.'}
          send={async (closing) => {
            const { problem } = await client.call('deployment.close', { deployment: deployment.record, ...closing, repo });
            if (problem !== null) setTold(`The watch is closed. The record of §11.1 could not be composed: ${problem}`);
          }}
        />
      ) : null}
    </div>
  );
}

interface FormProps {
  readonly deployment: Deployment;
  readonly board: Board;
  readonly done: (words: string) => void;
  readonly close: () => void;
}

function StageForm({ deployment, now, done, close }: FormProps & { readonly now: number }): ReactElement | null {
  const { doer, field, clear } = useDoer();
  const { fields, change, forget } = useKept(`stage.${deployment.record}`, { reason: '' });
  const { next } = deployment;
  if (next === null) return null;
  const early = Date.parse(next.from) > now;
  return (
    <ActForm
      label="Begin the next stage" verb={`Begin the stage of ${next.percent} %`} testId="stage" onClose={close}
      after={`Afterwards ${next.percent} % of the servers or of the traffic have the version, as the archive tells it.`}
      wanting={early && fields.reason.trim() === '' ? 'It says why it begins before its time.' : doer === null ? 'It says who does it.' : null}
      onSend={async () => {
        if (doer === null) return;
        await client.call('deployment.stage', { deployment: deployment.record, act: 'stage', doer, reason: fields.reason.trim() });
        forget();
        clear();
        done(`The stage of ${next.percent} % has begun.`);
      }}
    >
      {early ? <Words label={`Why before its time, in ${hoursLeft(Date.parse(next.from) - now)} (§9.3.2)`} value={fields.reason} onChange={(reason) => change({ reason })} testId="stage-reason" /> : null}
      {field}
    </ActForm>
  );
}

function FailedForm({ deployment, done, close }: FormProps): ReactElement {
  const { doer, field, clear } = useDoer();
  const { fields, change, forget } = useKept(`failed.${deployment.record}`, { reason: '' });
  return (
    <ActForm
      label="Say that it failed" verb="Record that it failed" testId="failed" onClose={close} after="Afterwards this deployment is over, and counts as a change that failed. Another can begin."
      wanting={fields.reason.trim() === '' ? 'It says what failed.' : doer === null ? 'It says who says so.' : null}
      onSend={async () => {
        if (doer === null) return;
        await client.call('deployment.stage', { deployment: deployment.record, act: 'failed', doer, reason: fields.reason.trim() });
        forget();
        clear();
        done('It is recorded as failed.');
      }}
    >
      <Words label="What failed" value={fields.reason} onChange={(reason) => change({ reason })} testId="failed-reason" />
      {field}
    </ActForm>
  );
}

function FinishForm({ id, deployment, board, done, close }: FormProps & { readonly id: string }): ReactElement {
  const { doer, field, clear } = useDoer();
  const { fields, change, forget } = useKept(`finish.${deployment.record}`, { smoke: '', regression: '' });
  const smoke = pathsIn(fields.smoke);
  return (
    <ActForm
      label="Finish with test results" verb="Finish the deployment" testId="finish" onClose={close}
      after={`Where the tests passed, the watch of ${board.rules.hours} hours begins and the record of policy §11.2 is composed. Where they did not, the deployment has failed.`}
      wanting={smoke.length === 0 ? 'Name the report of the smoke tests.' : doer === null ? 'It says who does it.' : null}
      onSend={async () => {
        if (doer === null) return;
        const { deployment: ended, problem } = await runTask('deployment.finish', { deployment: deployment.record, doer, smoke, regression: pathsIn(fields.regression) }, { label: `Reading the tests of ${deployment.id}`, address: addressOf.release(id, 'deployment'), done: (value) => `${value.deployment.id} has ${value.deployment.state}.` });
        forget();
        clear();
        done(`${ended.state === 'finished' ? 'It is finished, and is watched from now on.' : 'The tests did not pass, so it has failed.'}${problem === null ? '' : ` The record of §11.2 is kept as one that was told: ${problem}`}`);
      }}
    >
      <Paths label="Smoke tests" hint="JUnit files" value={fields.smoke} onChange={(value) => change({ smoke: value })} testId="finish-smoke" />
      <Paths label="Regression tests" hint="JUnit files; production asks for those of staging" value={fields.regression} onChange={(value) => change({ regression: value })} testId="finish-regression" />
      {field}
    </ActForm>
  );
}

function FindingForm({ deployment, board, done, close }: FormProps): ReactElement {
  const { signer, field, clear } = useSigner();
  const { fields, change, forget } = useKept(`finding.${deployment.record}`, { words: '' });
  return (
    <ActForm
      label="Find on it" verb="Sign the finding" testId="finding-form" onClose={close} after={`Afterwards it stands beside the deployment what was found of it. It stays unauthorised. The signature counts of ${rolesInWords(board.rules.rollers)}.`}
      wanting={fields.words.trim() === '' ? 'It says what was found.' : signer === null ? 'It asks for a signature.' : null}
      onSend={async () => {
        if (signer === null) return;
        await client.call('deployment.finding', { deployment: deployment.record, ...signer, words: fields.words.trim() });
        forget();
        clear();
        done('The finding is recorded.');
      }}
    >
      <Words label="What you find of it" hint="Why it could happen, what it did, and what follows from it." value={fields.words} onChange={(words) => change({ words })} testId="finding-words" />
      {field}
    </ActForm>
  );
}
