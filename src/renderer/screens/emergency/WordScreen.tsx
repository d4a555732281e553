import { ArrowLeft } from 'lucide-react';
import { useEffect, useState, type ReactElement } from 'react';
import type { EmergencyShown } from '../../../core/contract/emergency-calls.ts';
import type { VerbalShown } from '../../../core/contract/verbal-calls.ts';
import { ButtonLink } from '../../components/Button.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { PathField } from '../../components/PathField.tsx';
import { Screen, Section } from '../../components/Screen.tsx';
import { useSigner } from '../../components/SignAs.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { WholeDigest } from '../../components/WholeDigest.tsx';
import { wantsToSign } from '../../components/wants-to-sign.ts';
import { client } from '../../core-client.ts';
import { goTo } from '../../frame/route-store.ts';
import { addressOf } from '../../frame/routes.ts';
import { useSeat } from '../../frame/seat-store.ts';
import { useKeys } from '../../frame/use-keys.ts';
import { ActForm } from '../deployment/ActForm.tsx';
import { Choice, Words } from '../deployment/fields.tsx';
import { useKept } from '../deployment/use-kept.ts';
import { readDetail } from './detail-store.ts';
import { readEmergencies } from './emergency-store.ts';
import { useDetailOf } from './use-detail.ts';
import { useDigestOf } from './use-digest.ts';
import { VerbalLine } from './VerbalLine.tsx';
import styles from './word.module.css';

/** What was said by word, before whoever signs for it: the approver makes it good or disputes it, the witness says whether they heard it. */
export function WordScreen({ of, verbal, act }: { readonly of: string; readonly verbal: string; readonly act: 'ratify' | 'witness' }): ReactElement {
  const { detail, error } = useDetailOf(of);
  const [done, setDone] = useState<VerbalShown | null>(null);
  const read = detail?.verbal.find(({ record }) => record === verbal) ?? null;
  // What the signature answered is newer than what was read before it.
  const one = done ?? read;
  useKeys({ Escape: () => goTo(addressOf.emergency(of, 'calls')) });
  useEffect(() => {
    void readEmergencies();
  }, []);
  const onDone = (next: VerbalShown): void => {
    setDone(next);
    void readDetail(of);
    void readEmergencies();
  };
  return (
    <Screen
      title={act === 'ratify' ? 'Ratify or dispute what you are said to have said' : 'Say whether you heard it'}
      lead={one === null ? undefined : act === 'ratify' ? <><bdi>{one.takenBy}</bdi> took it that <bdi>{one.approver.name}</bdi> {one.decision === 'approve' ? 'approves' : 'refuses'} <code>{one.release}</code> as {one.approver.role}.</> : <><bdi>{one.takenBy}</bdi> says that <bdi>{one.witness?.name ?? 'somebody'}</bdi> was on the line.</>}
      actions={<ButtonLink href={addressOf.emergency(of, 'calls')} kind="quiet"><ArrowLeft aria-hidden="true" />Back to the emergency</ButtonLink>}
    >
      {error === null ? null : <ErrorPanel error={error} onRetry={() => void readDetail(of)} />}
      {detail === null ? null : one === null ? <p className={styles['soft']} data-testid="no-such-word">No approval by word is recorded as <bdi>{verbal}</bdi> in this emergency.</p> : (
        <div className={styles['word']}>
          {done === null ? null : <p className={styles['done']} role="status" data-testid="word-done"><StatusSign status="passed" silent /><span>It is signed and recorded. {one.why}</span></p>}
          <Section title="What is on record"><ul className={styles['framed']}><VerbalLine of={of} verbal={one} acts={false} /></ul></Section>
          <Statement verbal={one} />
          {done !== null ? null : act === 'ratify' ? <RatifyPart emergency={detail.emergency} verbal={one} onDone={onDone} /> : <WitnessPart verbal={one} onDone={onDone} />}
        </div>
      )}
    </Screen>
  );
}

