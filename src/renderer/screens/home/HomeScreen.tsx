import { AlarmClock, Archive, FileSignature, FolderGit2, GitFork, KeyRound, LockKeyhole, ShieldCheck, Upload, Users } from 'lucide-react';
import { useEffect, type ReactElement } from 'react';
import { ButtonLink } from '../../components/Button.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { Screen, Section } from '../../components/Screen.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { addressOf } from '../../frame/routes.ts';
import { useConsole } from '../../frame/status-store.ts';
import { ReleaseLines } from '../releases/ReleaseLines.tsx';
import { readHome, useHome } from './home-store.ts';
import styles from './home.module.css';

type Item = NonNullable<ReturnType<typeof useHome.getState>['home']>['items'][number];

const ICONS: Readonly<Record<Item['kind'], typeof Archive>> = {
  'gate-closed': LockKeyhole, unsigned: FileSignature, 'key-expires': KeyRound, unsynced: Upload,
  fork: GitFork, 'no-roster': Users, 'never-verified': ShieldCheck,
};

/** What needs you now, and the releases in flight. */
export function HomeScreen(): ReactElement {
  const { home, error } = useHome();
  useEffect(() => {
    void readHome();
  }, []);
  const firstStart = home !== null && home.releases.length === 0;
  return (
    <Screen title="Home" actions={firstStart ? undefined : <ButtonLink href={addressOf.newRelease} kind="primary">Load a release</ButtonLink>}>
      {error === null ? null : <ErrorPanel error={error} onRetry={() => void readHome()} />}
      {firstStart ? <Starts /> : null}
      {home === null || (firstStart && home.items.length === 0) ? null : (
        <Section title="What needs you now">
          {home.items.length === 0 ? <NothingToDo /> : (
            <ul className={styles['items']}>
              {home.items.map((item) => <NeedLine key={`${item.kind}-${item.title}`} item={item} />)}
            </ul>
          )}
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

function NeedLine({ item }: { readonly item: Item }): ReactElement {
  const Icon = ICONS[item.kind];
  const body = (
    <>
      <Icon aria-hidden="true" />
      <span className={styles['title']} dir="auto" title={item.title}>{item.title}</span>
      <span className={styles['detail']} dir="auto" title={item.detail}>{item.detail}</span>
      <span className={styles['due']}>
        {item.due === null ? null : <><AlarmClock aria-hidden="true" /><TimeText time={item.due} /></>}
      </span>
    </>
  );
  return (
    <li data-kind={item.kind}>
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
      <Start Icon={Archive} title="Look at the archive" address={addressOf.archive} act="Open the archive">
        Everything that is judged or signed here leaves a record that anyone can check and nobody can quietly change.
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
