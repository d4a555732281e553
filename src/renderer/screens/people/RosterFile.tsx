import { useEffect, useId, useState, type ReactElement } from 'react';
import { AppError } from '../../../core/model/errors.ts';
import { hexOfWords } from '../../../core/model/pgp-words.ts';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { Digest } from '../../components/Digest.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { PathField } from '../../components/PathField.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { keyId, listed } from '../../components/wording.ts';
import { ChangeLines } from './Lists.tsx';
import { adopt, typeIn, usePeople, verify, type Verified } from './people-store.ts';
import { SignRoster } from './SignRoster.tsx';
import { SpokenWords } from './SpokenWords.tsx';
import styles from './people.module.css';

/** A version in a file: whose signatures it has, what it changes, signing it, and taking it. `first`: none is held yet. */
export function RosterFile({ first }: { readonly first: boolean }): ReactElement {
  const { typed, working, verified, fileError, done } = usePeople();
  useEffect(() => {
    if (usePeople.getState().verified === null) void verify();
  }, []);
  return (
    <div className={styles['propose']} data-testid="roster-file">
      <form
        className={styles['changeForm']}
        aria-label="Look at a file of the roster"
        onSubmit={(event) => {
          event.preventDefault();
          void verify();
        }}
      >
        <PathField label="File of the roster" hint="Its signatures lie beside it, as NAME.PERSON.asc." choose="file" value={typed.file} onChange={(file) => { typeIn({ file }); usePeople.setState({ verified: null, fileError: null, done: null }); }} testId="roster-path" />
        <div><Button type="submit" disabled={working || typed.file.trim() === ''} testId="verify-roster">Verify the file</Button></div>
      </form>
      {fileError === null ? null : <ErrorPanel error={fileError} />}
      {done === null ? null : <p className={styles['done']} role="status" data-testid="roster-done">{done}</p>}
      {verified === null ? null : <Report verified={verified} first={first} />}
    </div>
  );
}

function Report({ verified, first }: { readonly verified: Verified; readonly first: boolean }): ReactElement {
  const { roster, version, digest, expires, signatures, thresholds, changes, verdict, problem } = verified;
  const working = usePeople((state) => state.working);
  const file = usePeople((state) => state.typed.file.trim());
  return (
    <section className={styles['report']} aria-label="What the file is" data-testid="roster-report" data-verdict={verdict}>
      <p className={styles['verdict']}><StatusSign status={verdict === 'refused' ? 'failed' : verdict === 'held' ? 'not-applicable' : verdict === 'first' ? 'needs-person' : 'passed'} /><b>{WORDS[verdict]}</b></p>
      {problem === null ? null : <p className={styles['remedy']} dir="auto">{problem}</p>}
      <dl className={styles['pairs']}>
        <dt>Roster</dt><dd dir="auto">{roster}, version {version}</dd>
        <dt>Holds until</dt><dd><TimeText time={expires} /></dd>
        <dt>Digest</dt><dd><Digest value={digest} /></dd>
        {thresholds.map(({ version: of, people, needed, reached, digest: ofDigest }) => (
          <Threshold key={`${of} ${ofDigest ?? ''}`} of={of} own={ofDigest === null} people={people} needed={needed} reached={reached} />
        ))}
      </dl>
      <h3 className={styles['subhead']}>Signatures</h3>
      {signatures.length === 0 ? <p className={styles['soft']}>None lies beside it yet.</p> : (
        <ul className={styles['signatures']}>
          {signatures.map(({ file: name, person, fingerprint, good, why }) => (
            <li key={`${name} ${fingerprint ?? ''}`}>
              <StatusSign status={good ? 'passed' : 'failed'} />
              <span dir="auto">{good ? 'Good' : `Not good: ${why ?? 'why is not known'}`}, {person ?? 'nobody known here'}{fingerprint === null ? '' : <>, <code title={fingerprint}>{keyId(fingerprint)}</code></>}</span>
              <span className={styles['soft']} dir="auto">{name}</span>
            </li>
          ))}
        </ul>
      )}
      {first ? null : <><h3 className={styles['subhead']}>What it changes</h3><ChangeLines changes={changes} none={verdict === 'held' ? 'It is the one that is held.' : 'Nothing that is seen from here.'} /></>}
      {verdict === 'held' ? null : <SignRoster />}
      {verdict === 'first' ? <Ceremony verified={verified} /> : null}
      {verdict === 'adoptable' ? (
        <div className={styles['adopt']}>
          <p>Afterwards version {version} says whose word counts here, and its predecessor’s time is over. What others did meanwhile and nobody else has seen becomes undetermined: sync first.</p>
          <Button kind="primary" disabled={working} onClick={() => void adopt(file, null)} testId="adopt">Take version {version}</Button>
        </div>
      ) : null}
    </section>
  );
}

