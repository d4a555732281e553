import { useState, type ReactElement } from 'react';
import type { EmergencyDetail, EmergencyItem, EmergencyTerms } from '../../../core/contract/emergency-calls.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { StatusBadge, StatusSign } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { addressOf } from '../../frame/routes.ts';
import { useFocusKept } from '../deployment/use-focus-kept.ts';
import { RecordLink } from '../deployment/WatchPart.tsx';
import { useReleases } from '../releases/releases-store.ts';
import { ActionsList } from './ActionsList.tsx';
import { AffectedForm, NotifyForm, StepForm } from './ActForms.tsx';
import { anyOf } from './emergency-words.ts';
import { RollBackPart } from './RollBackPart.tsx';
import styles from './steps.module.css';
import { ACT_WORDS, ITEM_SIGNS, ITEM_WORDS, nextItemOf, sourceWords, STEP_SIGNS, STEP_WORDS, wayOf, type Way } from './step-words.ts';

type Step = EmergencyDetail['steps'][number];

/** The seven steps of policy §10.2; only the present one is open, the others fold open when they are asked for. */
export function StepsPart({ detail, terms }: { readonly detail: EmergencyDetail; readonly terms: EmergencyTerms }): ReactElement {
  return (
    <ol className={styles['steps']} aria-label="The seven steps of an emergency patch (§10.2)" data-testid="steps">
      {detail.steps.map((step) => <StepLine key={step.number} step={step} detail={detail} terms={terms} />)}
    </ol>
  );
}

function StepLine({ step, detail, terms }: { readonly step: Step; readonly detail: EmergencyDetail; readonly terms: EmergencyTerms }): ReactElement {
  const { number, title, source, state, items } = step;
  // It is told once whether it is open; what a person folded stays so until the step changes its state.
  const [folded, setFolded] = useState<{ readonly state: Step['state']; readonly open: boolean } | null>(null);
  const open = folded !== null && folded.state === state ? folded.open : state === 'current';
  const done = items.filter((item) => item.state === 'done').length;
  return (
    <li className={styles['step']} data-state={state} aria-current={state === 'current' ? 'step' : undefined}>
      <details open={open} data-testid={`step-${number}`} onToggle={(event) => {
        const now = event.currentTarget.open;
        if (now !== open) setFolded({ state, open: now });
      }}>
        <summary className={styles['stepHead']}>
          <span className={styles['number']} aria-hidden="true">{number}</span>
          <span className={styles['stepTitle']}><span className="unseen">Step {number}: </span>{title}</span>
          <span className={styles['soft']}>{sourceWords(source)}</span>
          <span className={styles['stepTally']}>{done} of {items.length} done</span>
          <StatusBadge status={STEP_SIGNS[state]}>{STEP_WORDS[state]}</StatusBadge>
        </summary>
        <ul className={styles['items']}>{items.map((item) => <ItemLine key={item.id} item={item} detail={detail} terms={terms} />)}</ul>
      </details>
    </li>
  );
}

/** One thing that a step asks for: how it stands, who did it, and the way to do it right here. */
function ItemLine({ item, detail, terms }: { readonly item: EmergencyItem; readonly detail: EmergencyDetail; readonly terms: EmergencyTerms }): ReactElement {
  const [open, setOpen] = useState(false);
  const { id, words, source, state, by, at, record, note, roles } = item;
  const way = wayOf(item);
  const place = useFocusKept<HTMLLIElement>(String(open), '[data-testid="do-item"]');
  const close = (): void => setOpen(false);
  return (
    <li ref={place} className={styles['item']} data-state={state} data-next={nextItemOf(detail)?.item.id === id ? true : undefined} data-testid={`item-${id}`}>
      <StatusSign status={ITEM_SIGNS[state]} silent />
      <div className={styles['itemBody']}>
        <p className={styles['itemWords']}><span className="unseen">{ITEM_WORDS[state]}: </span><span dir="auto">{words}</span> <span className={styles['soft']}>{sourceWords(source)}</span></p>
        {by === null && at === null ? null : <p className={styles['soft']}>{by === null ? null : <><bdi>{by}</bdi>, </>}{at === null ? null : <TimeText time={at} />}{record === null ? null : <>, <RecordLink id={record} /></>}</p>}
        {note === '' ? null : <p className={styles['note']} dir="auto">{note}</p>}
        {state === 'done' || roles.length === 0 ? null : <p className={styles['soft']}>For {anyOf(roles)}.</p>}
      </div>
      {way === null ? null : <WayTo way={way} detail={detail} open={open} onOpen={() => setOpen(!open)} />}
      {open && way !== null ? <div className={styles['itemForm']}><WayForm way={way} item={item} detail={detail} terms={terms} onClose={close} /></div> : null}
    </li>
  );
}

/** The way to an item: a form that opens below it, or a link to where it is done. */
function WayTo({ way, detail, open, onOpen }: { readonly way: Way; readonly detail: EmergencyDetail; readonly open: boolean; readonly onOpen: () => void }): ReactElement | null {
  const { record, release } = detail.emergency;
  const loaded = useReleases(({ releases }) => releases?.find(({ draft }) => draft.version === release) ?? null);
  switch (way.do) {
    case 'release':
      return <span className={styles['soft']}>It is named above</span>;
    case 'call': {
      const who = detail.people.find(({ asked }) => asked.includes(way.role));
      return who === undefined ? <ButtonLink href={addressOf.emergency(record, 'calls')}>Whom to call</ButtonLink> : <ButtonLink href={addressOf.call(record, who.id, way.role)} kind="primary" testId={`call-${way.role}`}>Call {who.name}</ButtonLink>;
    }
    case 'post-mortem':
      return <ButtonLink href={addressOf.postMortem(record)} testId="open-post-mortem">Write the post-mortem</ButtonLink>;
    case 'rollback':
    case 'checklist':
    case 'deployment':
      if (release === null) return null;
      if (loaded === null) return <ButtonLink href={addressOf.newRelease}>Load {release}</ButtonLink>;
      return way.do === 'rollback' ? <ButtonLink href={addressOf.rollback(loaded.id)}>Open the rollback</ButtonLink> : <ButtonLink href={addressOf.release(loaded.id, way.do)}>{way.do === 'checklist' ? 'Open its checklist' : 'Open its deployment'}</ButtonLink>;
    default:
      return <Button aria-expanded={open} onClick={onOpen} testId="do-item">{verbOf(way)}</Button>;
  }
}

function verbOf(way: Way): string {
  switch (way.do) {
    case 'notify': return 'Record who was told';
    case 'affected': return 'Say which versions';
    case 'roll-back': return 'Answer it';
    case 'step': return ACT_WORDS[way.step].verb;
    case 'action': return 'Close an action';
    default: return 'Open';
  }
}

function WayForm({ way, item, detail, terms, onClose }: { readonly way: Way; readonly item: EmergencyItem; readonly detail: EmergencyDetail; readonly terms: EmergencyTerms; readonly onClose: () => void }): ReactElement | null {
  const roles = item.roles.length === 0 ? terms.declarers : item.roles;
  const form = { detail, roles, onDone: onClose, onClose };
  switch (way.do) {
    case 'notify': return <NotifyForm {...form} as={way.as} />;
    case 'affected': return <AffectedForm {...form} />;
    case 'roll-back': return <RollBackPart {...form} />;
    case 'step': return <StepForm {...form} step={way.step} />;
    case 'action': return <ActionsList detail={detail} />;
    default: return null;
  }
}
