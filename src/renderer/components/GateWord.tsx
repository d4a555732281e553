import { LockKeyhole, LockKeyholeOpen } from 'lucide-react';
import type { ReactElement } from 'react';
import styles from './gate.module.css';

/** A gate is open or closed, in words, with the count of what closes it. */
export function GateWord({ gate, closing, large = false }: { readonly gate: 'open' | 'closed'; readonly closing: number | null; readonly large?: boolean }): ReactElement {
  const Icon = gate === 'open' ? LockKeyholeOpen : LockKeyhole;
  return (
    <span className={styles['gate']} data-gate={gate} data-large={large} data-testid={large ? 'gate' : undefined}>
      <Icon aria-hidden="true" />
      <span>
        {large || closing !== null ? 'Gate ' : <span className="unseen">Gate </span>}
        <b>{gate === 'open' ? 'Open' : 'Closed'}</b>
        {gate === 'closed' && closing !== null ? <span className={styles['count']}>{closedBy(closing)}</span> : null}
      </span>
    </span>
  );
}

/** With every line green, what is left is whose word they rest on. */
function closedBy(lines: number): string {
  return lines === 0 ? ': authority is unproved' : ` by ${lines} ${lines === 1 ? 'line' : 'lines'}`;
}
