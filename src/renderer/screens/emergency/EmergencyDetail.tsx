import { useState, type ReactElement } from 'react';
import type { EmergencyDetail as Whole, EmergencyShown, EmergencyTerms } from '../../../core/contract/emergency-calls.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { Section } from '../../components/Screen.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { counted } from '../../components/wording.ts';
import { addressOf, EMERGENCY_PARTS, type EmergencyPart } from '../../frame/routes.ts';
import { useFocusKept } from '../deployment/use-focus-kept.ts';
import { RecordLink } from '../deployment/WatchPart.tsx';
import { useReleases } from '../releases/releases-store.ts';
import { CallsPart } from './CallsPart.tsx';
import { Clock } from './Clock.tsx';
import { ClocksPart } from './ClocksPart.tsx';
import { ReleaseForm, SeverityForm } from './DecideForms.tsx';
import { readDetail } from './detail-store.ts';
import styles from './emergency.module.css';
import { anyOf, hasClock, nextOf, SEVERITY_WORDS, type NextAct } from './emergency-words.ts';
import { OwedPart } from './OwedPart.tsx';
import { RollBackPart } from './RollBackPart.tsx';
import { ShiftPart } from './ShiftPart.tsx';
import { StepsPart } from './StepsPart.tsx';
import { StoryPart } from './StoryPart.tsx';
import { UnratifiedBadge } from './UnratifiedBadge.tsx';
import { useDetailOf } from './use-detail.ts';

const PART_WORDS: Readonly<Record<EmergencyPart, string>> = { steps: 'Steps', calls: 'Calls', clocks: 'Clocks', shift: 'Hand over, close', story: 'Story' };

/** One emergency: its clock, what is owed, and the part of it that is open. */
export function EmergencyDetail({ emergency, terms, part }: { readonly emergency: EmergencyShown; readonly terms: EmergencyTerms; readonly part: EmergencyPart }): ReactElement {
  const { by, id, record, criterion, reason, release, mergedInto, closed } = emergency;
  const { detail, error } = useDetailOf(record);
  const [answering, setAnswering] = useState(false);
  // Where an act took its form away, the next one has the focus.
  const place = useFocusKept<HTMLElement>(detail === null ? null : ledBy(detail), '[data-next] :is(input, textarea, button, a)');
  const counts = by !== null && mergedInto === null;
  return (
    <article ref={place} className={styles['detail']} aria-label={id} data-testid="emergency">
      <header className={styles['what']}>
        <h2 className={styles['reason']} dir="auto" tabIndex={-1} data-lands>{reason}</h2>
        <p className={styles['soft']}><bdi>{id}</bdi>, <RecordLink id={record} />. {criterion === null ? 'It names no criterion.' : <>{criterion.words}, {criterion.clause}.</>}</p>
        {closed === null ? null : <p data-testid="closed">Closed by <bdi>{closed.by}</bdi>, <TimeText time={closed.at} />, <RecordLink id={closed.record} />.</p>}
        {mergedInto === null ? null : <p data-testid="merged-into">It is told with another emergency from now on: <a href={addressOf.emergency(mergedInto)}>open that one</a>.</p>}
        {release === null ? null : <UnratifiedBadge release={release} />}
      </header>
      {detail === null || !counts ? null : (
        <nav className={styles['nav']} aria-label="Parts of the emergency">
          {EMERGENCY_PARTS.map((one) => <a key={one} href={addressOf.emergency(record, one)} aria-current={one === part ? 'page' : undefined} data-testid={`part-${one}`}>{PART_WORDS[one]}</a>)}
        </nav>
      )}
      {error === null || by === null ? null : <ErrorPanel error={error} onRetry={() => void readDetail(record)} />}
      {detail !== null && counts && part !== 'steps' ? <OtherPart part={part} detail={detail} terms={terms} /> : (
        <>
          {by === null ? <OpensNothing emergency={emergency} terms={terms} /> : !hasClock(emergency) ? null : <Clock emergency={emergency} terms={terms} />}
          {detail === null || detail.notes.length === 0 ? null : <ul className={styles['notes']} data-testid="notes">{detail.notes.map((note) => <li key={note}><StatusSign status="broken" silent /><span dir="auto">{note}</span></li>)}</ul>}
          {detail === null || !counts ? null : <OwedPart detail={detail} />}
          {detail !== null && counts && detail.rollBack === null && emergency.sla.met === null && closed === null ? <Section title="First: roll back instead?" aside={<>This is for {anyOf(terms.declarers)}.</>}><RollBackPart detail={detail} roles={terms.declarers} onAnswering={setAnswering} /></Section> : null}
          {/* What comes next is known with the detail: no form opens before, to be taken away again. */}
          {(detail !== null || error !== null) && counts && closed === null ? <Acts emergency={emergency} detail={detail} terms={terms} quiet={answering && detail?.rollBack === null} /> : null}
          {detail === null || !counts ? null : <Section title="The seven steps" aside="Only the present one is open."><StepsPart detail={detail} terms={terms} /></Section>}
          <Facts emergency={emergency} />
          <Decisions emergency={emergency} />
        </>
      )}
    </article>
  );
}

