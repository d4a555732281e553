import { useEffect, useState, type ReactElement } from 'react';
import { Button, ButtonLink } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { CopyButton } from '../../components/CopyButton.tsx';
import { Cut } from '../../components/Cut.tsx';
import { Empty } from '../../components/Empty.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { FolderDialog } from '../../components/FolderDialog.tsx';
import { Screen, Section } from '../../components/Screen.tsx';
import { StatusBadge } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { VirtualTable } from '../../components/VirtualTable.tsx';
import { counted } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { Figures, hoursInWords } from './Figures.tsx';
import styles from './metrics.module.css';
import { readMetrics, saveMetrics, useMetrics, type Metrics } from './metrics-store.ts';

const PERIODS = [['30', '30 days'], ['90', '90 days'], ['365', 'A year'], ['own', 'From day to day']] as const;
type Period = (typeof PERIODS)[number][0];

const DAY = 86_400_000;

/** How often, how fast and how well releases go out: DORA's four figures from the archive. */
export function MetricsScreen(): ReactElement {
  const { metrics, error } = useMetrics();
  const [period, setPeriod] = useState<Period>('90');
  useEffect(() => {
    void readMetrics({ from: null, to: null });
  }, []);
  const choose = (next: Period): void => {
    setPeriod(next);
    if (next !== 'own') void readMetrics(stretchOf(Number(next)));
  };
  const empty = metrics !== null && metrics.deployments === 0 && metrics.restored.length === 0;
  return (
    <Screen
      title="Metrics"
      lead={metrics === null ? undefined : <>From <TimeText time={metrics.from} short /> to <TimeText time={metrics.to} short />, worked out of the records of all logs{metrics.imported === 0 ? '' : `; ${counted(metrics.imported, 'deployment')} told by other programs`}.</>}
      actions={metrics === null || empty ? undefined : <Exports metrics={metrics} />}
    >
      <fieldset className={styles['periods']}>
        <legend className="unseen">Period</legend>
        {PERIODS.map(([value, words]) => <label key={value} className={controls['choice']}><input type="radio" name="period" value={value} checked={period === value} onChange={() => choose(value)} data-testid={`period-${value}`} />{words}</label>)}
        {period === 'own' ? <OwnPeriod first={metrics?.from.slice(0, 10) ?? ''} last={metrics?.to.slice(0, 10) ?? ''} /> : null}
      </fieldset>
      {error === null ? null : <ErrorPanel error={error} onRetry={() => void readMetrics()} />}
      {metrics === null ? null : empty ? (
        <Empty action={<ButtonLink href={addressOf.releases}>Go to the releases</ButtonLink>}>
          Nothing was deployed to production in this time, so there is nothing to measure. Deployments are begun on the Deployment tab of a release, or told by other programs: countersign record deployment.
        </Empty>
      ) : (
        <>
          <Figures metrics={metrics} />
          <Section title="Deployments to production" aside={counted(metrics.shipped.length, 'deployment')}><Shipped shipped={metrics.shipped} /></Section>
          <Section title="Rollbacks" aside={counted(metrics.restored.length, 'rollback')}><Restored restored={metrics.restored} /></Section>
        </>
      )}
    </Screen>
  );
}

function stretchOf(days: number): { readonly from: string | null; readonly to: null } {
  return { from: `${new Date(Date.now() - days * DAY).toISOString().slice(0, 19)}Z`, to: null };
}

/** Any two days, the second one whole. */
function OwnPeriod({ first, last }: { readonly first: string; readonly last: string }): ReactElement {
  const [from, setFrom] = useState(first);
  const [to, setTo] = useState(last);
  const good = /^\d{4}-\d{2}-\d{2}$/.test(from) && /^\d{4}-\d{2}-\d{2}$/.test(to);
  return (
    <form
      className={styles['own']}
      onSubmit={(event) => {
        event.preventDefault();
        if (good) void readMetrics({ from: `${from}T00:00:00Z`, to: `${new Date(Date.parse(`${to}T00:00:00Z`) + DAY).toISOString().slice(0, 19)}Z` });
      }}
    >
      <label className={styles['day']}>From <input type="date" className={controls['input']} value={from} onChange={(event) => setFrom(event.target.value)} data-testid="period-from" /></label>
      <label className={styles['day']}>to <input type="date" className={controls['input']} value={to} onChange={(event) => setTo(event.target.value)} data-testid="period-to" /></label>
      <Button type="submit" disabled={!good} testId="period-show">Show these days</Button>
    </form>
  );
}

