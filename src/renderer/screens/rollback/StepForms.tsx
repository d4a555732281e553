import { useId, type ReactElement } from 'react';
import type { DeploymentMethod } from '../../../core/model/plan.ts';
import controls from '../../components/controls.module.css';
import { useSigner } from '../../components/SignAs.tsx';
import { client } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { runTask } from '../../frame/task-store.ts';
import { ActForm } from '../deployment/ActForm.tsx';
import type { Board, Deployment, Rollback } from '../deployment/board-store.ts';
import { Line, Paths, pathsIn, Words } from '../deployment/fields.tsx';
import { useDoer } from '../deployment/use-doer.tsx';
import { useKept } from '../deployment/use-kept.ts';
import { METHODS, rolesInWords } from '../deployment/words.ts';
import { instantOf } from '../../components/wording.ts';
import { possibleOf, type ProofFields } from './ProofPart.tsx';
import { useRollback } from './rollback-store.ts';
import styles from './rollback.module.css';
import { instant, rowsFor, rowsIn, toldOf } from './told.ts';
import { ToldRows } from './ToldRows.tsx';

interface FormProps {
  readonly rollback: Rollback;
  readonly board: Board;
  readonly now: number;
}

/** Records who was told since. */
export function NotifyForm({ rollback, board, now, onClose }: FormProps & { readonly onClose: () => void }): ReactElement {
  const { doer, field, clear } = useDoer();
  const { fields, change, forget } = useKept(`notify.${rollback.record}`, { rows: JSON.stringify(rowsFor(rollback.untold, board.people)) });
  const rows = rowsIn(fields.rows);
  const notified = toldOf(rows, now);
  return (
    <ActForm
      label="Record who was told" verb="Record who was told" testId="notify" onClose={onClose} after="It stands in the archive who was told, when, and by which way."
      wanting={notified === null ? 'A time is 2026-01-12 21:40, in UTC.' : notified.length === 0 ? 'It says who was told, and by which way.' : doer === null ? 'It says who told them.' : null}
      onSend={async () => {
        if (doer === null || notified === null) return;
        await client.call('rollback.notify', { rollback: rollback.record, doer, notified });
        forget();
        clear();
        onClose();
      }}
    >
      <ToldRows rows={rows} people={board.people} onChange={(next) => change({ rows: JSON.stringify(next) })} />
      {field}
    </ActForm>
  );
}

/** The CTO's decision, by signature, over the proof that lies before them. */
export function DecideForm({ id, rollback, board, repo, proof }: Omit<FormProps, 'now'> & { readonly id: string; readonly repo: string; readonly proof: ProofFields }): ReactElement {
  const { signer, field, clear } = useSigner();
  const { fields, change, forget } = useKept(`decide.${rollback.record}`, { reason: '', anyway: '' });
  const { checked } = useRollback();
  const { to, artifacts } = possibleOf(proof);
  const whole = checked?.possible === true;
  const version = checked?.to ?? to ?? board.planned?.previous ?? 'the version before';
  return (
    <ActForm
      label="Decide on the rollback" verb={`Sign the decision to go back to ${version}`} testId="decide"
      after={`Afterwards it is decided that ${rollback.from} goes back to ${version}, with the proof as it is then. The signature counts of ${rolesInWords(board.rules.rollers)}.`}
      wanting={checked === null ? 'Look first whether it can be done, above.' : fields.reason.trim() === '' ? 'It says why.' : !whole && fields.anyway.trim() === '' ? 'The proof is not whole: it says why it is decided anyway.' : signer === null ? 'It asks for a signature.' : null}
      onSend={async () => {
        if (signer === null) return;
        await runTask('rollback.decide', { rollback: rollback.record, to, repo, artifacts, ...signer, reason: fields.reason.trim(), anyway: whole || fields.anyway.trim() === '' ? null : fields.anyway.trim() }, { label: 'Deciding on the rollback', address: addressOf.rollback(id, rollback.deployment), done: ({ id: one }) => `${one} is decided.` });
        forget();
        clear();
      }}
    >
      <Words label="Why it is rolled back" value={fields.reason} onChange={(reason) => change({ reason })} testId="decide-reason" />
      {checked === null || whole ? null : <Words label="Why anyway, although the proof is not whole" hint="It is recorded beside what is not proved." value={fields.anyway} onChange={(anyway) => change({ anyway })} testId="decide-anyway" />}
      {field}
    </ActForm>
  );
}

/** Records that the version before is deployed again. */
export function ExecuteForm({ rollback, board, of }: Omit<FormProps, 'now'> & { readonly of: Deployment }): ReactElement {
  const { doer, field, clear } = useDoer();
  const { fields, change, forget } = useKept(`execute.${rollback.record}`, { method: of.method as string, unauthorised: '', to: '' });
  const select = useId();
  const decided = rollback.decision !== null;
  return (
    <ActForm
      label="Carry it out" verb={decided ? `Record that ${rollback.to ?? 'the version before'} is deployed again` : 'Record it without a decision'} kind={decided ? 'primary' : 'plain'} testId="execute"
      after={decided ? 'Afterwards it stands in the archive that the rollback is carried out as it was decided.' : 'It stays in the archive for good that nobody who may had decided it.'}
      wanting={!decided && fields.unauthorised.trim() === '' ? 'It says why it is done without a decision.' : doer === null ? 'It says who does it.' : null}
      onSend={async () => {
        if (doer === null) return;
        const to = fields.to.trim();
        await client.call('rollback.execute', { rollback: rollback.record, doer, method: fields.method as DeploymentMethod, unauthorised: decided ? null : fields.unauthorised.trim(), to: decided || to === '' ? null : to });
        forget();
        clear();
      }}
    >
      {decided ? null : <p className={styles['warning']}>Nobody who is {rolesInWords(board.rules.rollers)} has decided on it. Only what was done all the same is recorded here.</p>}
      <div className={controls['field']}>
        <label className={controls['label']} htmlFor={select}>Method (§9.3)</label>
        <select id={select} className={controls['input']} value={fields.method} onChange={(event) => change({ method: event.target.value })} data-testid="execute-method">
          {Object.entries(METHODS).map(([value, words]) => <option key={value} value={value}>{words}</option>)}
        </select>
      </div>
      {decided ? null : <Line label="Version that is deployed again" hint={board.planned?.previous == null ? 'Such as v1.0.3' : `Without one, ${board.planned.previous}, as planned.`} value={fields.to} onChange={(to) => change({ to })} />}
      {decided ? null : <Words label="Why it is done without a decision" value={fields.unauthorised} onChange={(unauthorised) => change({ unauthorised })} testId="execute-unauthorised" />}
      {field}
    </ActForm>
  );
}

