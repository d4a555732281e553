import type { ReactElement } from 'react';
import type { Assessment } from '../../../core/contract/contract.ts';
import type { ReleaseShown } from '../../../core/contract/plan-calls.ts';
import { Empty } from '../../components/Empty.tsx';
import { Section } from '../../components/Screen.tsx';
import { addressOf } from '../../frame/routes.ts';
import { PlanText } from '../plan/PlanText.tsx';
import styles from './approve.module.css';

/** The plan that the approval is over. */
export function PlanDecided({ id, assessment, shown }: { readonly id: string; readonly assessment: Assessment; readonly shown: ReleaseShown | null }): ReactElement {
  const plan = shown?.plan ?? null;
  return (
    <Section title="The plan in force" aside={plan === null ? undefined : <a href={addressOf.entry(plan.record)}>Signed by <bdi>{plan.by}</bdi></a>}>
      {shown === null ? <p className={styles['soft']}>Reading the records.</p>
        : plan === null ? <Empty action={<a href={addressOf.release(id, 'plan')}>See the plans</a>}>{shown.disputed.length > 0 ? 'Two plans stand beside each other, so that neither rules. What is approved holds none.' : 'Nothing is planned. What is approved holds no plan; one that is signed later kills this approval.'}</Empty>
        : <PlanText planned={plan} />}
      {plan !== null && assessment.planDigest !== plan.digest ? <p className={styles['warning']} role="status">The release was judged under another plan. Check it again before you sign.</p> : null}
    </Section>
  );
}
