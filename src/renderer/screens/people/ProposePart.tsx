import { X } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import type { Roster } from '../../../core/model/roster.ts';
import { Button } from '../../components/Button.tsx';
import { Digest } from '../../components/Digest.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { PathField } from '../../components/PathField.tsx';
import { Section } from '../../components/Screen.tsx';
import { listed } from '../../components/wording.ts';
import { useConsole } from '../../frame/status-store.ts';
import { AddPerson, ChangeConsole, ChangeDeputy, ChangeKey, ChangePhone, ChangeRoles, ChangeRules, ChangeStatus } from './ChangeForms.tsx';
import { LostAdministrator } from './LostAdministrator.tsx';
import { propose, takeOff, typeIn, usePeople, type Shown } from './people-store.ts';
import { RosterFile } from './RosterFile.tsx';
import styles from './people.module.css';

const KINDS = [
  ['person', 'Somebody joins'], ['status', 'Somebody leaves or pauses'], ['roles', 'Roles'], ['key', 'A key'], ['deputy', 'A deputy'], ['phone', 'A number or room'], ['rules', 'Expiry, threshold, policy'], ['console', 'A console'], ['lost', 'An administrator is lost'],
] as const;
type Kind = (typeof KINDS)[number][0];

/** The next version by form: a list of changes, a file, and whose signatures it asks for. */
export function ProposePart({ shown: { roster, rivals } }: { readonly shown: Shown }): ReactElement {
  const { typed, working, proposeError, proposed } = usePeople();
  const [kind, setKind] = useState<Kind | null>(null);
  const home = useConsole((state) => state.status?.home ?? null);
  const name = `roster-${roster.version + 1}.json`;
  const ready = typed.out.trim() !== '' && (typed.changes.length > 0 || typed.draft.trim() !== '' || rivals.length > 0) && !working;
  return (
    <Section title={`Propose version ${roster.version + 1}`} aside="Nothing is in force by it: administrators sign the file, then consoles take it.">
      {proposed === null ? (
        <div className={styles['propose']} data-testid="propose">
          <div className={styles['kinds']} role="group" aria-label="What changes">
            {KINDS.map(([value, words]) => <Button key={value} kind={kind === value ? 'plain' : 'quiet'} aria-pressed={kind === value} testId={`change-${value}`} onClick={() => setKind(kind === value ? null : value)}>{words}</Button>)}
          </div>
          {kind === null ? null : <FormOf kind={kind} roster={roster} />}
          <section aria-label="Changes">
            <h3 className={styles['subhead']}>Changes</h3>
            {typed.changes.length === 0 ? <p className={styles['soft']}>None yet. Choose what changes, as often as you like.{rivals.length > 0 ? ' Naming the rosters of the fork is in it already.' : ''}</p> : (
              <ul className={styles['changeList']} data-testid="changes">
                {typed.changes.map(({ words }) => (
                  <li key={words}>
                    <span dir="auto">{words}</span>
                    <button type="button" className={styles['close']} aria-label={`Take off the list: ${words}`} title="Take it off the list" onClick={() => takeOff(words)}><X aria-hidden="true" /></button>
                  </li>
                ))}
              </ul>
            )}
          </section>
          <form
            className={styles['changeForm']}
            aria-label="Write the next version"
            onSubmit={(event) => {
              event.preventDefault();
              if (ready) void propose();
            }}
          >
            <PathField label="Edited draft, if any" hint="A whole version that somebody edited; the changes above are made in it." choose="file" value={typed.draft} onChange={(draft) => typeIn({ draft })} />
            <PathField label="File to write" hint={`Such as ${home ?? ''}/${name}. Nothing that is there is overwritten.`} choose="file" value={typed.out} onChange={(out) => typeIn({ out })} testId="propose-out" />
            {proposeError === null ? null : <ErrorPanel error={proposeError} />}
            <div><Button type="submit" kind="primary" disabled={!ready} testId="propose-button">Write version {roster.version + 1}</Button></div>
          </form>
        </div>
      ) : (
        <div className={styles['propose']} data-testid="proposed">
          <p className={styles['done']} role="status">Version {proposed.version} is written: <code>{proposed.file}</code>, SHA-256 <Digest value={proposed.digest} /></p>
          <ul className={styles['changes']}>
            {proposed.asks.map(({ version, administrators, needed }) => <li key={version}>Version {version} asks for {needed} of {listed(administrators)}.</li>)}
            {proposed.notes.map((note) => <li key={note} dir="auto">{note}.</li>)}
          </ul>
          <RosterFile first={false} />
          <div><Button kind="quiet" onClick={() => usePeople.setState({ proposed: null })}>Propose something else</Button></div>
        </div>
      )}
    </Section>
  );
}

function FormOf({ kind, roster }: { readonly kind: Kind; readonly roster: Roster }): ReactElement {
  switch (kind) {
    case 'person':
      return <AddPerson />;
    case 'status':
      return <ChangeStatus roster={roster} />;
    case 'roles':
      return <ChangeRoles roster={roster} />;
    case 'key':
      return <ChangeKey roster={roster} />;
    case 'deputy':
      return <ChangeDeputy roster={roster} />;
    case 'phone':
      return <ChangePhone roster={roster} />;
    case 'rules':
      return <ChangeRules roster={roster} />;
    case 'console':
      return <ChangeConsole roster={roster} />;
    case 'lost':
      return <LostAdministrator roster={roster} />;
  }
}
