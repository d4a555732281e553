import type { ReactElement } from 'react';
import type { AssessedLine, Assessment } from '../../../core/contract/contract.ts';
import { StatusBadge } from '../../components/StatusSign.tsx';
import { listed } from '../../components/wording.ts';
import { othersFor } from './decisions.ts';
import styles from './approvals.module.css';

/** A line that an approval decides: what it came to, and who could. */
export function AskedLine({ line: { words, result, approvedBy }, assessment }: { readonly line: AssessedLine; readonly assessment: Assessment }): ReactElement {
  const barred = assessment.deciders.filter(({ roles, authored }) => authored !== null && approvedBy.some((role) => roles.includes(role)));
  return (
    <li className={styles['item']} data-testid={`asked-${result.id}`}>
      <StatusBadge status={result.status} />
      <div className={styles['words']}>
        <p><b>{words}</b></p>
        <p dir="auto">{result.summary}</p>
        {approvedBy.map((role) => {
          const able = othersFor(assessment, role, null);
          return <p key={role} className={styles['soft']} dir="auto">{able.length === 0 ? `Nobody of the roster can as ${role}: its administrators can give somebody the role, or name a deputy.` : `As ${role}: ${listed(able.map(({ name }) => name))}.`}</p>;
        })}
        {barred.length === 0 ? null : <p className={styles['soft']} dir="auto">{listed(barred.map(({ name }) => name))} wrote part of it, so their approval would not count.</p>}
      </div>
    </li>
  );
}
