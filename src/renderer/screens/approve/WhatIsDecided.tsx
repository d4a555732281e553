import type { ReactElement } from 'react';
import type { Assessment } from '../../../core/contract/contract.ts';
import { PathText } from '../../components/Cut.tsx';
import { Section } from '../../components/Screen.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { WholeDigest } from '../../components/WholeDigest.tsx';
import { capital, counted, listed, numbered } from '../../components/wording.ts';
import { BasisMark } from '../signing/RestsOn.tsx';
import { WholeList } from './WholeList.tsx';
import styles from './approve.module.css';

const AUTHORS = 12;

/** What it is: the version, its types, its commit, what is in range, and the digest that all of it comes to. */
export function WhatIsDecided({ assessment }: { readonly assessment: Assessment }): ReactElement {
  const { report, range, policy, standing } = assessment;
  const { declared, derived, effective } = report.types;
  const roster = standing.ages.find(({ what }) => what === 'roster');
  return (
    <>
      <Section title="What is decided">
        <dl className={styles['pairs']}>
          <dt>Version</dt>
          <dd>{report.release}</dd>
          <dt>Types</dt>
          <dd>{effective.length === 0 ? 'None' : capital(listed(effective))}: {declared.length === 0 ? 'nothing declared' : `declared ${listed(declared)}`}, {derived.length === 0 ? 'nothing derived' : `derived ${listed(derived)}`}</dd>
          <dt>Repository</dt>
          <dd><PathText path={assessment.draft.repo} /></dd>
          <dt>Commit</dt>
          <dd><code className={styles['whole']}>{range.commit}</code>{range.from === 'tag' ? ', the tag’s' : ', HEAD'}{range.dirty ? '; the work tree differs from it, and is not looked at' : ''}</dd>
          <dt>Range</dt>
          <dd>{counted(range.total, 'commit')} {range.since === null ? 'in all; no earlier release tag' : <>since <bdi>{range.since.name}</bdi> (<code>{range.since.commit.slice(0, 12)}</code>)</>}{range.shallow ? '. The clone is shallow: commits are missing from it' : ''}</dd>
          <dt>Authors</dt>
          <dd dir="auto">{authorsInWords(assessment)}</dd>
          <dt>Policy</dt>
          <dd>{policy.id} {policy.version}, {policy.title} <code className={styles['whole']}>{policy.digest}</code></dd>
          <dt>Roster</dt>
          <dd>{roster?.name ?? 'No roster'}{roster?.since == null ? '' : <>, of <TimeText time={roster.since} short /></>} {report.rosterDigest === null ? <BasisMark basis="unchecked" /> : <code className={styles['whole']}>{report.rosterDigest}</code>}</dd>
          <dt>Judged</dt>
          <dd><TimeText time={report.at} /></dd>
          <dt>Subject digest</dt>
          <dd data-testid="subject-digest"><WholeDigest value={report.subjectDigest} what="Subject digest" inWords /></dd>
        </dl>
      </Section>
      <SecurityCommits assessment={assessment} />
    </>
  );
}

function authorsInWords({ standing: { authors } }: Assessment): string {
  if (authors.length === 0) return 'Nobody: the range holds no commit.';
  const told = authors.slice(0, AUTHORS).map(({ name, commits }) => `${name} (${numbered(commits)})`);
  return authors.length > AUTHORS ? `${told.join(', ')} and ${numbered(authors.length - AUTHORS)} more` : listed(told);
}

/** Which commits say that they mend a weakness; these make a release a security patch. */
function SecurityCommits({ assessment: { range } }: { readonly assessment: Assessment }): ReactElement {
  const marked = range.commits.filter(({ securityMarks }) => securityMarks.length > 0);
  return (
    <Section title="Security in the range" aside={marked.length === 0 ? undefined : counted(marked.length, 'commit')}>
      {marked.length === 0 ? <p className={styles['soft']}>No commit names a CVE or a GHSA, or says that it is of security.</p> : (
        <WholeList items={marked} what="commits">
          {({ id, subject, securityMarks, author }) => (
            <li key={id} className={styles['row']}>
              <code>{id.slice(0, 7)}</code>
              <span className={styles['words']} dir="auto">{subject}</span>
              <span className={styles['side']}>{securityMarks.join(', ')} · <bdi>{author.name}</bdi></span>
            </li>
          )}
        </WholeList>
      )}
      {range.commits.length < range.total ? <p className={styles['soft']}>Of the newest {numbered(range.commits.length)} commits of {numbered(range.total)}.</p> : null}
    </Section>
  );
}
