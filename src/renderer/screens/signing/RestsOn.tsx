import { CircleCheck, CircleHelp, Handshake } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import type { Assessment, SigningKey } from '../../../core/contract/contract.ts';
import type { Standing } from '../../../core/model/standing.ts';
import { Section } from '../../components/Screen.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted, listed } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import styles from './room.module.css';

const BASIS = {
  recomputed: { words: 'Recomputed here', Icon: CircleCheck },
  trusted: { words: 'Taken on trust', Icon: Handshake },
  unchecked: { words: 'Could not be checked', Icon: CircleHelp },
} as const;

const AGES = { 'roster': 'Roster', 'revocations': 'Revocations', 'policy': 'Policy', 'vulnerability-data': 'Vulnerability data' } as const;

/** What whoever signs relies on: how green the green is, what was checked here, how old it is, and their own part in it. */
export function RestsOn({ assessment, signingKey }: { readonly assessment: Assessment; readonly signingKey: SigningKey | null }): ReactElement {
  const { standing } = assessment;
  return (
    <div className={styles['rests']}>
      <Section title="What is checked, and what is not">
        <ul className={styles['claims']}>
          {standing.claims.map(({ what, basis, words }) => (
            <li key={what} className={styles['claim']} data-basis={basis}>
              <BasisMark basis={basis} />
              <span><span className={styles['what']}>{what}</span> <span className={styles['soft']}>{words}</span></span>
            </li>
          ))}
        </ul>
      </Section>
      <Section title="How green it is">
        <Green assessment={assessment} />
      </Section>
      <Section title="How old it is">
        <dl className={styles['ages']}>
          {standing.ages.map(({ what, name, since, until, words }) => (
            <Pair key={what} name={AGES[what]}>
              {name}{since === null ? null : <>, of <TimeText time={since} /></>}{until === null ? null : <>, until <TimeText time={until} short /></>} <span className={styles['soft']}>{words}</span>
            </Pair>
          ))}
        </dl>
      </Section>
      <Section title="Your own part in it">
        <p data-testid="own-commits">{ownWords(standing, assessment.range.total, signingKey)}</p>
      </Section>
    </div>
  );
}

export function BasisMark({ basis }: { readonly basis: keyof typeof BASIS }): ReactElement {
  const { words, Icon } = BASIS[basis];
  return <span className={styles['basis']} data-basis={basis}><Icon aria-hidden="true" />{words}</span>;
}

function Pair({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return <><dt>{name}</dt><dd>{children}</dd></>;
}

/** By machine, attested, accepted, not applicable, taken away; and who chose the release's type. */
function Green({ assessment: { standing, report } }: { readonly assessment: Assessment }): ReactElement {
  const { green, takenAway, accepted } = standing;
  return (
    <>
      <dl className={styles['green']} data-testid="green">
        <Pair name={String(green.machine.length)}>judged from evidence</Pair>
        <Pair name={String(green.people.length)}>by somebody’s signed word</Pair>
        <Pair name={String(green.accepted.length)}>accepted for a time, with authority</Pair>
        <Pair name={String(green.notApplicable.length)}>not applicable to this release</Pair>
      </dl>
      <p className={styles['soft']}>{typesWords(report.types)}</p>
      {accepted.length === 0 && takenAway.length === 0 ? <p className={styles['soft']}>No finding is accepted, and none is taken away by VEX, a baseline or a suppression.</p> : (
        <ul className={styles['exceptions']}>
          {accepted.map(({ vulnerabilities, by, askedBy, until, why, record }) => (
            <li key={record}><strong>{listed(vulnerabilities)}</strong> stays until <TimeText time={until} short />: {why} <span className={styles['soft']}>Accepted by {by}, asked for by {askedBy}, <a href={addressOf.entry(record)}>on record</a>.</span></li>
          ))}
          {takenAway.map(({ path, by, statement, record }) => (
            <li key={`${path} ${record}`}><strong>{path}</strong> takes findings away: {statement} <span className={styles['soft']}>Signed by {by}, <a href={addressOf.entry(record)}>on record</a>.</span></li>
          ))}
        </ul>
      )}
    </>
  );
}

/** A type that was left out of what was declared changes which lines apply: that is said. */
function typesWords({ declared, derived, effective }: Assessment['report']['types']): string {
  const declaredHere = declared.length === 0 ? 'no type was declared' : `declared ${listed(declared)} by whoever opened it here`;
  const fromRange = derived.length === 0 ? 'nothing follows from the version and the commits' : `${listed(derived)} ${derived.length === 1 ? 'follows' : 'follow'} from the version and the commits`;
  return `Judged as ${effective.length === 0 ? 'no type' : listed(effective)}: ${declaredHere}; ${fromRange}.`;
}

/** Nobody's own work is judged by themselves alone without that being said. */
function ownWords({ authors }: Standing, commits: number, key: SigningKey | null): string {
  if (key === null) return 'Choose a key to see whether its holder wrote some of it.';
  const addresses = new Set(key.users.flatMap((user) => /<([^<>]+)>/.exec(user)?.[1]?.toLowerCase() ?? []));
  const own = authors.filter(({ email }) => addresses.has(email.toLowerCase()));
  if (own.length === 0) return `None of the ${counted(commits, 'commit')} is by an address of this key${addresses.size === 0 ? ', which names none' : ''}.`;
  const written = own.reduce((sum, author) => sum + author.commits, 0);
  return `${written} of the ${counted(commits, 'commit')} ${written === 1 ? 'is' : 'are'} by ${listed(own.map(({ email }) => email))}, which this key names: somebody else has to have approved them.`;
}
