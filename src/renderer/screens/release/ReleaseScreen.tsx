import { FileSignature, RefreshCw } from 'lucide-react';
import { useEffect, useRef, type ReactElement } from 'react';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { ProgressPanel } from '../../components/Progress.tsx';
import { stepsNow } from '../../components/steps-now.ts';
import { StepsLine } from '../../components/StepsLine.tsx';
import { counted, numbered } from '../../components/wording.ts';
import { goTo } from '../../frame/route-store.ts';
import { addressOf, RELEASE_TABS, type ReleaseTab } from '../../frame/routes.ts';
import { useTaskAt } from '../../frame/task-store.ts';
import { useKeys } from '../../frame/use-keys.ts';
import { ApprovalsTab } from './ApprovalsTab.tsx';
import { ArtifactsTab } from './ArtifactsTab.tsx';
import { ChecklistTab } from './ChecklistTab.tsx';
import { DeploymentTab } from './DeploymentTab.tsx';
import { OverviewTab } from './OverviewTab.tsx';
import { PlanTab } from './PlanTab.tsx';
import { RecordTab } from './RecordTab.tsx';
import { ReleaseHeader } from './ReleaseHeader.tsx';
import { useRecords } from './records-store.ts';
import { evaluateRelease, openRelease, useOpenRelease } from './release-store.ts';
import styles from './release.module.css';

const TAB_WORDS: Readonly<Record<ReleaseTab, string>> = {
  overview: 'Overview', plan: 'Plan', checklist: 'Checklist', artifacts: 'Artifacts', approvals: 'Approvals', deployment: 'Deployment', record: 'Record',
};

/** A release as it stands: header, eight steps, and its tabs. */
export function ReleaseScreen({ id, tab, line }: { readonly id: string; readonly tab: ReleaseTab; readonly line: string | null }): ReactElement {
  const release = useOpenRelease(id);
  const { assessment, evaluating, error, saved } = release;
  const { shown } = useRecords(assessment?.draft ?? saved?.draft ?? null);
  const task = useTaskAt(addressOf.release(id));
  useEffect(() => {
    void openRelease(id);
  }, [id]);
  useKeys({
    ...Object.fromEntries(RELEASE_TABS.map((name, index) => [String(index + 1), () => goTo(addressOf.release(id, name))])),
    r: (event) => !event.defaultPrevented && void evaluateRelease(id),
  });
  const tabs = useRef<HTMLElement>(null);
  useEffect(() => {
    // Where the key that changed the tab took away what had the focus, the tab takes it.
    if (document.activeElement === document.body) tabs.current?.querySelector<HTMLElement>('[aria-current]')?.focus();
  }, [tab]);
  useEffect(() => {
    document.title = `${saved?.draft.version ?? id} · ${TAB_WORDS[tab]} · Countersign`;
  }, [saved, id, tab]);

  return (
    <div className={styles['release']}>
      <header className={styles['top']}>
        <ReleaseHeader
          id={id}
          release={release}
          actions={
            <>
              {saved === null ? null : <ButtonLink href={addressOf.edit(id)} kind="quiet" testId="edit-release">Change what is loaded</ButtonLink>}
              <Button disabled={evaluating || saved === null} onClick={() => void evaluateRelease(id)} testId="evaluate"><RefreshCw aria-hidden="true" />Check again</Button>
              {assessment === null || assessment.artifacts.length === 0 ? null : (
                <ButtonLink href={addressOf.sign(id)}><FileSignature aria-hidden="true" />Open the signing room</ButtonLink>
              )}
            </>
          }
        />
        {error === null ? null : <ErrorPanel error={error} />}
        {task === null ? null : <ProgressPanel task={task} />}
        {assessment === null ? null : <StepsLine steps={stepsNow(assessment.steps, shown)} />}
        <nav ref={tabs} className={styles['tabs']} aria-label="Parts of the release">
          {RELEASE_TABS.map((name) => (
            <a key={name} className={styles['tab']} href={addressOf.release(id, name)} aria-current={name === tab ? 'page' : undefined}>
              {TAB_WORDS[name]}
              <TabCount tab={name} count={assessment === null ? null : name === 'checklist' ? assessment.lines.length : name === 'artifacts' ? assessment.artifacts.length : null} />
            </a>
          ))}
        </nav>
      </header>
      {assessment === null ? (
        <p className={styles['waiting']}>{evaluating ? 'Reading the commits and the outputs.' : error === null ? '' : 'Nothing was judged yet.'}</p>
      ) : (
        <section className={styles['tabBody']} aria-label={TAB_WORDS[tab]} data-stale={evaluating}>
          {tab === 'overview' ? <OverviewTab id={id} assessment={assessment} /> : null}
          {tab === 'checklist' ? <ChecklistTab id={id} release={release} assessment={assessment} open={line} /> : null}
          {tab === 'artifacts' ? <ArtifactsTab id={id} release={release} assessment={assessment} /> : null}
          {tab === 'plan' ? <PlanTab id={id} assessment={assessment} /> : null}
          {tab === 'approvals' ? <ApprovalsTab id={id} assessment={assessment} /> : null}
          {tab === 'deployment' ? <DeploymentTab id={id} assessment={assessment} /> : null}
          {tab === 'record' ? <RecordTab id={id} assessment={assessment} /> : null}
        </section>
      )}
    </div>
  );
}

function TabCount({ tab, count }: { readonly tab: ReleaseTab; readonly count: number | null }): ReactElement | null {
  if (count === null) return null;
  return <span className={styles['tabCount']} title={counted(count, tab === 'checklist' ? 'line' : 'file')}>{numbered(count)}</span>;
}