function ledBy({ emergency, rollBack, steps }: Whole): string {
  return JSON.stringify([emergency.decisions.length, emergency.release, rollBack?.at, steps.map(({ items }) => items.map(({ state, at, begun }) => [state, at, begun]))]);
}

function OtherPart({ part, detail, terms }: { readonly part: Exclude<EmergencyPart, 'steps'>; readonly detail: Whole; readonly terms: EmergencyTerms }): ReactElement {
  switch (part) {
    case 'calls': return <CallsPart detail={detail} terms={terms} />;
    case 'clocks': return <ClocksPart detail={detail} terms={terms} />;
    case 'shift': return <ShiftPart detail={detail} terms={terms} />;
    case 'story': return <StoryPart detail={detail} />;
  }
}

function Decisions({ emergency: { decisions } }: { readonly emergency: EmergencyShown }): ReactElement | null {
  if (decisions.length === 0) return null;
  return (
    <Section title="Decisions on the severity" aside={counted(decisions.length, 'decision')}>
      <ol className={styles['decisions']} data-testid="decisions">
        {decisions.map((one) => (
          <li key={one.record}>
            <p><b>{SEVERITY_WORDS[one.severity]}</b>, <bdi>{one.by}</bdi>, <TimeText time={one.at} />, <RecordLink id={one.record} /></p>
            <p className={styles['said']} dir="auto">{one.reason}</p>
            {one.vector === null ? null : <code className={styles['vector']}>{one.vector}</code>}
          </li>
        ))}
      </ol>
    </Section>
  );
}

function OpensNothing({ emergency: { declaredBy }, terms }: { readonly emergency: EmergencyShown; readonly terms: EmergencyTerms }): ReactElement {
  return (
    <div className={styles['nothing']} data-testid="opens-nothing">
      <StatusSign status="not-applicable" silent />
      <p>It is said to be declared by <bdi>{declaredBy}</bdi>, and nobody who may signed that. It opens nothing and its clock counts for nothing. If it is true, {anyOf(terms.declarers)} declares it: <a href={addressOf.declareEmergency}>declare an emergency</a>.</p>
    </div>
  );
}

function Facts({ emergency: { by, declaredBy, declaredAt, detectedAt, detectedSaidBy, severity, release } }: { readonly emergency: EmergencyShown }): ReactElement {
  return (
    <dl className={styles['facts']}>
      <div><dt>Severity</dt><dd data-testid="severity-now">{SEVERITY_WORDS[severity]}</dd></div>
      <div><dt>Mended by</dt><dd data-testid="mended-by">{release === null ? 'No version is named yet' : <Mended release={release} />}</dd></div>
      <div><dt>{by === null ? 'Said to be declared' : 'Declared'}</dt><dd><bdi>{by ?? declaredBy}</bdi>, <TimeText time={declaredAt} /></dd></div>
      <div><dt>Detected</dt><dd><TimeText time={detectedAt} />{detectedSaidBy === null ? null : <>, as <bdi>{detectedSaidBy}</bdi> said</>}</dd></div>
    </dl>
  );
}

