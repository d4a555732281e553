import { Fragment, useEffect, useRef, useState, type ReactElement } from 'react';
import { ApproveScreen } from '../screens/approve/ApproveScreen.tsx';
import { ArchiveScreen } from '../screens/archive/ArchiveScreen.tsx';
import { DrillScreen } from '../screens/drill/DrillScreen.tsx';
import { CallFormScreen } from '../screens/emergency/call/CallFormScreen.tsx';
import { CallScreen } from '../screens/emergency/call/CallScreen.tsx';
import { EmergencyScreen } from '../screens/emergency/EmergencyScreen.tsx';
import { PostMortemScreen } from '../screens/emergency/PostMortemScreen.tsx';
import { WordScreen } from '../screens/emergency/WordScreen.tsx';
import { HomeScreen } from '../screens/home/HomeScreen.tsx';
import { KeysScreen } from '../screens/keys/KeysScreen.tsx';
import { MetricsScreen } from '../screens/metrics/MetricsScreen.tsx';
import { NewReleaseScreen } from '../screens/new-release/NewReleaseScreen.tsx';
import { PeopleScreen } from '../screens/people/PeopleScreen.tsx';
import { ReleaseScreen } from '../screens/release/ReleaseScreen.tsx';
import { ReleasesScreen } from '../screens/releases/ReleasesScreen.tsx';
import { RollbackScreen } from '../screens/rollback/RollbackScreen.tsx';
import { SettingsScreen } from '../screens/settings/SettingsScreen.tsx';
import { SigningScreen } from '../screens/signing/SigningScreen.tsx';
import { VerifyScreen } from '../screens/verify/VerifyScreen.tsx';
import { DrillBand } from './DrillBand.tsx';
import { EmergencyBand } from './EmergencyBand.tsx';
import styles from './frame.module.css';
import { KeysHelp } from './KeysHelp.tsx';
import { LockScreen } from './LockScreen.tsx';
import { Notices } from './Notices.tsx';
import { NowhereScreen } from './NowhereScreen.tsx';
import { Palette } from './Palette.tsx';
import { Rail } from './Rail.tsx';
import { goTo, useRoute } from './route-store.ts';
import { addressOf, type Route } from './routes.ts';
import { SeatDialog } from './SeatDialog.tsx';
import { useSeat } from './seat-store.ts';
import { readSettings, refreshStatus } from './status-store.ts';
import { TopBar } from './TopBar.tsx';
import { tellOfWatches } from './watch-notices.ts';
import { isTyping, useKeys } from './use-keys.ts';

/** How long "g" waits for the letter after it. */
const CHORD_MS = 1200;

/** The frame: rail, bar, the screen of the address, and what lies over them. */
export function App(): ReactElement {
  const route = useRoute((state) => state.route);
  const [over, setOver] = useState<'palette' | 'keys' | null>(null);
  const main = useRef<HTMLElement>(null);
  const { turn, locked } = useSeat();
  useStart();
  useModifiedKeys(() => setOver((now) => (now === 'palette' ? null : 'palette')));
  useChords(() => setOver('keys'));
  useArrival(route, main);

  const signing = route.screen === 'sign';
  return (
    <div className={signing ? styles['room'] : styles['frame']}>
      <a
        className={styles['skip']}
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the content
      </a>
      <div className={styles['bands']}><DrillBand /><EmergencyBand /></div>
      {signing ? null : <TopBar onPalette={() => setOver('palette')} onKeys={() => setOver('keys')} />}
      {signing ? null : <Rail />}
      <main ref={main} id="main" className={styles['main']} tabIndex={-1}><Fragment key={turn}>{screenOf(route)}</Fragment></main>
      <Notices />
      <SeatDialog />
      <LockScreen />
      {over === 'palette' && !locked ? <Palette onClose={() => setOver(null)} /> : null}
      {over === 'keys' && !locked ? <KeysHelp onClose={() => setOver(null)} /> : null}
    </div>
  );
}

