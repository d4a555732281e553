import type { ReactElement, ReactNode } from 'react';
import type { ReleaseShown } from '../../../core/contract/plan-calls.ts';
import type { ReleasePlan } from '../../../core/model/plan.ts';
import { TimeText } from '../../components/TimeText.tsx';
import { WholeDigest } from '../../components/WholeDigest.tsx';
import { METHOD_WORDS } from './plan-words.ts';
import styles from './plan-text.module.css';

/** A plan as it is read: scope, timeline, method, the way back, security, windows. */
export function PlanText({ planned }: { readonly planned: NonNullable<ReleaseShown['plan']> }): ReactElement {
  const { plan, digest, schedule } = planned;
  return (
    <dl className={styles['plan']}>
      <ScopePairs scope={plan.scope} />
      <Pair name="Timeline">
        {plan.timeline.length === 0 ? <span className={styles['soft']}>No dates are set.</span> : (
          <ul className={styles['items']}>{plan.timeline.map(({ on, what }, index) => <li key={`${index} ${on}`}><TimeText time={on} short /> <span dir="auto">{what}</span></li>)}</ul>
        )}
      </Pair>
      <Pair name="Method">{METHOD_WORDS[plan.method]}</Pair>
      <Pair name="Way back"><span className={styles['text']} dir="auto">{plan.rollback_plan}</span> <span className={styles['soft']}>{plan.previous === null ? 'There is no release before it.' : <>To <bdi>{plan.previous}</bdi>.</>}</span></Pair>
      <Pair name="Security">{plan.security_impact === '' ? <span className={styles['soft']}>Nothing is said of it.</span> : <span className={styles['text']} dir="auto">{plan.security_impact}</span>}</Pair>
      <Pair name="Windows">{plan.calendar === null ? 'No calendar: only an emergency is deployed.' : schedule === null ? 'By the calendar in it.' : <span dir="auto">{schedule.reason}</span>}</Pair>
      <Pair name="Plan digest"><WholeDigest value={digest} what="Plan digest" /></Pair>
    </dl>
  );
}

function ScopePairs({ scope: { features, fixes, security } }: { readonly scope: ReleasePlan['scope'] }): ReactElement {
  return (
    <>
      <Pair name="Features"><Items items={features} none="None" /></Pair>
      <Pair name="Fixes"><Items items={fixes} none="None" /></Pair>
      <Pair name="Security patches"><Items items={security} none="None" /></Pair>
    </>
  );
}

function Items({ items, none }: { readonly items: readonly string[]; readonly none: string }): ReactElement {
  if (items.length === 0) return <span className={styles['soft']}>{none}</span>;
  return <ul className={styles['items']}>{items.map((item, index) => <li key={`${index} ${item}`} dir="auto">{item}</li>)}</ul>;
}

function Pair({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return <><dt>{name}</dt><dd>{children}</dd></>;
}