/** The version, with the way to it where it is loaded here. */
function Mended({ release }: { readonly release: string }): ReactElement {
  const loaded = useReleases(({ releases }) => releases?.find(({ draft }) => draft.version === release) ?? null);
  return loaded === null ? <><code>{release}</code>, which is not loaded on this console</> : <a href={addressOf.release(loaded.id, 'deployment')}><code>{release}</code>, its deployment</a>;
}

type Shown = 'severity' | 'release';

/** What comes next stands open; the other can be decided again. */
function Acts({ emergency, detail, terms, quiet }: { readonly emergency: EmergencyShown; readonly detail: Whole | null; readonly terms: EmergencyTerms; /** Something else is being answered above. */ readonly quiet: boolean }): ReactElement {
  const { severity, release, sla } = emergency;
  const next = sla.met === null ? nextOf(emergency, terms, detail) : null;
  const [picked, setPicked] = useState<Shown | 'next' | 'none'>('next');
  const open = quiet ? null : picked === 'next' ? (next === null || next.act === 'deploy' || next.act === 'item' ? null : next.act) : picked === 'none' ? null : picked;
  const done = (): void => setPicked('next');
  const leave = (): void => setPicked('none');
  const names: Readonly<Record<Shown, string>> = { severity: severity === 'unknown' ? 'Decide its severity' : 'Decide its severity again', release: release === null ? 'Name the version that mends it' : 'Name another version' };
  return (
    <Section title={next === null ? 'It was deployed' : `Next: ${next.words}`} aside={next === null ? undefined : <>This is for {anyOf(next.roles)}.</>}>
      <div data-next={next !== null && next.act !== 'item' ? true : undefined} className={styles['place']}>
        {next?.act === 'item' ? <div className={styles['acts']} data-testid="next-item"><Button kind="primary" onClick={goToNext} testId="go-to-next">Go to it, in step {next.step ?? 1}</Button></div> : next?.act === 'deploy' ? <DeployNext release={release ?? ''} next={next} /> : null}
        {open === 'severity' ? <SeverityForm emergency={emergency} terms={terms} onDone={done} onClose={leave} /> : open === 'release' ? <ReleaseForm emergency={emergency} terms={terms} onDone={done} onClose={leave} /> : null}
      </div>
      <div className={styles['acts']}>
        {(['severity', 'release'] as const).filter((one) => one !== open).map((one) => <Button key={one} onClick={() => setPicked(one)} testId={`act-${one}`}>{names[one]}</Button>)}
      </div>
    </Section>
  );
}

/** Puts the focus on the way to what comes next, among the steps. */
function goToNext(): void {
  const way = document.querySelector<HTMLElement>('[data-next] :is(button, a)');
  const fold = way?.closest('details');
  if (fold != null) fold.open = true;
  way?.focus();
}

function DeployNext({ release, next }: { readonly release: string; readonly next: NextAct }): ReactElement {
  const loaded = useReleases(({ releases }) => releases?.find(({ draft }) => draft.version === release) ?? null);
  return (
    <div className={styles['deploy']} data-testid="deploy-next">
      <p>A deployment of <code>{release}</code> is authorised outside the maintenance window. Everything else that a deployment needs, it needs as ever; {anyOf(next.roles)} begins it on its board.</p>
      {loaded === null ? <div className={styles['acts']}><p className={styles['soft']}>It is not loaded on this console.</p><ButtonLink href={addressOf.newRelease}>Load a release</ButtonLink></div> : <div><ButtonLink href={addressOf.release(loaded.id, 'deployment')} kind="primary" testId="open-deployment">Open the deployment of {release}</ButtonLink></div>}
    </div>
  );
}
