import { useEffect, useState, type ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import { Digest } from '../../components/Digest.tsx';
import { Empty } from '../../components/Empty.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { PathText } from '../../components/Cut.tsx';
import { Screen, Section } from '../../components/Screen.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted, listed } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { administratorsOf } from './administrators.ts';
import { ConsoleList, VersionList } from './Lists.tsx';
import { adopt, readRoster, usePeople, type Shown } from './people-store.ts';
import { PeopleTable } from './PeopleTable.tsx';
import { ProposePart } from './ProposePart.tsx';
import { RosterFile } from './RosterFile.tsx';
import { SpokenWords } from './SpokenWords.tsx';
import { CodeSheet, MakeCodes } from './VoiceCodes.tsx';
import styles from './people.module.css';

/** Whose word counts on this console, who says so, and how the next version comes to be. */
export function PeopleScreen({ version }: { readonly version: number | null }): ReactElement {
  const { shown, absent, error, open, made } = usePeople();
  useEffect(() => () => usePeople.setState({ made: null }), []);
  useEffect(() => {
    void readRoster(version);
  }, [version]);
  const older = shown !== null && version !== null && shown.versions.some((one) => one.version > shown.view.version);
  if (made !== null) return <CodeSheet made={made} />;
  return (
    <Screen
      title="People"
      lead={shown === null ? 'Whose word counts on this console, and by which keys.' : `The roster ${shown.view.roster}, version ${shown.view.version}: whose word counts, and by which keys.`}
      actions={older ? <a href={addressOf.people}>Show the version that is held</a> : <Acts absent={absent} />}
    >
      {error === null ? null : <ErrorPanel error={error} onRetry={() => void readRoster(version)} />}
      {absent ? <NoRoster /> : null}
      {shown === null ? null : <Standing shown={shown} older={older} />}
      {!older && shown !== null && open === 'propose' ? <ProposePart shown={shown} /> : null}
      {!older && shown !== null && open === 'codes' ? <MakeCodes roster={shown.roster} /> : null}
      {!older && open === 'file' ? <Section title="A file of the roster"><RosterFile first={absent} /></Section> : null}
      {shown === null ? null : (
        <>
          <PeopleTable key={shown.view.digest} shown={shown} older={older} />
          <Facts shown={shown} />
          <ConsoleList shown={shown} />
          <VersionList shown={shown} />
        </>
      )}
    </Screen>
  );
}

function Acts({ absent }: { readonly absent: boolean }): ReactElement {
  const { open, working, shown } = usePeople();
  const toggle = (part: 'propose' | 'file') => (): void => usePeople.setState({ open: open === part ? null : part });
  return (
    <>
      {shown === null ? null : <Button disabled={working} onClick={() => void adopt(null, null)} testId="adopt-received" title="Takes the versions that a sync brought, one after the other">Take what the archive brought</Button>}
      <Button aria-expanded={open === 'file'} kind={absent ? 'primary' : 'plain'} onClick={toggle('file')} testId="open-file">{absent ? 'Take the first roster' : 'Sign, verify or take a file'}</Button>
      {absent ? null : <Button aria-expanded={open === 'propose'} kind="primary" onClick={toggle('propose')} testId="open-propose">Propose the next version</Button>}
    </>
  );
}

function NoRoster(): ReactElement {
  return (
    <Empty>
      No roster is held here, so nobody’s word can be proved and the gate of every release stays closed. Ask your administrators for the file and its signatures, and have its digest read to you by another way than the file came. If your organisation has none yet, its first is written by hand: schemas/roster.schema.json says how.
    </Empty>
  );
}

/** Whether it gives anybody authority now; where not, why and what to do. */
function Standing({ shown: { view, rivals }, older }: { readonly shown: Shown; readonly older: boolean }): ReactElement | null {
  const done = usePeople((state) => (state.open === null ? state.done : null));
  const error = usePeople((state) => (state.open === null ? state.fileError : null));
  return (
    <>
      {done === null ? null : <p className={styles['done']} role="status">{done}</p>}
      {error === null ? null : <ErrorPanel error={error} />}
      {view.problem === null ? null : (
        <section className={styles['problem']} aria-label="Not in force" data-older={older} data-testid="roster-problem">
          <StatusSign status={older ? 'not-applicable' : rivals.length > 0 ? 'broken' : 'stale'} />
          <div className={styles['words']}>
            <p><b>{older ? 'The time of this version is over.' : 'This version gives nobody authority.'}</b> {view.problem}.</p>
            {rivals.length === 0 || older ? null : (
              <>
                <p>Both were signed by enough administrators, so a program cannot tell which is meant. Ask them by telephone. Then propose the next version here: it names both, and the administrators of both sign it.</p>
                <ul className={styles['rivals']}>
                  <li>Held here: <Digest value={view.digest} /></li>
                  {rivals.map(({ version, digest, file }) => <li key={digest}>Another version {version}: <Digest value={digest} /> in <PathText path={file} /></li>)}
                </ul>
              </>
            )}
          </div>
        </section>
      )}
    </>
  );
}

function Facts({ shown: { view, roster } }: { readonly shown: Shown }): ReactElement {
  const [words, setWords] = useState(false);
  const signed = view.people.filter(({ signedThis }) => signedThis).map(({ name }) => name);
  const administrators = administratorsOf(roster);
  const spare = administrators.length - roster.thresholds.admin;
  return (
    <Section title="This version">
      <dl className={styles['pairs']}>
        <dt>Holds until</dt><dd><TimeText time={view.expires} /></dd>
        <dt>Signed by</dt><dd>{signed.length === 0 ? 'Nobody whose signature is good today' : listed(signed)}; {view.threshold} of its administrators have to.</dd>
        <dt>Administrators</dt><dd>{listed(administrators.map(({ name }) => name))}. {spare > 0 ? `${spare} of them can be lost.` : 'None of them can be lost: every one has to sign the next version.'}</dd>
        <dt>Thresholds</dt><dd>{Object.entries(roster.thresholds).map(([name, number]) => `${name} ${number}`).join(', ')}</dd>
        <dt>Policy files in force</dt><dd>{view.policies.length === 0 ? 'None' : <ul className={styles['digests']}>{view.policies.map((digest) => <li key={digest}><Digest value={digest} what="SHA-256 of the policy file" /></li>)}</ul>}</dd>
        <dt>Digest</dt>
        <dd>
          <Digest value={view.digest} /> <Button kind="quiet" aria-expanded={words} onClick={() => setWords(!words)} testId="show-words">{words ? 'Hide the words' : 'Show as words, to be read aloud'}</Button>
          {words ? <SpokenWords words={view.words} /> : null}
        </dd>
        {roster.resolves === undefined ? null : <><dt>Ends a fork of</dt><dd>{counted(roster.resolves.length, 'roster')}</dd></>}
      </dl>
    </Section>
  );
}
