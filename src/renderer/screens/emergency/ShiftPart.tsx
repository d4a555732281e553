import { useState, type ReactElement } from 'react';
import type { EmergencyDetail, EmergencyTerms } from '../../../core/contract/emergency-calls.ts';
import { Button } from '../../components/Button.tsx';
import { Section } from '../../components/Screen.tsx';
import { StatusBadge } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted, listed } from '../../components/wording.ts';
import { RecordLink } from '../deployment/WatchPart.tsx';
import { NotifyForm, WordsAct } from './ActForms.tsx';
import { HandOverForm, MergeForm } from './HandOverForm.tsx';
import styles from './parts.module.css';
import { DeviationForm } from './DeviationForm.tsx';

type Open = 'hand-over' | 'merge' | 'notify' | 'without-approval' | 'unsigned' | 'close' | null;
const BUTTONS: readonly (readonly [Exclude<Open, null>, string])[] = [['hand-over', 'Hand over'], ['notify', 'Record who else was told'], ['merge', 'Merge with another emergency'], ['unsigned', 'Record that it is deployed unsigned'], ['without-approval', 'Proceed without approval'], ['close', 'Close the emergency']];
const DEVIATIONS = { 'without-approval': 'Proceeded without approval', 'unsigned': 'Deployed unsigned' } as const;

/** Handing over to the next shift, who was told, what was left out, and the end of it. */
export function ShiftPart({ detail, terms }: { readonly detail: EmergencyDetail; readonly terms: EmergencyTerms }): ReactElement {
  const [open, setOpen] = useState<Open>(null);
  const { emergency, handOvers, deviations, skipped, notified, affected, merged, owed } = detail;
  const close = (): void => setOpen(null);
  const form = { detail, roles: terms.declarers, onDone: close, onClose: close };
  const shut = emergency.closed;
  return (
    <>
      <Section title="Hand over, close">
        {shut !== null ? <p>Closed by <bdi>{shut.by}</bdi>, <TimeText time={shut.at} />, <RecordLink id={shut.record} />.</p> : <div className={styles['buttons']}>{BUTTONS.map(([act, words]) => <Button key={act} aria-expanded={open === act} onClick={() => setOpen(open === act ? null : act)} testId={`shift-${act}`}>{words}</Button>)}</div>}
        {open === 'hand-over' ? <HandOverForm {...form} /> : null}
        {open === 'merge' ? <MergeForm {...form} /> : null}
        {open === 'notify' ? <NotifyForm {...form} as="other" /> : null}
        {open === 'without-approval' || open === 'unsigned' ? <DeviationForm key={open} {...form} deviation={open} /> : null}
        {open === 'close' ? (
          <>
            {owed.length === 0 ? null : <p data-testid="close-owed">{counted(owed.length, 'thing is', 'things are')} still owed, so it is not closed yet: {listed(owed.slice(0, 6).map(({ words }) => words))}{owed.length > 6 ? ' and more' : ''}.</p>}
            <WordsAct {...form} name="close" label="Close the emergency" verb="Sign and close it" ask="What it came to" done={{ kind: 'close' }} after="Afterwards it is over, for good. Only corrections follow it. It is refused while anything is owed." />
          </>
        ) : null}
      </Section>
      {handOvers.length === 0 ? null : <Section title="Shifts"><ul className={styles['verbals']} data-testid="hand-overs">{handOvers.map((one) => <HandedOver key={one.record} one={one} detail={detail} />)}</ul></Section>}
      {deviations.length === 0 ? null : (
        <Section title="What was left out, on record">
          <ul className={styles['rows']} data-testid="deviations">
            {deviations.map(({ record, deviation, role, by, at, reason }) => (
              <li key={record} className={styles['row']}><span /><div className={styles['rowWords']}>{DEVIATIONS[deviation]}{role === null ? '' : `, of the ${role}`}: <span dir="auto">{reason}</span></div><p className={styles['soft']}><bdi>{by}</bdi>, <TimeText time={at} short />, <RecordLink id={record} /></p></li>
            ))}
          </ul>
        </Section>
      )}
      {skipped.length === 0 ? null : (
        <Section title="Lines of the checklist that the emergency left out" aside="A later full check closes them.">
          <ul className={styles['rows']} data-testid="skipped">
            {skipped.map(({ line, words, state, run }) => <li key={line} className={styles['row']}><StatusBadge status={state === 'closed' ? 'passed' : 'stale'}>{state === 'closed' ? 'Closed' : 'Owed'}</StatusBadge><div className={styles['rowWords']} dir="auto">{words}</div>{run === null ? <span /> : <RecordLink id={run} />}</li>)}
          </ul>
        </Section>
      )}
      <Section title="Who was told, what is affected">
        {notified.length === 0 ? <p className={styles['soft']}>Nobody is on record as told.</p> : <ul className={styles['rows']} data-testid="notified">{notified.map(({ who, as, at, by }, index) => <li key={index} className={styles['row']}><span /><div className={styles['rowWords']}><bdi>{who}</bdi> as {as === 'other' ? 'somebody else' : as}, by <bdi>{by}</bdi></div><TimeText time={at} short /></li>)}</ul>}
        <p className={styles['soft']}>{affected.length === 0 ? 'Which versions are affected is not said yet.' : <>Affected: <bdi>{listed(affected)}</bdi>.</>}{merged.length === 0 ? null : <> Told with it: {merged.map((one) => <RecordLink key={one} id={one} />)}</>}</p>
      </Section>
    </>
  );
}

function HandedOver({ one: { record, from, at, handOver, accepted }, detail }: { readonly one: EmergencyDetail['handOvers'][number]; readonly detail: EmergencyDetail }): ReactElement {
  const [taking, setTaking] = useState(false);
  const to = detail.people.find(({ id }) => id === handOver.to)?.name ?? handOver.to;
  return (
    <li className={styles['verbal']}>
      <div className={styles['verbalHead']}>
        <StatusBadge status={accepted === null ? 'needs-person' : 'passed'}>{accepted === null ? 'Not accepted' : 'Accepted'}</StatusBadge>
        <p className={styles['verbalWho']}><bdi>{from}</bdi> to <bdi>{to}</bdi>, <TimeText time={at} />, <RecordLink id={record} /></p>
      </div>
      {([['What is known', handOver.known], ['What runs', handOver.running], ['What is owed', handOver.owed]] as const).map(([name, words]) => <div key={name}><h3>{name}</h3><p className={styles['said']} dir="auto">{words}</p></div>)}
      {accepted === null ? taking ? (
        <WordsAct detail={detail} roles={[]} name={`accept ${record}`} label="Accept the hand-over" verb="Sign that you take over" ask="What you take over" done={{ kind: 'accept-hand-over', record }} after={`Afterwards it is on record that ${to} has the emergency. Nobody else can sign that.`} onDone={() => setTaking(false)} onClose={() => setTaking(false)} />
      ) : <div><Button onClick={() => setTaking(true)} testId="accept-hand-over">Accept it, as {to}</Button></div>
        : <p className={styles['soft']}>Accepted by <bdi>{accepted.by}</bdi>, <TimeText time={accepted.at} />, <RecordLink id={accepted.record} />.</p>}
    </li>
  );
}
