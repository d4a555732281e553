import type { ReactElement, ReactNode } from 'react';
import type { Assessment } from '../../../core/contract/contract.ts';
import { CommitName } from '../../components/Digest.tsx';
import { GateWord } from '../../components/GateWord.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted, listed } from '../../components/wording.ts';
import { UnratifiedBadge } from '../emergency/UnratifiedBadge.tsx';
import { StandingBanner, WithdrawnBanner } from '../steps/StandingBanner.tsx';
import { useRecords } from './records-store.ts';
import { blockingOf, type OpenRelease } from './release-store.ts';
import styles from './release.module.css';

/** Version, gate, and the facts on which the rest rests. */
export function ReleaseHeader({ id, release, actions }: { readonly id: string; readonly release: OpenRelease; readonly actions: ReactNode }): ReactElement {
  const { assessment, saved } = release;
  const { shown, acts } = useRecords(assessment?.draft ?? saved?.draft ?? null);
  return (
    <div className={styles['head']}>
      <div className={styles['headLine']}>
        <h1 className={styles['version']} title={saved?.draft.version ?? id}>{saved?.draft.version ?? id}</h1>
        {assessment === null ? null : <GateWord large gate={assessment.report.gate} closing={blockingOf(assessment.report.results).length} />}
        <UnratifiedBadge release={saved?.draft.version ?? id} />
        <div className={styles['headActs']}>{actions}</div>
      </div>
      {assessment === null ? null : <Facts assessment={assessment} />}
      {shown === null ? null : <StandingBanner id={id} standing={shown.standing} />}
      {shown === null || acts === null ? null : <WithdrawnBanner acts={acts} may={shown.may.withdraw} version={shown.release} />}
    </div>
  );
}

function Facts({ assessment }: { readonly assessment: Assessment }): ReactElement {
  const { report, range } = assessment;
  return (
    <>
      <ul className={styles['facts']}>
        <li><Types types={report.types} /></li>
        <li>
          <CommitName id={range.commit} />
          {range.from === 'tag' ? ' the tag’s commit' : range.branch === null ? ' HEAD' : <> HEAD of <bdi>{range.branch}</bdi></>}
        </li>
        <li>
          {counted(range.total, 'commit')} {range.since === null ? 'in all; no earlier release tag' : <>since <bdi title={range.since.commit}>{range.since.name}</bdi></>}
        </li>
        <li>Judged <TimeText time={report.at} /></li>
      </ul>
      <p className={styles['sentence']}>
        {report.authority === 'proved'
          ? 'Authority is proved: a roster in force vouches for everybody whose word counts here.'
          : report.rosterDigest === null
            ? 'Authority is unproved: no roster of people and keys is in force, so nobody’s approval or attestation can count yet.'
            : 'Authority is unproved: the roster in force does not name this policy file, so nothing judged under it opens the gate.'}
        {range.dirty ? ' The work tree differs from the commit that is judged; only the commit is looked at.' : ''}
        {range.shallow ? ' The clone is shallow, so the history is cut.' : ''}
      </p>
    </>
  );
}

function Types({ types }: { readonly types: Assessment['report']['types'] }): ReactElement {
  const { declared, derived, effective } = types;
  const whole = `Declared: ${declared.length === 0 ? 'nothing' : listed(declared)}. Derived from version and commits: ${derived.length === 0 ? 'nothing' : listed(derived)}.`;
  return (
    <span title={whole}>
      {effective.length === 0 ? 'No type' : <b>{effective.map((kind, at) => (at === 0 ? kind.charAt(0).toUpperCase() + kind.slice(1) : kind)).join(' and ')}</b>}
      <span className={styles['soft']}> {declared.length === 0 ? 'derived' : derived.length === 0 ? 'declared' : `declared ${listed(declared)}, derived ${listed(derived)}`}</span>
    </span>
  );
}
