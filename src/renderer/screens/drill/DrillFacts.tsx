import { Phone, UserRound } from 'lucide-react';
import type { ReactElement } from 'react';
import type { DrillShown } from '../../../core/contract/drill-calls.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { listed } from '../../components/wording.ts';
import { useDrill } from './drill-store.ts';
import styles from './drill.module.css';

/** What happens in the drill, who whoever practises is, and what the others say when they are called. */
export function DrillFacts({ drill: { scenario, you, cast, release }, people = false }: { readonly drill: DrillShown; /** Whoever is on the phone looks for the people first. */ readonly people?: boolean }): ReactElement {
  const asked = useDrill((state) => state.asked);
  return (
    <div className={styles['facts']} data-people={people} data-testid="drill-facts">
      <section className={styles['scenario']} aria-label="What happens">
        <h2>What happens</h2>
        {scenario.split('\n').map((line) => <p key={line}>{line}</p>)}
      </section>
      <section className={styles['person']} aria-label="You">
        <h2><UserRound aria-hidden="true" />{you.name}</h2>
        <p>You are {listed(you.roles)}. Take the seat with your practice key; its passphrase is <code data-testid="practice-passphrase">{you.passphrase}</code>.</p>
        <p>The version that mends it is <code>{release.version}</code>, and is loaded here.</p>
        <p className={styles['soft']}>The development team keeps its repository for you: <Given path={release.repo} what="the repository" /></p>
        <p className={styles['soft']}>Once you deploy it, this is what lies on the target: <Given path={release.target} what="the target" /></p>
        <p className={styles['soft']}>And this is what the smoke tests then report: <Given path={release.smoke} what="the smoke tests’ report" /></p>
      </section>
      {cast.map(({ id, name, role, phone, passphrase, codes }) => {
        const now = asked[id];
        return (
          <section key={id} className={styles['person']} aria-label={name}>
            <h2><Phone aria-hidden="true" />{name}, {role.toUpperCase()}: <span className={styles['number']}>{phone}</span></h2>
            <p>You play {name} too. When you call, they say back the words that you read to them, then read their next voice code from paper.</p>
            {now === undefined || now.readBack.length === 0 ? null : <p data-testid={`says-back-${id}`}>Says back: <b className={styles['words']}>{now.readBack.join(' ')}</b></p>}
            <ol className={styles['codes']} aria-label={`Voice codes of ${name}`}>
              {codes.map((code) => <li key={code.id} data-next={now?.nextCode === code.id ? 'true' : undefined}><b>{code.id}</b> <span>{code.words.join(' ')}</span>{now?.nextCode === code.id ? <em>asked for now</em> : null}</li>)}
            </ol>
            <p className={styles['soft']}>In the morning take their seat to ratify it; the passphrase of their key is <code>{passphrase}</code>.</p>
          </section>
        );
      })}
    </div>
  );
}

function Given({ path, what }: { readonly path: string; readonly what: string }): ReactElement {
  return <span className={styles['given']}><code>{path}</code> <CopyButton text={path} what={what} /></span>;
}
