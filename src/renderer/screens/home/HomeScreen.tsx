import { AlarmClock, Archive, Eye, FileSignature, FolderGit2, Gavel, GitFork, GitPullRequestArrow, KeyRound, ListChecks, LockKeyhole, NotebookPen, PhoneCall, Rocket, SearchCheck, ShieldCheck, Siren, Split, Undo2, Upload, UserRoundCheck, Users } from 'lucide-react';
import { useEffect, useState, type ReactElement } from 'react';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { Screen, Section } from '../../components/Screen.tsx';
import { StatusBadge } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { numbered } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { readSeat, useSeat, type Seat } from '../../frame/seat-store.ts';
import { useConsole } from '../../frame/status-store.ts';
import { ReleaseLines } from '../releases/ReleaseLines.tsx';
import { readHome, useHome } from './home-store.ts';
import styles from './home.module.css';

type Item = NonNullable<ReturnType<typeof useHome.getState>['home']>['items'][number];

const ICONS: Readonly<Record<Item['kind'], typeof Archive>> = {
  'gate-closed': LockKeyhole, unsigned: FileSignature, 'key-expires': KeyRound, unsynced: Upload,
  fork: GitFork, 'no-roster': Users, 'never-verified': ShieldCheck,
  approval: UserRoundCheck, 'gate-asks': GitPullRequestArrow, 'plan-disputed': Split, deployment: Rocket, watch: Eye, finding: Gavel, rollback: Undo2, 'root-cause': SearchCheck,
  emergency: Siren, ratification: PhoneCall, 'post-mortem': NotebookPen, action: ListChecks,
};

/** So many are drawn at once. */
const DRAWN = 50;

/** What needs you now, and the releases in flight. */
export function HomeScreen(): ReactElement {
  const { home, owed, error, owedError } = useHome();
  const seat = useSeat((state) => state.seat);
  const [drawn, setDrawn] = useState(DRAWN);
  useEffect(() => {
    void readHome();
    void readSeat();
  }, []);
  const items = home === null ? [] : neededNow(home.items, owed ?? [], seat);
  const firstStart = home !== null && home.releases.length === 0 && items.length === 0;
  return (
    <Screen title="Home" actions={firstStart ? undefined : <ButtonLink href={addressOf.newRelease} kind="primary">Load a release</ButtonLink>}>
      {error === null ? null : <ErrorPanel error={error} onRetry={() => void readHome()} />}
      {firstStart ? <Starts /> : null}
      {owedError === null ? null : <ErrorPanel error={owedError} onRetry={() => void readHome()}><p>What is owed by the records is not shown here until they can be read.</p></ErrorPanel>}
      {home === null || firstStart ? null : (
        <Section title="What needs you now" aside={owed === null && owedError === null ? 'Reading the archive for what is owed' : undefined}>
          {items.length === 0 ? owed === null ? null : <NothingToDo /> : (
            <ul className={styles['items']}>
              {items.slice(0, drawn).map((item) => <NeedLine key={`${item.kind}-${item.title}-${item.route ?? ''}`} item={item} yours={isYours(item, seat)} />)}
            </ul>
          )}
          {items.length > drawn ? <p><Button onClick={() => setDrawn(drawn + DRAWN)}>{`Show ${numbered(Math.min(DRAWN, items.length - drawn))} more of ${numbered(items.length - drawn)}`}</Button></p> : null}
        </Section>
      )}
      {home === null || firstStart ? null : (
        <Section title="Releases in flight">
          <ReleaseLines releases={home.releases} />
        </Section>
      )}
    </Screen>
  );
}

/** By deadline, what nobody ratified in time before all; without one, what asks whoever sits here comes first. A gate that only asks people is said once. */
function neededNow(items: readonly Item[], owed: readonly Item[], seat: Seat | null): Item[] {
  const asked = new Set(owed.filter(({ kind }) => kind === 'approval' || kind === 'gate-asks').map(({ route }) => releaseIn(route)));
  const all = [...owed, ...items.filter(({ kind, route }) => kind !== 'gate-closed' || !asked.has(releaseIn(route)))];
  const rank = (item: Item): number => (item.kind === 'ratification' && isOver(item.due) ? -1 : item.due !== null ? 0 : isYours(item, seat) ? 1 : 2);
  return all.map((item, index) => ({ item, index })).sort((a, b) => rank(a.item) - rank(b.item) || (a.item.due !== null && b.item.due !== null ? Date.parse(a.item.due) - Date.parse(b.item.due) : 0) || a.index - b.index).map(({ item }) => item);
}

function releaseIn(route: string | null): string {
  return (route ?? '').split('/').slice(0, 3).join('/');
}

function isOver(due: string | null): boolean {
  return due !== null && Date.parse(due) < Date.now();
}

function isYours({ roles, people }: Item, seat: Seat | null): boolean {
  return seat !== null && (people.includes(seat.person.id) || roles.some((role) => seat.roles.includes(role)));
}

function NeedLine({ item, yours }: { readonly item: Item; readonly yours: boolean }): ReactElement {
  const Icon = ICONS[item.kind];
  const body = (
    <>
      <Icon aria-hidden="true" />
      <span className={styles['title']} dir="auto" title={item.title}>{item.title}</span>
      <span className={styles['detail']} dir="auto" title={item.detail}>{item.detail}</span>
      <span className={styles['due']}>
        {yours ? <StatusBadge status="needs-person">Asks you</StatusBadge> : null}
        {item.due === null ? null : <><AlarmClock aria-hidden="true" /><TimeText time={item.due} /></>}
      </span>
    </>
  );
  return (
    <li data-kind={item.kind} data-overdue={isOver(item.due)} data-testid="need">
      {item.route === null ? <div className={styles['item']}>{body}</div> : <a className={styles['item']} href={item.route}>{body}</a>}
    </li>
  );
}

/** Nothing to do is one sentence, with the last verified state of the archive. */
function NothingToDo(): ReactElement {
  const verified = useConsole((state) => state.status?.archive.lastVerified ?? null);
  return (
    <p className={styles['nothing']}>
      Nothing needs you now. {verified === null ? 'The archive holds nothing to verify yet.' : <>The archive was verified whole at <TimeText time={verified} />.</>}
    </p>
  );
}

/** First start: three ways in, one sentence each. */
function Starts(): ReactElement {
  return (
    <div className={styles['starts']}>
      <Start Icon={FolderGit2} title="Load a repository" address={addressOf.newRelease} act="Load a release">
        Judge a release against the policy from its commits, its test and scan reports, and its build output.
      </Start>
      <Start Icon={ShieldCheck} title="Verify a release folder" address={addressOf.verify} act="Verify a release">
        Check files that somebody gave you against their signatures and checksums, and see whose they are.
      </Start>
      <Start Icon={Siren} title="Practise an emergency" address={addressOf.drill} act="Practise an emergency">
        Take a patch from the alarm to production with people and a release that are made up, in an archive of its own.
      </Start>
    </div>
  );
}

function Start({ Icon, title, address, act, children }: {
  readonly Icon: typeof Archive; readonly title: string; readonly address: string; readonly act: string; readonly children: string;
}): ReactElement {
  return (
    <section className={styles['start']} aria-label={title}>
      <Icon aria-hidden="true" />
      <h2>{title}</h2>
      <p>{children}</p>
      <ButtonLink href={address}>{act}</ButtonLink>
    </section>
  );
}