const WORDS: Readonly<Record<Verified['verdict'], string>> = {
  adoptable: 'It follows what is held, signed by enough administrators.', first: 'No roster is held here: its digest has to come by another way.', held: 'It is held here already.', refused: 'It cannot be taken as it is.',
};

function Threshold({ of, own, people, needed, reached }: { readonly of: number; readonly own: boolean; readonly people: readonly string[]; readonly needed: number; readonly reached: boolean }): ReactElement {
  return (
    <>
      <dt>{own ? 'By its own threshold' : `By version ${of}’s`}</dt>
      <dd className={styles['threshold']}><StatusSign status={reached ? 'passed' : 'missing'} /><span dir="auto">{people.length} of {needed}{people.length === 0 ? '' : `: ${listed(people)}`}</span></dd>
    </>
  );
}

/** The first roster is taken by a digest that came by another way than the file: typed as it is read, or compared word for word. */
function Ceremony({ verified: { digest, words, version } }: { readonly verified: Verified }): ReactElement {
  const [typed, setTyped] = useState('');
  const [comparing, setComparing] = useState(false);
  const [compared, setCompared] = useState(false);
  const working = usePeople((state) => state.working);
  const file = usePeople((state) => state.typed.file.trim());
  const id = useId();
  const heard = heardIn(typed);
  const same = heard.digest === digest;
  const other = heard.digest !== null && heard.digest.length === digest.length && !same;
  return (
    <div className={styles['adopt']} data-testid="ceremony">
      <h3 className={styles['subhead']}>The digest, by another way</h3>
      <p>Have an administrator read the digest to you over the telephone, or from paper, as words or as digits. Who could change the file on its way here cannot change that.</p>
      <div className={controls['field']}>
        <label className={controls['label']} htmlFor={id}>Type it as it is read</label>
        <textarea id={id} className={controls['input']} rows={4} spellCheck={false} value={typed} data-testid="heard-digest" onChange={(event) => setTyped(event.target.value)} />
        <p className={other || heard.fault !== null ? controls['wrong'] : controls['hint']} role="status" data-testid="heard-verdict">
          {heard.fault ?? (typed.trim() === '' ? `32 words, or 64 digits. The file’s own are not shown while you type.` : same ? 'It is the digest of this file.' : other ? 'It is the digest of another file: ask for both again, each by its own way.' : `${heard.said}, and more to come.`)}
        </p>
      </div>
      {comparing ? (
        <>
          <SpokenWords words={words} />
          <label className={controls['choice']}><input type="checkbox" checked={compared} data-testid="compared" onChange={(event) => setCompared(event.target.checked)} />Every word was read to me by another way, and each is the same.</label>
        </>
      ) : <div><Button kind="quiet" onClick={() => setComparing(true)} testId="compare-words">Compare word for word instead</Button></div>}
      <div><Button kind="primary" disabled={working || !(same || (comparing && compared))} testId="adopt" onClick={() => void adopt(file, same ? heard.digest : digest)}>Take version {version} as this console’s first roster</Button></div>
    </div>
  );
}

/** What was typed so far, as digits; a word that is in no list is told at once. */
function heardIn(text: string): { readonly digest: string | null; readonly said: string; readonly fault: string | null } {
  const parts = text.trim().split(/[\s,.;:]+/).filter((part) => part !== '');
  const joined = parts.join('').toLowerCase();
  if (joined === '') return { digest: null, said: '', fault: null };
  if (/^[0-9a-f]+$/.test(joined) && !parts.some((part) => /[g-z]/i.test(part))) return { digest: joined, said: `${joined.length} digits`, fault: joined.length > 64 ? 'That is more than 64 digits.' : null };
  const ended = /\s$/.test(text) ? parts : parts.slice(0, -1);
  try {
    const whole = parts.length >= 32 ? hexOfWords(parts) : hexOfWords(ended);
    return { digest: whole, said: `${whole.length / 2} words`, fault: parts.length > 32 ? 'That is more than 32 words.' : null };
  } catch (cause) {
    return { digest: null, said: '', fault: cause instanceof AppError ? `${cause.message} ${cause.hint ?? ''}` : 'These are no words of the list.' };
  }
}