/** The very text that was read, with its digest whole and in words, and whether it is that digest's. */
function Statement({ verbal: { statement, statementSha256 } }: { readonly verbal: VerbalShown }): ReactElement {
  const here = useDigestOf(statement);
  if (statement === null || statementSha256 === null) return <Section title="What was read"><p>The archive here does not hold the text that was read, so nothing can be signed over it. It may be on a console that was not synced yet.</p></Section>;
  const same = here === null ? null : here === statementSha256;
  return (
    <Section title="What was read, word for word" aside={same === null ? undefined : same ? 'Its digest was recomputed in this window.' : undefined}>
      <blockquote className={styles['statement']} dir="auto" data-testid="statement">{statement}</blockquote>
      {same === false ? <p className={styles['done']} data-testid="statement-differs"><StatusSign status="failed" silent /><span>This text does not have the digest that is on record. Nothing is signed over it.</span></p> : null}
      <WholeDigest value={statementSha256} what="SHA-256 of what was read" inWords />
    </Section>
  );
}

const CONFIRMED = [['yes', 'Yes, it held'], ['no', 'No, it did not hold']] as const;

/** Ratify over the very bytes, with whether the criterion held; or dispute, with a reason. */
function RatifyPart({ emergency, verbal, onDone }: { readonly emergency: EmergencyShown; readonly verbal: VerbalShown; readonly onDone: (verbal: VerbalShown) => void }): ReactElement {
  const { record, approver, release, statement, statementSha256, decision } = verbal;
  const { fields, change, forget } = useKept(`emergency.ratify.${record}`, { way: '', confirmed: '', reason: '', out: '' });
  const { signer, field, clear } = useSigner();
  const seat = useSeat((state) => state.seat);
  const here = useDigestOf(statement);
  // What is ratified already, and a refusal, can still be disputed and nothing else.
  const disputeOnly = verbal.ratification.state === 'ratified' || verbal.ratification.state === 'not-needed';
  const way = disputeOnly && fields.way === 'ratify' ? '' : fields.way;
  const disputes = way === 'dispute';
  const reason = fields.reason.trim();
  if (verbal.ratification.state === 'disputed') return <p className={styles['soft']} data-testid="settled">It is disputed already.</p>;
  const wanting =
    seat !== null && seat.person.id !== approver.id ? `That is for ${approver.name} alone, whose word it is said to be.`
    : way === '' ? 'Choose whether it was so.'
    : disputes ? (reason === '' ? 'Say what was not so.' : signer === null ? wantsToSign(seat) : null)
    : statement === null || statementSha256 === null ? 'The text that was read is not here, so nothing is signed over it.'
    : here !== null && here !== statementSha256 ? 'The text does not have the digest that is on record.'
    : fields.confirmed === '' ? 'Say whether the criterion held.'
    : fields.confirmed === 'no' && reason === '' ? 'Say why it did not hold.'
    : signer === null ? wantsToSign(seat) : null;
  return (
    <Section title="Your answer">
      <ActForm
        label="Your answer" testId="ratify" wanting={wanting} verb={disputes ? 'Sign that it was not so' : way === 'ratify' ? `Sign the statement of ${release}` : 'Sign your answer'}
        after={
          disputes ? `Afterwards this word opens nothing any more, what was deployed on it is unauthorised, and an incident is asked for. A dispute is not taken back.`
          : way === 'ratify' ? `Afterwards your signature stands over the very text above${decision === 'approve' ? `, and ${release} is no longer unratified by this word` : ''}.` : 'Either is signed by your key, and stands for good.'
        }
        onSend={async () => {
          if (signer === null) return;
          const next = disputes
            ? await client.call('verbal.dispute', { verbal: record, ...signer, reason })
            : await client.call('verbal.ratify', { verbal: record, ...signer, criterionConfirmed: fields.confirmed === 'yes', reason, shown: here ?? statementSha256, out: fields.out.trim() === '' ? null : fields.out.trim() });
          forget();
          clear();
          onDone(next);
        }}
      >
        <Choice label={`Was that read to you, and did you ${decision === 'approve' ? 'approve' : 'refuse'} it?`} options={disputeOnly ? [['dispute', 'No, I dispute it']] : [['ratify', 'Yes, I ratify it'], ['dispute', 'No, I dispute it']]} value={way === 'ratify' ? 'ratify' : disputes ? 'dispute' : ('' as 'ratify')} onChange={(next) => change({ way: next })} testId="ratify-way" />
        {way === 'ratify' ? (
          <>
            <p>It was declared for: <b>{emergency.criterion?.words ?? 'no criterion'}</b>{emergency.criterion === null ? '' : ` (${emergency.criterion.clause})`}. <span dir="auto">{emergency.reason}</span></p>
            <Choice label="Did that criterion hold?" options={CONFIRMED} value={CONFIRMED.find(([id]) => id === fields.confirmed)?.[0] ?? ('' as 'yes')} onChange={(confirmed) => change({ confirmed })} testId="criterion-confirmed" />
            {fields.confirmed === 'no' ? <p className={styles['warning']} data-testid="criterion-denied">Without a criterion it was no emergency. Your word is made good all the same; what was deployed on it counts as an unauthorised release, and asks the CTO for a finding.</p> : null}
          </>
        ) : null}
        {way === '' ? null : <Words label={disputes ? 'What was not so' : fields.confirmed === 'no' ? 'Why it did not hold' : 'Anything to add (can be left empty)'} value={fields.reason} onChange={(next) => change({ reason: next })} testId="ratify-reason" />}
        {way === 'ratify' ? <details><summary>Also write the statement and its signature to a file</summary><PathField label="File for the statement" hint="The signature lies beside it, with .asc at its end." choose="file" value={fields.out} onChange={(out) => change({ out })} testId="ratify-out" /></details> : null}
        {field}
      </ActForm>
    </Section>
  );
}