/** The figures for other programs: copied, or written into a folder. */
function Exports({ metrics }: { readonly metrics: Metrics }): ReactElement {
  const { csv, saved } = useMetrics();
  const [saving, setSaving] = useState<'json' | 'csv' | null>(null);
  return (
    <>
      <CopyButton text={JSON.stringify(metrics, null, 2)} what="the metrics as JSON" label="Copy as JSON" />
      {csv === null ? null : <CopyButton text={csv} what="the metrics as CSV" label="Copy as CSV" />}
      <Button onClick={() => setSaving('json')} testId="save-json">Save as JSON</Button>
      <Button onClick={() => setSaving('csv')} testId="save-csv">Save as CSV</Button>
      {saved === null ? null : <p role="status" className={styles['soft']} data-testid="saved">Saved as <bdi>{saved}</bdi></p>}
      {saving === null ? null : (
        <FolderDialog
          title="Where are the metrics to be saved?" choose="folder" start={null} onClose={() => setSaving(null)}
          onChoose={(folder) => {
            setSaving(null);
            void saveMetrics(saving, folder);
          }}
        />
      )}
    </>
  );
}

function Shipped({ shipped }: { readonly shipped: Metrics['shipped'] }): ReactElement {
  if (shipped.length === 0) return <Empty>Nothing was deployed to production in this time.</Empty>;
  return (
    <VirtualTable
      label="Deployments to production" visible={12} count={shipped.length} testId="shipped"
      columns={[{ name: 'Ended', width: 'minmax(150px, 260px)' }, { name: 'Release', width: 'minmax(100px, 1fr)' }, { name: 'Outcome', width: '210px' }, { name: 'Lead time', width: '110px', align: 'end' }, { name: 'Record', width: 'minmax(160px, 2fr)' }]}
      rowAt={(index) => {
        const one = shipped[shipped.length - 1 - index];
        if (one === undefined) return null;
        return {
          key: `${one.id} ${index}`,
          cells: [
            <TimeText key="at" time={one.at} />, <Cut key="release">{one.release}</Cut>,
            <span key="outcome" className={styles['badges']}><StatusBadge status={one.failed ? 'failed' : 'passed'}>{one.failed ? 'Failed' : 'Went well'}</StatusBadge>{one.imported ? <span className={styles['soft']}>told by others</span> : null}</span>,
            one.leadHours === null ? <span key="lead" className={styles['soft']}>not known</span> : hoursInWords(one.leadHours), <a key="record" href={addressOf.entry(one.id)}><Cut>{one.id}</Cut></a>,
          ],
        };
      }}
    />
  );
}

function Restored({ restored }: { readonly restored: Metrics['restored'] }): ReactElement {
  if (restored.length === 0) return <Empty>Nothing was rolled back in this time.</Empty>;
  return (
    <VirtualTable
      label="Rollbacks" visible={8} count={restored.length} testId="restored"
      columns={[{ name: 'Ended', width: 'minmax(150px, 260px)' }, { name: 'Rolled back', width: 'minmax(100px, 1fr)' }, { name: 'Time to restore', width: '130px', align: 'end' }, { name: 'Record', width: 'minmax(160px, 2fr)' }]}
      rowAt={(index) => {
        const one = restored[restored.length - 1 - index];
        if (one === undefined) return null;
        return { key: `${one.id} ${index}`, cells: [<TimeText key="at" time={one.at} />, <Cut key="from">{one.from}</Cut>, one.hours === null ? <span key="hours" className={styles['soft']}>not known</span> : hoursInWords(one.hours), <a key="record" href={addressOf.entry(one.id)}><Cut>{one.id}</Cut></a>] };
      }}
    />
  );
}
