import type { ReactElement, ReactNode } from 'react';
import { counted } from '../../components/wording.ts';
import { BUCKET_WORDS, bucketDays, bucketsOf } from './buckets.ts';
import styles from './metrics.module.css';
import type { Metrics } from './metrics-store.ts';
import { Plot } from './Plot.tsx';

/** The four figures, each with its definition and its plot, and the share of emergencies. */
export function Figures({ metrics }: { readonly metrics: Metrics }): ReactElement {
  const { shipped, restored, deploymentFrequency, leadTime, changeFailureRate, timeToRestore, deployments, emergencies } = metrics;
  const [from, to] = [Date.parse(metrics.from), Date.parse(metrics.to)];
  const each = BUCKET_WORDS[bucketDays((to - from) / 86_400_000)];
  const buckets = bucketsOf(shipped, from, to);
  const days = (bucket: { readonly from: number; readonly to: number }): string => `${dayOf(bucket.from)} to ${dayOf(bucket.to)}`;
  const leads = shipped.flatMap(({ leadHours, at, failed, release }) => (leadHours === null ? [] : [{ at: Date.parse(at), value: leadHours, failed, words: `${release}, ${dayOf(Date.parse(at))}: ${hoursInWords(leadHours)}${failed ? ', failed afterwards' : ''}` }]));
  const times = restored.flatMap(({ hours, at, from: version }) => (hours === null ? [] : [{ at: Date.parse(at), value: hours, failed: false, words: `${version}, ${dayOf(Date.parse(at))}: ${hoursInWords(hours)}` }]));
  return (
    <div className={styles['figures']}>
      <Figure testId="deployment-frequency" title="Deployment frequency" value={`${deploymentFrequency.perWeek} a week`} definition="Deployments to production that ended, failed ones too, a week." note={counted(deployments, 'deployment')} key_={<><Key kind="bar">all</Key><Key kind="part">of them failed</Key></>}>
        <Plot label={`Deployments to production by ${each}: ${counted(deployments, 'deployment')} in all.`} unit={`Deployments a ${each}`.replace('a four', 'in four')} whole from={from} to={to} bars={buckets.map((bucket) => ({ from: bucket.from, to: bucket.to, value: bucket.count, part: bucket.failed, words: `${days(bucket)}: ${counted(bucket.count, 'deployment')}, ${bucket.failed} failed` }))} />
      </Figure>
      <Figure testId="lead-time" title="Lead time for changes" value={leadTime.medianHours === null ? 'Not known' : hoursInWords(leadTime.medianHours)} definition="From the commit in the middle of what a deployment brings, by time, to its end; the median. Of deployments that only other programs told of it is not known." note={`Of ${counted(leadTime.counted, 'deployment')}`} key_={<><Key kind="dot">went well</Key><Key kind="cross">failed afterwards</Key></>}>
        {leads.length === 0 ? <Nothing>No record says how long a change took. Deployments that are begun here do.</Nothing> : <Plot label={`Lead time of ${counted(leads.length, 'deployment')}, in hours.`} unit="Hours" from={from} to={to} dots={leads} line={leadTime.medianHours === null ? null : { value: leadTime.medianHours, name: 'median' }} />}
      </Figure>
      <Figure testId="change-failure-rate" title="Change failure rate" value={changeFailureRate.share === null ? 'Not known' : `${Math.round(changeFailureRate.share * 1000) / 10} %`} definition="The share of deployments to production that failed, or that was rolled back." note={`${changeFailureRate.failed} of ${deployments}`} key_={<Key kind="part">failed or rolled back</Key>}>
        {deployments === 0 ? <Nothing>Nothing was deployed to production in this time.</Nothing> : <Plot label={`Share of deployments that failed, by ${each}.`} unit="Failed, %" from={from} to={to} top={100} bars={buckets.filter(({ count }) => count > 0).map((bucket) => ({ from: bucket.from, to: bucket.to, value: 0, part: (bucket.failed / bucket.count) * 100, words: `${days(bucket)}: ${bucket.failed} of ${bucket.count} failed` }))} />}
      </Figure>
      <Figure testId="time-to-restore" title="Time to restore" value={timeToRestore.medianHours === null ? 'Not known' : hoursInWords(timeToRestore.medianHours)} definition="From when an issue was recorded as detected to the end of its rollback; the median." note={`Of ${counted(timeToRestore.counted, 'rollback')}`} key_={<Key kind="dot">a rollback</Key>}>
        {times.length === 0 ? <Nothing>No rollback of which it is recorded when its issue was detected ended in this time.</Nothing> : <Plot label={`Time to restore of ${counted(times.length, 'rollback')}, in hours.`} unit="Hours" from={from} to={to} dots={times} line={timeToRestore.medianHours === null ? null : { value: timeToRestore.medianHours, name: 'median' }} />}
      </Figure>
      <Figure testId="emergencies" title="Emergencies" value={emergencies.releases.percent === null ? 'Not known' : `${emergencies.releases.percent} %`} definition="The share of the versions that went to production that mended a declared emergency." note={`${emergencies.releases.of} of ${counted(emergencies.releases.all, 'version')}`} key_={null}>
        <Nothing>{`${counted(emergencies.declared, 'emergency', 'emergencies')} declared in this time; of ${emergencies.denied} whoever ratified found that the criterion did not hold.`}</Nothing>
      </Figure>
    </div>
  );
}

function Figure({ title, value, definition, note, key_, testId, children }: { readonly title: string; readonly value: string; readonly definition: string; readonly note: string; readonly key_: ReactNode; readonly testId: string; readonly children: ReactNode }): ReactElement {
  return (
    <section className={styles['figure']} aria-label={title} data-testid={testId}>
      <h2>{title}</h2>
      <p className={styles['value']}>{value} <span className={styles['soft']}>{note}</span></p>
      <p className={styles['soft']}>{definition}</p>
      {children}
      <p className={styles['keys']}>{key_}</p>
    </section>
  );
}

function Nothing({ children }: { readonly children: string }): ReactElement {
  return <p className={styles['nothing']}>{children}</p>;
}

/** What a shape stands for. */
function Key({ kind, children }: { readonly kind: 'bar' | 'part' | 'dot' | 'cross'; readonly children: string }): ReactElement {
  return (
    <span className={styles['key']}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        {kind === 'bar' ? <rect width="12" height="12" className={styles['bar']} /> : kind === 'dot' ? <circle cx="6" cy="6" r="4" className={styles['dot']} /> : kind === 'cross' ? <path d="M2 2l8 8M10 2l-8 8" className={styles['cross']} /> : <><rect width="12" height="12" className={styles['hatchGround']} /><path d="M0 12 12 0M-3 6 6-3M6 15 15 6" className={styles['hatchStroke']} /></>}
      </svg>
      {children}
    </span>
  );
}

/** "42 min", "18.5 h", "3.2 days". */
export function hoursInWords(hours: number): string {
  if (hours < 1) return `${Math.round(hours * 60)} min`;
  return hours < 72 ? `${Math.round(hours * 10) / 10} h` : `${Math.round((hours / 24) * 10) / 10} days`;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
