import type { ReactElement } from 'react';
import type { EmergencyDetail, EmergencyTerms } from '../../../core/contract/emergency-calls.ts';
import { ButtonLink } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Section } from '../../components/Screen.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted, listed } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { RecordLink } from '../deployment/WatchPart.tsx';
import { OUTCOME_WORDS } from './call/attempt-words.ts';
import styles from './parts.module.css';
import { VerbalLine } from './VerbalLine.tsx';

/** Who is called with which numbers, what was said by word, and who could not be reached. */
export function CallsPart({ detail, terms }: { readonly detail: EmergencyDetail; readonly terms: EmergencyTerms }): ReactElement {
  const { emergency: { record }, people, requests, verbal, attempts } = detail;
  const open = requests.filter(({ answered }) => !answered);
  return (
    <>
      <Section title="Who to call" aside="Numbers and rooms are those that the roster has for them.">
        {people.length === 0 ? <Empty>The roster in force has nobody who is {listed(terms.declarers)}.</Empty> : (
          <ul className={styles['rows']} data-testid="people">
            {people.map(({ id, name, roles, phones, codesLeft, asked }) => (
              <li key={id} className={styles['person']}>
                <p className={styles['personName']}><bdi>{name}</bdi> <span className={styles['soft']}>{listed(roles)}</span></p>
                <p className={styles['phones']}>{phones.length === 0 ? <span className={styles['soft']}>No number in the roster, so no call counts</span> : phones.map((phone) => <bdi key={phone} className={styles['phone']}>{phone}</bdi>)}</p>
                <p className={styles['soft']}>{codesLeft === 0 ? 'No voice code left' : counted(codesLeft, 'voice code')}</p>
                <span className={styles['personActs']}>{phones.length === 0 ? null : asked.map((role) => <ButtonLink key={role} href={addressOf.call(record, id, role)} kind="primary" testId={`ask-${id}`}>Ask as {role}</ButtonLink>)}</span>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {open.length === 0 ? null : (
        <Section title="Begun, and not answered">
          <ul className={styles['rows']} data-testid="open-requests">
            {open.map(({ record: request, approver, release, askedAt, triesLeft }) => (
              <li key={request} className={styles['row']}>
                <span />
                <div className={styles['rowWords']}><bdi>{approver.name}</bdi> is asked for <code>{release}</code> as {approver.role}, since <TimeText time={askedAt} />. {triesLeft === 0 ? 'No try is left: ask anew.' : counted(triesLeft, 'try is left', 'tries are left')}</div>
                <ButtonLink href={addressOf.callOf(record, request)}>Go on with the call</ButtonLink>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title="Said by word" aside={verbal.length === 0 ? undefined : counted(verbal.length, 'record')}>
        {verbal.length === 0 ? <Empty>Nobody was asked by word yet. What is said on the telephone counts with a voice code or a witness, and is made good by a signature afterwards.</Empty> : <ul className={styles['verbals']}>{verbal.map((one) => <VerbalLine key={one.record} of={record} verbal={one} />)}</ul>}
      </Section>
      {attempts.length === 0 ? null : (
        <Section title="Not reached" aside={counted(attempts.length, 'attempt')}>
          <ul className={styles['rows']} data-testid="attempts">
            {attempts.map(({ record: id, approver, role, called, at, outcome, words, by }) => (
              <li key={id} className={styles['row']}>
                <span />
                <div className={styles['rowWords']}><bdi>{people.find((one) => one.id === approver)?.name ?? approver}</bdi> as {role}, <bdi>{called}</bdi>: {OUTCOME_WORDS[outcome] ?? outcome}. <span className={styles['soft']} dir="auto">{words}</span></div>
                <p className={styles['soft']}><bdi>{by}</bdi>, <TimeText time={at} short />, <RecordLink id={id} /></p>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}
