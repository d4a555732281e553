import { CircleHelp, CloudOff, RefreshCw, Search, Upload, UserRound, UserRoundCheck } from 'lucide-react';
import { useEffect, type ReactElement } from 'react';
import { counted, relative } from '../components/wording.ts';
import { Mark } from './Mark.tsx';
import styles from './frame.module.css';
import { addressOf } from './routes.ts';
import { askForSeat, readSeat, useSeat } from './seat-store.ts';
import seatStyles from './seat.module.css';
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
        {status === null ? null : <WhoSits status={status} />}
        {status === null ? null : <Wire status={status} />}
        <button type="button" className={styles['help']} onClick={onKeys} aria-label="Show the keys of this screen" title="Show the keys of this screen (?)">
          <CircleHelp aria-hidden="true" />
        </button>
      </div>
    </header>
  );
}

/** Who sits here, by name, role and the last of their key; else why the window is read-only. */
function WhoSits({ status: { roster } }: { readonly status: ConsoleStatus }): ReactElement {
  const { seat, keys } = useSeat();
  useEffect(() => {
    void readSeat();
  }, [roster?.version, roster?.problem]);
  const why = roster === null ? 'No roster of people and keys is held on this console, so nobody’s word can be proved here.' : roster.problem ?? `The roster ${roster.roster}, version ${roster.version}, is in force until ${roster.expires}.`;
  const classes = `${styles['fact'] ?? ''} ${seatStyles['seat'] ?? ''}`;
  if (seat === null) {
    const words = roster === null ? 'Read-only: no roster' : roster.problem !== null ? 'Read-only: roster not in force' : keys?.length === 0 ? 'Read-only: no key' : 'Read-only: nobody sits here';
    return (
      <button type="button" className={classes} title={`${why} Take the seat`} data-testid="seat" onClick={() => askForSeat()}>
        <UserRound aria-hidden="true" />
        <span className={styles['factWords']}>{words}</span>
      </button>
    );
  }
  const roles = seat.roles.join(', ') || 'no role';
  return (
    <button type="button" className={classes} title={`${seat.person.name} (${roles}) sits here with the key ${seat.fingerprint}. ${why} Ctrl L locks the window.`} data-testid="seat" onClick={() => askForSeat()}>
      <UserRoundCheck aria-hidden="true" />
      <span className={seatStyles['seatName']} dir="auto">{seat.person.name}</span>
      <span className={`${styles['factWords'] ?? ''} ${seatStyles['seatRole'] ?? ''}`}>{roles}</span>
      <code className={styles['factWords']}>{seat.fingerprint.slice(-8)}</code>
    </button>
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
    <a className={`${styles['fact'] ?? ''} ${seatStyles['wire'] ?? ''}`} href={addressOf.act('sync')} title={title} data-testid="wire">
      <Icon aria-hidden="true" />
      <span className={styles['factWords']}>{words}</span>
      {synced === null && unsynced > 0 ? <span className={styles['factNote']}>{counted(unsynced, 'entry', 'entries')} only here</span> : null}
    </a>
  );
}
