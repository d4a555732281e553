import type { ReactElement } from 'react';
import type { HealthCheck } from '../../../core/contract/doctor-calls.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import styles from './keys.module.css';

const SIGNS = { 'ok': 'passed', 'warning': 'accepted', 'problem': 'failed', 'not-needed': 'not-applicable' } as const;

/** What this machine has of what the console leans on, the troubles first, each with the command that mends it. */
export function Diagnosis({ checks }: { readonly checks: readonly HealthCheck[] }): ReactElement {
  const order = ['problem', 'warning', 'ok', 'not-needed'];
  const sorted = [...checks].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return (
    <ul className={styles['checks']} data-testid="diagnosis">
      {sorted.map(({ id, state, message, remedy }) => (
        <li key={id} data-state={state}>
          <StatusSign status={SIGNS[state]} silent />
          <span>{message}</span>
          {remedy === null ? null : <span className={styles['remedy']}><code>{remedy}</code><CopyButton text={remedy} what="the command" /></span>}
        </li>
      ))}
    </ul>
  );
}
