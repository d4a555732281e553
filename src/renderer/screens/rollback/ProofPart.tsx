import type { ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import { Cut } from '../../components/Cut.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { PathField } from '../../components/PathField.tsx';
import { ProgressPanel } from '../../components/Progress.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { VirtualTable } from '../../components/VirtualTable.tsx';
import { addressOf } from '../../frame/routes.ts';
import { useTaskAt } from '../../frame/task-store.ts';
import { Lines } from '../deployment/AuthorityLines.tsx';
import { Line } from '../deployment/fields.tsx';
import { checkRollback, outdateCheck, useRollback, type Checked, type Possible } from './rollback-store.ts';
import styles from './rollback.module.css';

/** What is typed of where the proof is looked for. */
export interface ProofFields extends Readonly<Record<string, string>> {
  readonly to: string;
  readonly artifacts: string;
  readonly before: string;
  readonly after: string;
}

export function possibleOf({ to, artifacts, before, after }: ProofFields): Possible {
  const given = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  const both = given(before) !== null && given(after) !== null;
  return { to: given(to), artifacts: artifacts.trim(), before: both ? given(before) : null, after: both ? given(after) : null };
}

interface ProofProps {
  readonly id: string;
  readonly deployment: string;
  readonly repo: string;
  readonly previous: string | null;
  readonly fields: ProofFields;
  readonly change: (some: Partial<ProofFields>) => void;
}

/** The proof that it can be done, line by line, and how much slower it has become; nothing is recorded by looking. */
export function ProofPart({ id, deployment, repo, previous, fields, change }: ProofProps): ReactElement {
  const { checked, checking, checkError } = useRollback();
  const task = useTaskAt(addressOf.rollback(id, deployment));
  const put = (some: Partial<ProofFields>): void => {
    outdateCheck();
    change(some);
  };
  const one = (fields.before.trim() === '') !== (fields.after.trim() === '');
  const wanting = fields.artifacts.trim() === '' ? 'Name the folder that holds the artifacts of that version.' : fields.to.trim() === '' && previous === null ? 'Name the version to go back to: nothing is planned that does.' : one ? 'Two results are compared: name both, or neither.' : null;
  const look = (): void => void checkRollback(id, deployment, repo, possibleOf(fields));
  return (
    <div className={styles['panel']} data-testid="proof">
      <div className={styles['pair']}>
        <Line label="Version to go back to" hint={previous === null ? 'Nothing is planned that names it.' : `Without one, ${previous}, as planned.`} value={fields.to} onChange={(to) => put({ to })} testId="rollback-to" />
        <PathField label="Folder of its artifacts" hint="With their signatures" choose="folder" value={fields.artifacts} onChange={(artifacts) => put({ artifacts })} testId="rollback-artifacts" />
        <PathField label="Performance results before" hint="Of the version before; compared with those of this one" choose="file" value={fields.before} onChange={(before) => put({ before })} testId="rollback-before" />
        <PathField label="Performance results now" hint="By the same tool" choose="file" value={fields.after} onChange={(after) => put({ after })} testId="rollback-after" />
      </div>
      <div className={styles['formActs']}>
        <Button kind={checked === null ? 'primary' : 'plain'} disabled={wanting !== null || checking} onClick={look} testId="check-rollback">Look whether it can be done</Button>
        <span className={styles['soft']}>{wanting ?? (checked === null ? 'Nothing is recorded by looking.' : '')}</span>
      </div>
      {task === null ? null : <ProgressPanel task={task} />}
      {checkError === null ? null : <ErrorPanel error={checkError} onRetry={look} />}
      {checked === null ? null : <Outcome checked={checked} />}
    </div>
  );
}

function Outcome({ checked: { from, to, environment, possible, proof, slower } }: { readonly checked: Checked }): ReactElement {
  return (
    <div className={styles['outcome']} data-testid="proof-outcome" data-possible={possible}>
      <h3 className={styles['sentence']}><StatusSign status={possible ? 'passed' : 'failed'} silent /><span>{possible ? `${from} can be rolled back to ${to} in ${environment}` : `That ${from} can be rolled back to ${to} in ${environment} is not proved`}</span></h3>
      <Lines label="The proof, line by line" lines={proof.map((line) => ({ ...line, who: null }))} />
      {slower === null ? null : (
        <>
          <h3 className={styles['sentence']} data-testid="slower"><StatusSign status={slower.called ? 'failed' : 'passed'} silent /><span>{slower.percent} % slower where it is worst; more than {slower.threshold} % calls for a rollback (§9.1): {slower.called ? 'it does' : 'it does not'}</span></h3>
          <VirtualTable
            label="Figures before and now" visible={6} count={slower.figures.length}
            columns={[{ name: 'Figure', width: 'minmax(160px, 3fr)' }, { name: 'Measure', width: 'minmax(80px, 1fr)' }, { name: 'Before', width: '120px', align: 'end' }, { name: 'Now', width: '120px', align: 'end' }, { name: 'Worse by', width: '100px', align: 'end' }]}
            rowAt={(index) => {
              const figure = slower.figures[index];
              if (figure === undefined) return null;
              const { name, metric, unit, was, is, percent } = figure;
              return { key: `${name} ${metric}`, cells: [<Cut key="name">{name}</Cut>, metric, `${was} ${unit}`, `${is} ${unit}`, `${percent} %`] };
            }}
          />
        </>
      )}
    </div>
  );
}
