import { Printer } from 'lucide-react';
import { useEffect, useState, type ReactElement } from 'react';
import type { DrillReport, DrillShown } from '../../../core/contract/drill-calls.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { PathField } from '../../components/PathField.tsx';
import { ProgressPanel } from '../../components/Progress.tsx';
import { Screen, Section } from '../../components/Screen.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { lasting } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { askForSeat, useSeat } from '../../frame/seat-store.ts';
import { useTaskAt } from '../../frame/task-store.ts';
import { useFocusKept } from '../deployment/use-focus-kept.ts';
import { beginDrill, readReport, saveReport, useDrill } from './drill-store.ts';
import { DrillFacts } from './DrillFacts.tsx';
import styles from './drill.module.css';

/** Practising an emergency: what it is, the one that runs, and how those before it went. */
export function DrillScreen({ of }: { readonly of: string | null }): ReactElement {
  const { status, error } = useDrill();
  const running = status?.running ?? null;
  if (of !== null) return <ReportScreen id={of} />;
  return (
    <Screen title="Practise an emergency" lead={running === null ? 'The same screens, the same keys on the keyboard, the same clock; people, keys and release are made up.' : 'A drill runs. Everything that you do now is practice.'}>
      {error === null ? null : <ErrorPanel error={error} />}
      {status === null ? null : running === null ? <Begin /> : <Running drill={running} />}
      {status === null || status.past.length === 0 ? null : <Past past={status.past} />}
    </Screen>
  );
}

function Begin(): ReactElement {
  const working = useDrill((state) => state.working);
  const task = useTaskAt(addressOf.drill);
  return (
    <section className={styles['begin']} aria-label="Begin">
      <p>A practice console is made beside your own: a roster with a CTO and a CISO whom you call, keys whose passphrases are shown, a patch that is built and signed. Until you end it this window, and every command of this data folder, works there. Your own archive keeps what it has, and is given nothing.</p>
      <p>What counts is the time to declare, to both approvals and to production, and that no step comes before one that it stands on.</p>
      <div><Button kind="primary" disabled={working} onClick={() => void beginDrill()} testId="begin-drill">Begin a drill</Button></div>
      {task === null ? null : <ProgressPanel task={task} />}
    </section>
  );
}

function Running({ drill }: { readonly drill: DrillShown }): ReactElement {
  const { seat, asking } = useSeat();
  const acts = useFocusKept<HTMLDivElement>(`${seat?.key ?? ''} ${asking}`, 'a, button');
  useEffect(() => {
    // The window was loaded anew for the drill, and nothing in it has the focus: one goes on with the first act.
    if (document.activeElement === document.body) acts.current?.querySelector<HTMLElement>('a, button')?.focus();
  }, [acts]);
  return (
    <>
      <div ref={acts} className={styles['acts']}>
        {seat === null ? <Button kind="primary" onClick={() => askForSeat()} testId="take-practice-seat">Take the practice seat</Button> : null}
        <ButtonLink href={addressOf.declareEmergency} kind={seat === null ? 'plain' : 'primary'} testId="practise-declare">Declare the emergency</ButtonLink>
      </div>
      <DrillFacts drill={drill} />
    </>
  );
}

function Past({ past }: { readonly past: NonNullable<ReturnType<typeof useDrill.getState>['status']>['past'] }): ReactElement {
  return (
    <Section title="Drills before">
      <ul className={styles['past']} data-testid="past-drills">
        {past.map(({ id, startedAt, score }) => <li key={id}><a href={addressOf.drillReport(id)}>{id}</a><TimeText time={startedAt} short /><span>{score === null ? 'Not ended' : `${score} of 100`}</span></li>)}
      </ul>
    </Section>
  );
}

function ReportScreen({ id }: { readonly id: string }): ReactElement {
  const { report, error, working } = useDrill();
  useEffect(() => {
    void readReport(id);
  }, [id]);
  const shown = report?.id === id ? report : null;
  return (
    <Screen
      narrow
      title={shown === null ? 'A drill' : `Drill: ${shown.score} of 100`}
      lead={shown === null ? (working ? 'Reading its archive' : undefined) : <><bdi>{id}</bdi>, begun <TimeText time={shown.startedAt} />{shown.endedAt === null ? ', and runs' : <>, ended <TimeText time={shown.endedAt} short /></>}. Practice; nothing of it is a record.</>}
      actions={<><ButtonLink href={addressOf.drill}>Practise again</ButtonLink><Button kind="primary" disabled={shown === null} onClick={() => window.print()} testId="print-drill"><Printer aria-hidden="true" />Print this page</Button></>}
    >
      {error === null ? null : <ErrorPanel error={error} />}
      {shown === null ? null : <Report report={shown} />}
    </Screen>
  );
}

function Report({ report: { id, times, points, outOfOrder } }: { readonly report: DrillReport }): ReactElement {
  const [out, setOut] = useState('');
  const [saved, setSaved] = useState<string | null>(null);
  return (
    <div className={styles['report']} data-testid="drill-report">
      <Section title="How long it took">
        <ul className={styles['times']}>
          {times.map((one) => (
            <li key={one.id} data-testid={`drill-${one.id}`}>
              <StatusSign status={one.seconds === null ? 'missing' : one.good ? 'passed' : 'stale'} />
              <span className={styles['what']}>{one.words}</span>
              <b className={styles['figures']}>{one.seconds === null ? 'Not reached' : lasting(one.seconds)}</b>
              <span className={styles['soft']}>within {lasting(one.within)}</span>
            </li>
          ))}
        </ul>
      </Section>
      <Section title="Steps out of order">
        {outOfOrder.length === 0 ? <p>None.</p> : <ul className={styles['disorder']} data-testid="out-of-order">{outOfOrder.map((words) => <li key={words}>{words}</li>)}</ul>}
      </Section>
      <Section title="Points">
        <ul className={styles['points']}>{points.map((one) => <li key={one.words}><span className={styles['what']}>{one.words}</span><b className={styles['figures']}>{one.points} of {one.of}</b></li>)}</ul>
        <p className={styles['soft']}>The policy sets no such times; they are the drill’s own.</p>
      </Section>
      <form
        className={styles['save']}
        aria-label="Keep the report"
        onSubmit={(event) => {
          event.preventDefault();
          void saveReport(id, out.trim()).then((done) => setSaved(done ? out.trim() : null));
        }}
      >
        <PathField label="Report as Markdown, into a file" choose="file" value={out} onChange={setOut} testId="drill-out" />
        <div><Button type="submit" disabled={out.trim() === ''}>Write the report</Button></div>
        {saved === null ? null : <p role="status">Written: <code>{saved}</code></p>}
      </form>
    </div>
  );
}
