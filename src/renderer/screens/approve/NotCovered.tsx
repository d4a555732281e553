import type { ReactElement } from 'react';
import type { Assessment } from '../../../core/contract/contract.ts';
import { Section } from '../../components/Screen.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted, listed } from '../../components/wording.ts';
import { linesWith } from '../approvals/decisions.ts';
import { BasisMark } from '../signing/RestsOn.tsx';
import styles from './approve.module.css';

const NAMED = 6;

/** What the evidence does not say: what is taken on trust, what nobody could check, what was not looked at. */
export function NotCovered({ assessment }: { readonly assessment: Assessment }): ReactElement {
  const { standing, evidence, range } = assessment;
  const open = standing.claims.filter(({ basis }) => basis !== 'recomputed');
  const elsewhere = evidence.filter(({ commit, kind, problem }) => problem === null && kind !== 'artifact' && commit !== null && commit !== range.commit);
  const unread = evidence.filter(({ problem, kind }) => problem !== null && kind !== 'unrecognised');
  const unknown = evidence.filter(({ kind }) => kind === 'unrecognised');
  const outside = linesWith(assessment, 'not-applicable');
  const data = standing.ages.find(({ what }) => what === 'vulnerability-data');
  return (
    <Section title="What the evidence does not cover">
      <ul className={styles['list']} data-testid="not-covered">
        {open.map(({ what, basis, words }) => (
          <li key={what} className={styles['claim']}><BasisMark basis={basis} /><span className={styles['words']}><b>{what}</b> <span className={styles['soft']}>{words}</span></span></li>
        ))}
        {elsewhere.length === 0 ? null : <Files words={`${counted(elsewhere.length, 'report is', 'reports are')} of another commit and count${elsewhere.length === 1 ? 's' : ''} for nothing`} paths={elsewhere.map(({ path }) => path)} />}
        {unread.length === 0 ? null : <Files words={`${counted(unread.length, 'report')} could not be read`} paths={unread.map(({ path }) => path)} />}
        {unknown.length === 0 ? null : <Files words={`${counted(unknown.length, 'file was', 'files were')} not recognised and not looked at`} paths={unknown.map(({ path }) => path)} />}
        {outside.length === 0 ? null : <li className={styles['said']}><b>{counted(outside.length, 'line does', 'lines do')} not apply to a release of this type</b> <span className={styles['soft']}>{listed(outside.slice(0, NAMED).map(({ words }) => words))}{outside.length > NAMED ? ` and ${outside.length - NAMED} more` : ''}.</span></li>}
        {data === undefined ? null : <li className={styles['said']}><b>Weaknesses that were not known when it was scanned</b> <span className={styles['soft']}>{data.name}{data.since === null ? '' : <>, of <TimeText time={data.since} short /></>}: <bdi>{data.words}</bdi>.</span></li>}
      </ul>
    </Section>
  );
}

function Files({ words, paths }: { readonly words: string; readonly paths: readonly string[] }): ReactElement {
  return <li className={styles['said']}><b>{words}</b> <span className={styles['soft']} dir="auto">{paths.slice(0, NAMED).join(', ')}{paths.length > NAMED ? ` and ${paths.length - NAMED} more` : ''}</span></li>;
}
