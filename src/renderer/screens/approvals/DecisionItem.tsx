import type { ReactElement } from 'react';
import type { ActView } from '../../../core/contract/approval-calls.ts';
import type { Assessment } from '../../../core/contract/contract.ts';
import { Digest } from '../../components/Digest.tsx';
import { StatusBadge } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { saidOf } from './decisions.ts';
import styles from './approvals.module.css';

const VERBS: Readonly<Record<string, string>> = { approval: 'approved it', rejection: 'rejected it', withdrawal: 'withdrew it' };

/** One decision: by whom, in which role, what it comes to and why, and what exactly it was of. */
export function DecisionItem({ act, acts, assessment }: { readonly act: ActView; readonly acts: readonly ActView[]; readonly assessment: Assessment }): ReactElement {
  const { record, event_type: type, by, person, claimed, decision, about, words, rosterVersion, interval } = act;
  const said = saidOf(act, acts, assessment);
  const role = decision?.role ?? (type === 'withdrawal' ? about : null);
  return (
    <li className={styles['item']} data-dead={said.dead} data-testid="decision" data-word={said.word}>
      <StatusBadge status={said.status}>{said.word}</StatusBadge>
      <div className={styles['words']}>
        <p className={styles['who']}>
          <b><bdi>{person ?? by ?? 'Nobody'}</bdi></b> <span className={styles['deed']}>{VERBS[type] ?? type}{role === null ? '' : ` as ${role}`}</span> <TimeText time={decision?.at ?? claimed} />
          {person === null ? <span className={styles['soft']}> That it was them is not proved.</span> : null}
        </p>
        {words === '' ? null : <p className={styles['quote']} dir="auto">{words}</p>}
        {decision?.securityImpact == null ? null : <p dir="auto">Security: {decision.securityImpact}</p>}
        <p data-testid="decision-why" dir="auto">{said.why}</p>
        <p className={styles['facts']}>
          {decision === null ? null : <span>Over {counted(decision.subject.length, 'file')} of <code title={decision.commit}>{decision.commit.slice(0, 7)}</code>, subject <Digest value={decision.subjectDigest} what="subject digest" /></span>}
          <span>{rosterVersion === null ? 'Under a roster that is not known here' : `Under version ${rosterVersion} of the roster`}{interval === null || said.word === 'Counts' ? '' : <>, between <TimeText time={interval.from} short /> and <TimeText time={interval.to} short /></>}</span>
          <a href={addressOf.entry(record)}>{record}</a>
        </p>
      </div>
    </li>
  );
}