/** Whoever was on the line signs that they heard it, or that they did not. */
function WitnessPart({ verbal, onDone }: { readonly verbal: VerbalShown; readonly onDone: (verbal: VerbalShown) => void }): ReactElement {
  const { record, witness, approver, decision, release } = verbal;
  const { fields, change, forget } = useKept(`emergency.witness.${record}`, { heard: '', words: '' });
  const { signer, field, clear } = useSigner();
  const seat = useSeat((state) => state.seat);
  if (witness === null) return <p className={styles['soft']}>Nobody is named as its witness.</p>;
  if (witness.state === 'signed' || witness.state === 'denied') return <p className={styles['soft']} data-testid="settled"><bdi>{witness.name}</bdi> has said it already.</p>;
  const wanting =
    seat !== null && seat.person.id !== witness.id ? `That is for ${witness.name} alone, who is named as its witness.`
    : fields.heard === '' ? 'Choose whether you heard it.' : fields.words.trim() === '' ? 'Say in words what you heard, or that you were not there.' : signer === null ? wantsToSign(seat) : null;
  return (
    <Section title="Your answer">
      <ActForm
        label="Your answer" testId="witness" wanting={wanting} verb={fields.heard === 'no' ? 'Sign that you did not hear it' : fields.heard === 'yes' ? 'Sign that you heard it' : 'Sign your answer'}
        after={fields.heard === 'no' ? 'Afterwards it has no witness, and counts for nothing where it had no voice code.' : fields.heard === 'yes' ? 'Afterwards it is on record that you were on the line and heard it.' : 'Either is signed by your key, and stands for good.'}
        onSend={async () => {
          if (signer === null) return;
          const next = await client.call('verbal.witness', { verbal: record, ...signer, heard: fields.heard === 'yes', words: fields.words.trim() });
          forget();
          clear();
          onDone(next);
        }}
      >
        <Choice label={`Were you on the line when ${approver.name} ${decision === 'approve' ? 'approved' : 'refused'} ${release}?`} options={[['yes', 'Yes, I heard it'], ['no', 'No, I did not']]} value={fields.heard === 'yes' ? 'yes' : fields.heard === 'no' ? 'no' : ('' as 'yes')} onChange={(heard) => change({ heard })} testId="witness-heard" />
        <Words label="What you heard" value={fields.words} onChange={(words) => change({ words })} testId="witness-words" />
        {field}
      </ActForm>
    </Section>
  );
}
