import type { ReactElement } from 'react';
import type { VerbalShown } from '../../../core/contract/verbal-calls.ts';
import { ButtonLink } from '../../components/Button.tsx';
import { Digest } from '../../components/Digest.tsx';
import { StatusBadge } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { addressOf } from '../../frame/routes.ts';
import { RecordLink } from '../deployment/WatchPart.tsx';
import styles from './parts.module.css';
import { IDENTITY_WORDS, verbalBadge } from './step-words.ts';

const WITNESS = { owed: 'signs it still', overdue: 'has not signed it in time', signed: 'signed that they heard it', denied: 'signed that they did not hear it' } as const;

/** One approval by word: what it comes to and why, who it was, and what is owed of it. */
export function VerbalLine({ of, verbal, acts = true }: { /** The emergency that it is of, by its record. */ readonly of: string; readonly verbal: VerbalShown; readonly acts?: boolean }): ReactElement {
  const { record, approver, decision, release, takenBy, takenProven, spokenAt, channel, called, callBack, late, words, identity, why, witness, ratification, attachments, notes } = verbal;
  const { status, words: badge } = verbalBadge(verbal);
  const open = ratification.state === 'owed' || ratification.state === 'overdue';
  return (
    <li className={styles['verbal']} data-testid="verbal">
      <div className={styles['verbalHead']}>
        <StatusBadge status={status}>{badge}</StatusBadge>
        <p className={styles['verbalWho']}><bdi>{approver.name}</bdi> {decision === 'approve' ? 'approves' : 'refuses'} <code>{release}</code> as {approver.role}</p>
        {acts ? (
          <span className={styles['verbalActs']}>
            {ratification.state === 'disputed' ? null : <ButtonLink href={addressOf.ratify(of, record)} testId="open-ratify">{open ? 'Ratify or dispute' : 'Dispute'}</ButtonLink>}
            {witness !== null && (witness.state === 'owed' || witness.state === 'overdue') ? <ButtonLink href={addressOf.witness(of, record)} testId="open-witness">Sign as its witness</ButtonLink> : null}
          </span>
        ) : null}
      </div>
      <p data-testid="verbal-why" dir="auto">{why}</p>
      <p className={styles['said']}>“<bdi>{words}</bdi>”</p>
      <p className={styles['soft']}>
        {IDENTITY_WORDS[identity]}. Said <TimeText time={spokenAt} />{late ? ', entered later from paper' : ''}, by {channel}, <bdi>{called}</bdi>{callBack ? ', which the taker called themself' : ''}. Taken by <bdi>{takenBy}</bdi>{takenProven ? '' : ', person not proven'}, <RecordLink id={record} />.
      </p>
      {witness === null ? null : <p className={styles['soft']}><bdi>{witness.name}</bdi> {WITNESS[witness.state]}{witness.at === null ? <>, until <TimeText time={witness.due} /></> : <>, <TimeText time={witness.at} /></>}{witness.record === null ? null : <>, <RecordLink id={witness.record} /></>}.</p>}
      <p className={styles['soft']}>
        {ratification.state === 'not-needed' ? 'It is not to be ratified.' : open ? <>To be ratified by <TimeText time={ratification.due} /> (house rule).</> : <>{ratification.state === 'ratified' ? 'Ratified' : 'Disputed'} {ratification.at === null ? null : <TimeText time={ratification.at} />}{ratification.record === null ? null : <>, <RecordLink id={ratification.record} /></>}{ratification.criterionConfirmed === false ? '; the criterion of the emergency was not found to hold' : ''}.{ratification.reason === null || ratification.reason === '' ? null : <> <span dir="auto">{ratification.reason}</span></>}</>}
      </p>
      {attachments.length === 0 ? null : <ul className={styles['soft']}>{attachments.map(({ name, sha256 }) => <li key={sha256}><bdi>{name}</bdi> <Digest value={sha256} what={`digest of ${name}`} /></li>)}</ul>}
      {notes.map((note) => <p key={note} className={styles['soft']} dir="auto">{note}</p>)}
    </li>
  );
}
