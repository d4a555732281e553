import { CircleHelp, CloudOff, RefreshCw, Search, Upload, UserRound } from 'lucide-react';
import type { ReactElement } from 'react';
import { counted, relative } from '../components/wording.ts';
import { Mark } from './Mark.tsx';
import styles from './frame.module.css';
import { addressOf } from './routes.ts';
import { useConsole, type ConsoleStatus } from './status-store.ts';

/** Product, who sits here, the state of the wire, and the way to everything. */
export function TopBar({ onPalette, onKeys }: { readonly onPalette: () => void; readonly onKeys: () => void }): ReactElement {
  const status = useConsole((state) => state.status);
  return (
    <header className={styles['bar']}>
      <a className={styles['product']} href={addressOf.home} aria-label="Countersign, go to Home">
        <Mark />
        <span className={styles['productName']}>{status?.product ?? 'Countersign'}</span>
      </a>
      <button type="button" className={styles['find']} onClick={onPalette} aria-keyshortcuts="Control+K Meta+K">
        <Search aria-hidden="true" />
        <span>Find a screen, act, release or line</span>
        <kbd>Ctrl K</kbd>
      </button>
      <div className={styles['facts']}>
        {status === null ? null : <People status={status} />}
        {status === null ? null : <Wire status={status} />}
        <button type="button" className={styles['help']} onClick={onKeys} aria-label="Show the keys of this screen" title="Show the keys of this screen (?)">
          <CircleHelp aria-hidden="true" />
        </button>
      </div>
    </header>
  );
}

/** Whose word counts here: the roster in force, or why there is none. */
function People({ status: { roster } }: { readonly status: ConsoleStatus }): ReactElement {
  const [words, why] =
    roster === null
      ? ['Read-only: no roster', 'No roster of people and keys is held on this console, so nobody’s word can be proved here. countersign roster adopt FILE takes one.']
      : roster.problem === null
        ? [`${roster.roster} v${roster.version}`, `The roster ${roster.roster}, version ${roster.version}, is in force until ${roster.expires}.`]
        : ['Read-only: roster not in force', roster.problem];
  return (
    <span className={styles['fact']} title={why}>
      <UserRound aria-hidden="true" />
      <span className={styles['factWords']}>{words}</span>
    </span>
  );
}

/** What is only here comes first, then when others last had it; with no shared archive it is offline by choice. */
function Wire({ status }: { readonly status: ConsoleStatus }): ReactElement {
  const { unsynced, lastSynced } = status.archive;
  const synced = lastSynced === null ? null : `last synced ${relative(lastSynced)}`;
  const words = synced === null ? 'Offline by choice' : unsynced > 0 ? `${counted(unsynced, 'entry', 'entries')} to push` : `Synced ${synced.slice('last synced '.length)}`;
  const title = [
    synced === null ? 'This console has handed its archive to nobody.' : `The archive was ${synced}.`,
    unsynced > 0 ? `${counted(unsynced, 'entry is', 'entries are')} only on this machine.` : '',
  ].join(' ');
  const Icon = synced === null ? CloudOff : unsynced > 0 ? Upload : RefreshCw;
  return (
    <a className={styles['fact']} href={addressOf.act('sync')} title={title} data-testid="wire">
      <Icon aria-hidden="true" />
      <span className={styles['factWords']}>{words}</span>
      {synced === null && unsynced > 0 ? <span className={styles['factNote']}>{counted(unsynced, 'entry', 'entries')} only here</span> : null}
    </a>
  );
}