/** Ends it by the smoke tests, and says who looks for the root cause. */
export function FinishForm({ id, rollback, board, now }: FormProps & { readonly id: string }): ReactElement {
  const { doer, field, clear } = useDoer();
  const { fields, change, forget } = useKept(`rollback-finish.${rollback.record}`, { smoke: '', owner: '', due: '' });
  const smoke = pathsIn(fields.smoke);
  const due = fields.due.trim() === '' ? null : instantOf(fields.due);
  const usual = instant(now + board.rules.causeDays * 86_400_000);
  return (
    <ActForm
      label="Finish the rollback" verb="Finish the rollback" testId="rollback-finish"
      after={`Where the smoke tests passed, the watch of ${board.rules.hours} hours begins, the root cause is owed, and the record of policy §11.3 is composed. Where they did not, the rollback has failed.`}
      wanting={smoke.length === 0 ? 'Name the report of the smoke tests.' : fields.due.trim() !== '' && due === null ? 'A time is 2026-01-12 21:40, in UTC.' : doer === null ? 'It says who does it.' : null}
      onSend={async () => {
        if (doer === null) return;
        await runTask('rollback.finish', { rollback: rollback.record, doer, smoke, causeOwner: fields.owner === '' ? null : fields.owner, causeDue: due }, { label: 'Reading the smoke tests', address: addressOf.rollback(id, rollback.deployment), done: (value) => `${value.rollback.id} has ${value.rollback.state}.` });
        forget();
        clear();
      }}
    >
      <Paths label="Smoke tests" hint="JUnit files" value={fields.smoke} onChange={(value) => change({ smoke: value })} testId="rollback-smoke" />
      <div className={styles['pair']}>
        <Owner value={fields.owner} people={board.people} nobody="Whoever finishes it" onChange={(owner) => change({ owner })} />
        <Line label="Root cause found by, in UTC" hint={`Without one, ${usual.slice(0, 16).replace('T', ' ')}, in ${board.rules.causeDays} days.`} value={fields.due} onChange={(value) => change({ due: value })} testId="cause-due" />
      </div>
      {field}
    </ActForm>
  );
}

/** Whose the analysis is and until when, or what was found, by signature. */
export function CauseForm({ rollback, board }: Omit<FormProps, 'now'>): ReactElement {
  const { signer, field, clear } = useSigner();
  const { fields, change, forget } = useKept(`cause.${rollback.record}`, { found: '', owner: '', due: '' });
  const due = fields.due.trim() === '' ? null : instantOf(fields.due);
  const found = fields.found.trim();
  return (
    <ActForm
      label="Root cause" verb={found === '' ? 'Sign who looks for it until when' : 'Sign the root cause'} testId="cause"
      after={found === '' ? 'Afterwards it is owed by whom and until when it says, and stays on Home until it is found.' : 'Afterwards the root cause is found, and nothing is owed for this rollback any more.'}
      wanting={found === '' && fields.owner === '' && fields.due.trim() === '' ? 'It says what was found, or who looks until when.' : fields.due.trim() !== '' && due === null ? 'A time is 2026-01-12 21:40, in UTC.' : signer === null ? 'It asks for a signature.' : null}
      onSend={async () => {
        if (signer === null) return;
        await client.call('rollback.cause', { rollback: rollback.record, ...signer, owner: fields.owner === '' ? null : fields.owner, due, found: found === '' ? null : found });
        forget();
        clear();
      }}
    >
      <Words label="What was found" hint="Why it happened, why nothing stopped it, and which fix goes out when. Empty while it is looked for." value={fields.found} onChange={(value) => change({ found: value })} testId="cause-found" />
      {found !== '' ? null : (
        <div className={styles['pair']}>
          <Owner value={fields.owner} people={board.people} nobody="As it is" onChange={(owner) => change({ owner })} />
          <Line label="Found by, in UTC" hint="2026-01-12 21:40; empty leaves it as it is" value={fields.due} onChange={(value) => change({ due: value })} />
        </div>
      )}
      {field}
    </ActForm>
  );
}

function Owner({ value, people, nobody, onChange }: { readonly value: string; readonly people: Board['people']; readonly nobody: string; readonly onChange: (value: string) => void }): ReactElement {
  const id = useId();
  return (
    <div className={controls['field']}>
      <label className={controls['label']} htmlFor={id}>Who looks for the root cause</label>
      <select id={id} className={controls['input']} value={value} onChange={(event) => onChange(event.target.value)} data-testid="cause-owner">
        <option value="">{nobody}</option>
        {people.map((person) => <option key={person.id} value={person.id}>{person.name}</option>)}
      </select>
    </div>
  );
}
