import type { ReactElement } from 'react';
import type { SavedRelease } from '../../../core/contract/contract.ts';
import { GateWord } from '../../components/GateWord.tsx';
import { StepsMini } from '../../components/StepsLine.tsx';
import { TallyBar, TallyNumbers } from '../../components/Tally.tsx';
import { Ago } from '../../components/TimeText.tsx';
import { baseName } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { UnratifiedBadge } from '../emergency/UnratifiedBadge.tsx';
import styles from './releases.module.css';

interface ReleaseLinesProps {
  readonly releases: readonly SavedRelease[];
  /** What can be done with a release beside opening it. */
  readonly actions?: (release: SavedRelease) => ReactElement;
}

/** Releases, a line each: gate, eight steps in miniature, and how the lines divide. */
export function ReleaseLines({ releases, actions }: ReleaseLinesProps): ReactElement {
  return (
    <ul className={styles['lines']} aria-label="Releases">
      {releases.map((release) => (
        <li key={release.id} className={styles['line']}>
          <a className={styles['name']} href={addressOf.release(release.id)} title={release.draft.version}>{release.draft.version}</a>
          <span className={styles['repo']} title={release.draft.repo} dir="auto">{baseName(release.draft.repo)}</span>
          {release.last === null ? <span className={styles['unjudged']}>Not judged yet</span> : <Outcome last={release.last} />}
          <span className={styles['marks']}><UnratifiedBadge release={release.draft.version} /></span>
          {actions === undefined ? null : <span className={styles['actions']}>{actions(release)}</span>}
        </li>
      ))}
    </ul>
  );
}

function Outcome({ last }: { readonly last: NonNullable<SavedRelease['last']> }): ReactElement {
  return (
    <>
      <span><GateWord gate={last.gate} closing={null} /></span>
      <StepsMini steps={last.steps} />
      <span className={styles['bar']}><TallyBar tally={last.tally} /></span>
      <span className={styles['numbers']}><TallyNumbers tally={last.tally} /></span>
      <span className={styles['when']}><Ago time={last.at} /></span>
    </>
  );
}
