import type { ReactElement } from 'react';
import type { RollbackTrigger } from '../../../core/model/records/rollback.ts';
import { client } from '../../core-client.ts';
import { ActForm } from '../deployment/ActForm.tsx';
import type { Board, Deployment } from '../deployment/board-store.ts';
import { Words } from '../deployment/fields.tsx';
import { useDoer } from '../deployment/use-doer.tsx';
import { useKept } from '../deployment/use-kept.ts';
import { useRollback } from './rollback-store.ts';
import styles from './rollback.module.css';
import { rowsFor, rowsIn, toldOf } from './told.ts';
import { ToldRows } from './ToldRows.tsx';

const TRIGGERS: readonly RollbackTrigger[] = ['critical-bug', 'vulnerability-exploited', 'performance-degradation', 'data-loss', 'compliance-violation'];

/** What was detected: one of the five triggers of §9.1, in the policy's words, with who was told. */
export function DetectForm({ of, board, now }: { readonly of: Deployment; readonly board: Board; readonly now: number }): ReactElement {
  const { doer, field, clear } = useDoer();
  const { fields, change, forget } = useKept(`detect.${of.record}`, { trigger: '', reason: '', rows: JSON.stringify(rowsFor(['incident-team', 'cto', 'ciso'], board.people).map((row) => ({ ...row, by: '' }))) });
  const slower = useRollback(({ checked }) => checked?.slower ?? null);
  const rows = rowsIn(fields.rows);
  const notified = toldOf(rows, now);
  const trigger = TRIGGERS.find((one) => one === fields.trigger);
  return (
    <ActForm
      label="Record the issue" verb="Record the issue" testId="detect" after="Afterwards it stands in the archive when the issue was detected: time to restore is counted from there. Nothing is rolled back by it."
      wanting={trigger === undefined ? 'Choose what was detected.' : fields.reason.trim() === '' ? 'It says what was detected.' : notified === null ? 'A time is 2026-01-12 21:40, in UTC.' : doer === null ? 'It says who detected it.' : null}
      onSend={async () => {
        if (doer === null || trigger === undefined || notified === null) return;
        await client.call('rollback.start', { deployment: of.record, trigger, reason: fields.reason.trim(), doer, notified, slowerPercent: trigger === 'performance-degradation' ? (slower?.percent ?? null) : null });
        forget();
        clear();
      }}
    >
      <fieldset className={styles['triggers']} data-testid="triggers">
        <legend className={styles['legend']}>What was detected (§9.1)</legend>
        {board.rules.triggers.map(({ id, words }) => (
          <label key={id} className={styles['trigger']} data-chosen={fields.trigger === id}>
            <input type="radio" name="trigger" value={id} checked={fields.trigger === id} onChange={() => change({ trigger: id })} />
            <span>“{words}”</span>
            {id !== 'performance-degradation' ? null : <span className={styles['soft']}>{slower === null ? `Compare two results above to know by how much; more than ${board.rules.slowerPercent} % calls for it.` : `${slower.percent} % slower, by the two results above: ${slower.called ? 'it calls for a rollback.' : 'it does not.'}`}</span>}
          </label>
        ))}
      </fieldset>
      <Words label="In words" hint="What was seen, since when, and by whom it was noticed." value={fields.reason} onChange={(reason) => change({ reason })} testId="detect-reason" />
      <ToldRows rows={rows} people={board.people} onChange={(next) => change({ rows: JSON.stringify(next) })} />
      {field}
    </ActForm>
  );
}