function screenOf(route: Route): ReactElement {
  switch (route.screen) {
    case 'home':
      return <HomeScreen />;
    case 'releases':
      return <ReleasesScreen />;
    case 'new-release':
      return <NewReleaseScreen key="new" id={null} />;
    case 'edit-release':
      return <NewReleaseScreen key={route.id} id={route.id} />;
    case 'release':
      return <ReleaseScreen key={route.id} id={route.id} tab={route.tab} line={route.line} />;
    case 'sign':
      return <SigningScreen key={route.id} id={route.id} />;
    case 'approve':
      return <ApproveScreen key={route.id} id={route.id} />;
    case 'rollback':
      return <RollbackScreen key={route.id} id={route.id} of={route.of} />;
    case 'people':
      return <PeopleScreen version={route.version} />;
    case 'metrics':
      return <MetricsScreen />;
    case 'emergency':
      return <EmergencyScreen of={route.of} act={route.act} part={route.part ?? 'steps'} />;
    case 'call':
      return <CallScreen key={`${route.of} ${route.who ?? ''} ${route.role ?? ''} ${route.request ?? ''}`} {...route} />;
    case 'call-form':
      return <CallFormScreen of={route.of} request={route.request} />;
    case 'word':
      return <WordScreen key={`${route.act} ${route.verbal}`} of={route.of} verbal={route.verbal} act={route.act} />;
    case 'post-mortem':
      return <PostMortemScreen key={route.of} of={route.of} />;
    case 'drill':
      return <DrillScreen of={route.of} />;
    case 'archive':
      return <ArchiveScreen query={route.query} entry={route.entry} view={route.view} act={route.act} />;
    case 'verify':
      return <VerifyScreen path={route.path} />;
    case 'keys':
      return <KeysScreen act={route.act ?? null} />;
    case 'settings':
      return <SettingsScreen />;
    case 'nowhere':
      return <NowhereScreen address={route.address} />;
  }
}

/** Reads what the frame shows, and keeps a drop outside a field from leading the window away. */
function useStart(): void {
  useEffect(() => {
    const quiet = tellOfWatches();
    void readSettings();
    void refreshStatus();
    const stay = (event: DragEvent): void => event.preventDefault();
    window.addEventListener('dragover', stay);
    window.addEventListener('drop', stay);
    return () => {
      quiet();
      window.removeEventListener('dragover', stay);
      window.removeEventListener('drop', stay);
    };
  }, []);
}

/** Keys with a modifier: the palette, also while one types; back and forward. */
function useModifiedKeys(toggle: () => void): void {
  const latest = useRef(toggle);
  latest.current = toggle;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.altKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight') && !isTyping(event.target)) {
        // A browser does this by itself, another shell does not; here it is one and the same.
        event.preventDefault();
        window.history.go(event.key === 'ArrowLeft' ? -1 : 1);
        return;
      }
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

function useChords(showKeys: () => void): void {
  const since = useRef(0);
  const after = (address: string) => (): boolean => {
    if (performance.now() - since.current > CHORD_MS) return false;
    since.current = 0;
    goTo(address);
    return true;
  };
  useKeys({
    '?': showKeys,
    g: () => {
      since.current = performance.now();
    },
    h: after(addressOf.home),
    r: after(addressOf.releases),
    e: after(addressOf.emergencies),
    a: after(addressOf.archive),
    v: after(addressOf.verify),
    k: after(addressOf.keys),
    p: after(addressOf.people),
    m: after(addressOf.metrics),
    s: after(addressOf.settings),
  }, true);
}

/** A new screen starts at its top, and is announced by its title where it did not put the focus on what it asks; the same screen keeps its place. */
function useArrival(route: Route, main: React.RefObject<HTMLElement | null>): void {
  const place = 'id' in route ? `${route.screen}/${route.id}` : route.screen;
  const before = useRef(place);
  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    main.current?.scrollTo(0, 0);
    const focused = document.activeElement;
    if (focused === main.current || main.current?.contains(focused) !== true) main.current?.focus();
  }, [place, main]);
}
