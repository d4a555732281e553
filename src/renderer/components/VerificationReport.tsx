import type { ReactElement } from 'react';
import type { Status } from '../../core/model/verdict.ts';
import type { Verification } from '../../core/model/verification.ts';
import { Digest } from './Digest.tsx';
import { StatusBadge, StatusSign } from './StatusSign.tsx';
import { TimeText } from './TimeText.tsx';
import { grouped } from './wording.ts';
import styles from './verification.module.css';

const VERDICTS: Readonly<Record<Verification['verdict'], { readonly status: Status; readonly words: string }>> = {
  good: { status: 'passed', words: 'Good' },
  bad: { status: 'failed', words: 'Bad' },
  'signer-unknown': { status: 'needs-person', words: 'Signer not known' },
  'no-signature': { status: 'missing', words: 'No signature' },
  'withdrawn': { status: 'failed', words: 'Withdrawn' },
  'not-as-recorded': { status: 'failed', words: 'Not as recorded' },
};

const WHEN: Readonly<Record<Verification['today'], { readonly status: Status; readonly words: string }>> = {
  good: { status: 'passed', words: 'Good' },
  bad: { status: 'failed', words: 'Bad' },
  unknown: { status: 'missing', words: 'Not known' },
};

const SIGNATURE_WORDS: Readonly<Record<Verification['signatures'][number]['status'], string>> = {
  good: 'fits the file', bad: 'does not fit the file', 'expired-key': 'fits, but its key has expired', 'revoked-key': 'fits, but its key is revoked',
  'expired-signature': 'fits, but it has expired', 'no-key': 'its key is not here', unreadable: 'could not be read',
  weak: 'fits, but rests on what is too weak today', 'time-conflict': 'fits, but its time cannot be', 'key-unfit': 'fits, but its key may not sign',
};

/** The verdict in a badge. */
export function VerdictBadge({ verification }: { readonly verification: Verification }): ReactElement {
  const { status, words } = VERDICTS[verification.verdict];
  return <StatusBadge status={status}>{words}</StatusBadge>;
}

/** When made, today, and whose: three questions with three answers. */
export function VerificationReport({ verification }: { readonly verification: Verification }): ReactElement {
  const { when_made: whenMade, today, signer, signatures, problems, covered_bytes_sha256: covered } = verification;
  return (
    <div className={styles['report']}>
      <dl className={styles['three']}>
        <div><dt>When made</dt><dd><Answer status={WHEN[whenMade].status} words={WHEN[whenMade].words} /></dd></div>
        <div><dt>Today</dt><dd><Answer status={WHEN[today].status} words={WHEN[today].words} /></dd></div>
        <div>
          <dt>Whose</dt>
          <dd>
            {signer === null ? <Answer status="missing" words={signatures.length === 0 ? 'Nobody’s' : 'Nobody who was named'} /> : (
              <span className={styles['signer']}>
                <Answer status={whenMade === 'bad' ? 'broken' : 'passed'} words={`${whenMade === 'bad' ? 'Claims to be ' : ''}${signer.user ?? 'a key without a name'}`} />
                <code title={signer.fingerprint}>{grouped(signer.fingerprint)}</code>
              </span>
            )}
          </dd>
        </div>
      </dl>
      {problems.length === 0 ? null : (
        <ul className={styles['problems']}>
          {problems.map(({ code, message }) => <li key={`${code}-${message}`}><StatusSign status="failed" silent /><span dir="auto">{message}</span></li>)}
        </ul>
      )}
      {covered === null ? null : <p className={styles['covered']}>SHA-256 of the bytes that were checked <Digest value={covered} /></p>}
      {signatures.length === 0 ? null : (
        <ul className={styles['signatures']}>
          {signatures.map((signature, index) => (
            <li key={index}>
              A signature {signature.fingerprint === null ? '' : <>of <code title={signature.fingerprint}>0x{signature.fingerprint.slice(-16)}</code> </>}
              {signature.user === null ? '' : <><bdi>{signature.user}</bdi> </>}
              {SIGNATURE_WORDS[signature.status]}
              {signature.algorithm === null ? '' : ` · ${signature.algorithm}`}{signature.hash === null ? '' : ` with ${signature.hash}`}
              {signature.created === null ? null : <> · made <TimeText time={signature.created} /></>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Answer({ status, words }: { readonly status: Status; readonly words: string }): ReactElement {
  return <span className={styles['answer']} data-status={status}><StatusSign status={status} silent /><bdi>{words}</bdi></span>;
}
