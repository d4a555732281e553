import { useEffect, useRef, type ReactElement } from 'react';
import type { EmergencyDetail } from '../../../../core/contract/emergency-calls.ts';
import type { VerbalShown } from '../../../../core/contract/verbal-calls.ts';
import { ButtonLink } from '../../../components/Button.tsx';
import { Section } from '../../../components/Screen.tsx';
import { StatusSign } from '../../../components/StatusSign.tsx';
import { TimeText } from '../../../components/TimeText.tsx';
import { addressOf } from '../../../frame/routes.ts';
import { VerbalLine } from '../VerbalLine.tsx';
import styles from './call.module.css';

/** What a call came to: what it opens or why it opens nothing, what is owed of it, and who is asked next. */
export function CameTo({ detail, outcome }: { readonly detail: EmergencyDetail; readonly outcome: VerbalShown }): ReactElement {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { record } = detail.emergency;
  // What was read of it since says more than what the call answered.
  const now = detail.verbal.find((one) => one.record === outcome.record) ?? outcome;
  const approved = new Set(detail.verbal.filter(({ opens, decision }) => opens && decision === 'approve').map(({ approver }) => approver.role));
  // Whoever can be called comes first.
  const next = [...detail.people].sort((a, b) => Number(b.phones.length > 0) - Number(a.phones.length > 0)).flatMap(({ id, name, asked }) => asked.filter((role) => role !== now.approver.role && !approved.has(role)).map((role) => ({ id, name, role })));
  return (
    <div className={styles['calling']} data-testid="came-to">
      <h2 ref={heading} tabIndex={-1} className={styles['verdict']} data-opens={now.opens}><StatusSign status={now.decision === 'refuse' ? 'failed' : now.opens ? 'passed' : 'not-applicable'} silent /><span dir="auto">{now.why}</span></h2>
      <ul className={styles['framed']}><VerbalLine of={record} verbal={now} acts={false} /></ul>
      <Section title="What is owed of it">
        <ul className={styles['owed']}>
          {now.witness === null || now.witness.state === 'signed' ? null : <li><bdi>{now.witness.name}</bdi> signs on their own console that they heard it, by <TimeText time={now.witness.due} />. Deployment does not wait for it.</li>}
          {now.ratification.state === 'not-needed' ? <li>Nothing: it is not to be ratified.</li> : <li><bdi>{now.approver.name}</bdi> ratifies it, by a signature over the very words that were read, by <TimeText time={now.ratification.due} /> (house rule). Until then the release is unratified.</li>}
        </ul>
      </Section>
      <div className={styles['acts']}>
        {next.map(({ id, name, role }, index) => <ButtonLink key={`${id} ${role}`} href={addressOf.call(record, id, role)} kind={index === 0 ? 'primary' : 'plain'}>Ask {name} as {role}</ButtonLink>)}
        <ButtonLink href={addressOf.emergency(record)} kind={next.length === 0 ? 'primary' : 'plain'}>Go on with the emergency</ButtonLink>
      </div>
    </div>
  );
}
