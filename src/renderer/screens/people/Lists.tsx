import type { ReactElement } from 'react';
import { Digest } from '../../components/Digest.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Section } from '../../components/Screen.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import type { Shown } from './people-store.ts';
import styles from './people.module.css';

/** Consoles that this version names, whose they are, and which took it. */
export function ConsoleList({ shown: { roster, takenBy } }: { readonly shown: Shown }): ReactElement {
  const strangers = takenBy.filter(({ origin }) => !roster.consoles.some((one) => one.origin === origin));
  const rows = [...roster.consoles.map(({ origin, owner, vkey }) => ({ origin, owner, vkey })), ...strangers.map(({ origin }) => ({ origin, owner: null, vkey: null }))];
  const nameOf = (id: string): string => roster.people.find((person) => person.id === id)?.name ?? id;
  return (
    <Section title="Consoles" aside={counted(roster.consoles.length, 'console')}>
      {rows.length === 0 ? <Empty>This version names no console. A console that it names, and its owner, is a witness to the logs of others; propose a version that names them.</Empty> : (
        <div className={styles['tableFrame']} tabIndex={0} role="group" aria-label="Consoles">
          <table className={styles['table']}>
            <thead><tr><th scope="col">Log</th><th scope="col">Owner</th><th scope="col">Took this version</th></tr></thead>
            <tbody>
              {rows.map(({ origin, owner, vkey }) => {
                const taken = takenBy.find((one) => one.origin === origin);
                return (
                  <tr key={origin}>
                    <td><code title={vkey ?? undefined}>{origin}</code></td>
                    <td dir="auto">{owner === null ? 'Not named in this version' : nameOf(owner)}</td>
                    <td>{taken === undefined ? 'Not as far as the archive here tells' : <a href={addressOf.entry(taken.record)}><TimeText time={taken.at} short /></a>}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

/** Every version that was ever held here, and what the one that is shown changed. */
export function VersionList({ shown: { view, versions, changes } }: { readonly shown: Shown }): ReactElement {
  return (
    <Section title="Versions" aside={counted(versions.length, 'version')}>
      <div className={styles['tableFrame']} tabIndex={0} role="group" aria-label="Versions">
        <table className={styles['table']}>
          <thead><tr><th scope="col">Version</th><th scope="col">In force from</th><th scope="col">Until</th><th scope="col">Digest</th><th scope="col">Counts</th></tr></thead>
          <tbody>
            {versions.toReversed().map(({ version, digest, from, until, problem }) => (
              <tr key={digest} data-current={version === view.version}>
                <td>{version === view.version ? <b>{version}, shown</b> : <a href={addressOf.rosterVersion(version)}>{version}</a>}</td>
                <td>{from === null ? 'Not known' : <TimeText time={from} short />}</td>
                <td><TimeText time={until} short /></td>
                <td><Digest value={digest} /></td>
                <td dir="auto">{problem ?? 'What was done in that time'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h3 className={styles['subhead']}>What version {view.version} changed</h3>
      <ChangeLines changes={changes} none={view.version === 1 ? 'It is the first.' : 'Nothing but its number, as far as the version before it is held here.'} />
    </Section>
  );
}

export function ChangeLines({ changes, none }: { readonly changes: readonly string[]; readonly none: string }): ReactElement {
  return changes.length === 0 ? <p className={styles['soft']}>{none}</p> : <ul className={styles['changes']}>{changes.map((change) => <li key={change} dir="auto">{change}</li>)}</ul>;
}
