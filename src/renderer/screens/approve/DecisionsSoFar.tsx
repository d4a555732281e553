import type { ReactElement } from 'react';
import type { ActView } from '../../../core/contract/approval-calls.ts';
import type { Assessment } from '../../../core/contract/contract.ts';
import { Section } from '../../components/Screen.tsx';
import { StatusBadge } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { listed } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { askedLines, othersInWords, saidOf } from '../approvals/decisions.ts';
import { WholeList } from './WholeList.tsx';
import styles from './approve.module.css';

/** Whom the checklist asks, and what others decided before. */
export function DecisionsSoFar({ id, assessment, acts }: { readonly id: string; readonly assessment: Assessment; readonly acts: readonly ActView[] | null }): ReactElement {
  const asked = askedLines(assessment);
  const decisions = (acts ?? []).filter(({ decision }) => decision !== null);
  return (
    <Section title="Who is asked" aside={<a href={addressOf.release(id, 'approvals')}>Everything that was signed</a>}>
      {asked.length === 0 ? <p>Nobody: the release is neither major nor a security patch.</p> : (
        <ul className={styles['list']}>
          {asked.map(({ result, words, approvedBy }) => (
            <li key={result.id} className={styles['said']}>
              <b>{words}</b> <StatusBadge status={result.status} />{' '}
              <span className={styles['soft']}>{approvedBy.map((role) => othersInWords(assessment, role, null).replace('Nobody else of the roster can', 'Nobody of the roster can')).join(' ')}</span>
            </li>
          ))}
        </ul>
      )}
      {asked.length > 1 ? <p className={styles['soft']}>{listed(asked.flatMap(({ approvedBy }) => approvedBy))} have to be different people.</p> : null}
      {decisions.length === 0 ? <p className={styles['soft']}>{acts === null ? 'Reading the records.' : 'Nobody decided anything yet.'}</p> : (
        <WholeList items={decisions} what="decisions">
          {(act) => {
            const said = saidOf(act, acts ?? [], assessment);
            return (
              <li key={act.record} className={styles['said']}>
                <StatusBadge status={said.status}>{said.word}</StatusBadge>{' '}
                <bdi>{act.person ?? act.by ?? 'Nobody'}</bdi> {act.decision?.decision === 'reject' ? 'rejected' : 'approved'} it as {act.decision?.role ?? ''} <TimeText time={act.decision?.at ?? act.claimed} short />
                {act.words === '' ? null : <>: <span dir="auto">{act.words}</span></>} <span className={styles['soft']} dir="auto">{said.why}</span>
              </li>
            );
          }}
        </WholeList>
      )}
    </Section>
  );
}
