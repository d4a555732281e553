import type { ReactElement } from 'react';
import type { Assessment } from '../../../core/contract/contract.ts';
import type { Commit } from '../../../core/model/release.ts';
import { Cut } from '../../components/Cut.tsx';
import { CommitName, Digest } from '../../components/Digest.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Section } from '../../components/Screen.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { Ago, TimeText } from '../../components/TimeText.tsx';
import { VirtualTable } from '../../components/VirtualTable.tsx';
import { counted, numbered, sized } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { LeadPart } from '../steps/LeadPart.tsx';
import { PresentStep } from '../steps/PresentStep.tsx';
import { TypesPart } from '../steps/TypesPart.tsx';
import { BINDING_WORDS, countsInWords, kindAndTool } from './kind-words.ts';
import styles from './release.module.css';

type Evidence = Assessment['evidence'][number];

/** Kinds that say nothing of the release by themselves; they are listed with the artifacts. */
const BESIDE = new Set(['artifact', 'signature', 'certificate', 'checksums']);

/** The step that is open and what it waits for; then what the release is made of: its commits, and the reports that were found. */
export function OverviewTab({ id, assessment }: { readonly id: string; readonly assessment: Assessment }): ReactElement {
  const { range, evidence, policy, recorded, report } = assessment;
  const reports = evidence.filter(({ kind }) => !BESIDE.has(kind) && kind !== 'unrecognised');
  const unrecognised = evidence.filter(({ kind }) => kind === 'unrecognised');
  return (
    <div className={styles['overview']}>
      <PresentStep id={id} assessment={assessment} />
      <LeadPart id={id} assessment={assessment} />
      <TypesPart id={id} assessment={assessment} />
      <Section title="Reports recognised" aside={`${counted(reports.length, 'report')} in ${counted(assessment.draft.outputs.length, 'folder')}${unrecognised.length === 0 ? '' : `, ${counted(unrecognised.length, 'file')} not recognised`}`}>
        {reports.length === 0 && unrecognised.length === 0 ? <Empty>{assessment.draft.outputs.length === 0 ? 'No outputs folder is named for this release.' : 'The outputs hold no report that is recognised.'}</Empty> : (
          <Reports files={[...reports, ...unrecognised]} commit={range.commit} />
        )}
      </Section>
      <Section title="Commits" aside={range.since === null ? counted(range.total, 'commit') : `${counted(range.total, 'commit')} since ${range.since.name}`}>
        {range.commits.length === 0 ? <Empty>No commit lies between the last release and this one.</Empty> : <Commits commits={range.commits} />}
        {range.commits.length < range.total ? <p className={styles['soft']}>The newest {numbered(range.commits.length)} of {numbered(range.total)} are listed.</p> : null}
      </Section>
      <Section title="What it was judged by">
        <dl className={styles['pairs']}>
          <dt>Policy</dt>
          <dd>{policy.id}, {policy.title}, version {policy.version}</dd>
          <dt>Policy file</dt>
          <dd>{policy.file} <Digest value={policy.digest} what="policy digest" /></dd>
          <dt>Subject</dt>
          <dd><Digest value={report.subjectDigest} what="subject digest" /></dd>
          <dt>Report</dt>
          <dd><Digest value={report.digest} what="report digest" /></dd>
          <dt>Judged</dt>
          <dd><TimeText time={report.at} /></dd>
          <dt>Record</dt>
          <dd>{recorded === null ? 'Nothing changed since the last run that the archive holds.' : <a href={addressOf.entry(recorded)}>{recorded}</a>}</dd>
        </dl>
      </Section>
    </div>
  );
}

function Reports({ files, commit }: { readonly files: readonly Evidence[]; readonly commit: string }): ReactElement {
  return (
    <VirtualTable
      label="Reports recognised"
      visible={12}
      count={files.length}
      columns={[
        { name: 'File', width: 'minmax(120px, 3fr)' },
        { name: 'Kind and tool', width: 'minmax(120px, 3fr)' },
        { name: 'What it found', width: 'minmax(140px, 4fr)' },
        { name: 'Of commit', width: '144px' },
        { name: 'Produced', width: '96px' },
        { name: 'Size', width: '76px', align: 'end' },
      ]}
      rowAt={(index) => {
        const file = files[index];
        if (file === undefined) return null;
        return {
          key: `${file.folder}/${file.path}`,
          cells: [
            <Cut key="file">{file.path}</Cut>,
            <Cut key="kind">{kindAndTool(file)}</Cut>,
            file.problem === null ? <Cut key="found">{countsInWords(file) ?? '–'}</Cut> : (
              <span key="found" className={styles['problem']} title={file.problem.message} data-status="broken"><StatusSign status="broken" /><Cut>{file.problem.message}</Cut></span>
            ),
            <Bound key="commit" file={file} commit={commit} />,
            file.produced === null ? <span key="produced" className={styles['soft']}>not said</span> : <Ago key="produced" time={file.produced} />,
            file.size === null ? '' : sized(file.size),
          ],
        };
      }}
    />
  );
}

function Bound({ file, commit }: { readonly file: Evidence; readonly commit: string }): ReactElement {
  if (file.commit === null) return <span className={styles['soft']}>{BINDING_WORDS.none}</span>;
  const same = file.commit === commit;
  const words = same ? `this, ${BINDING_WORDS[file.binding]}` : `${file.commit.slice(0, 7)}, another`;
  return <span className={styles['bound']} title={`${file.commit}: ${same ? `the commit that is judged, ${BINDING_WORDS[file.binding]}` : 'not the commit that is judged'}`}><StatusSign status={same ? 'passed' : 'stale'} silent /><Cut>{words}</Cut></span>;
}

function Commits({ commits }: { readonly commits: readonly Commit[] }): ReactElement {
  return (
    <VirtualTable
      label="Commits"
      visible={14}
      count={commits.length}
      columns={[
        { name: 'Commit', width: '96px' },
        { name: 'Subject', width: 'minmax(180px, 4fr)' },
        { name: 'Author', width: 'minmax(100px, 1.5fr)' },
        { name: 'Review', width: 'minmax(120px, 2fr)' },
        { name: 'When', width: '96px' },
      ]}
      rowAt={(index) => {
        const commit = commits[index];
        if (commit === undefined) return null;
        return {
          key: commit.id,
          cells: [
            <CommitName key="id" id={commit.id} />,
            <Cut key="subject">{`${commit.subject}${commit.securityMarks.length === 0 ? '' : ` (security: ${commit.securityMarks.join(', ')})`}`}</Cut>,
            <span key="author" title={authorsOf(commit)} dir="auto">{commit.author.name}{commit.coAuthors.length === 0 ? '' : ` +${commit.coAuthors.length}`}</span>,
            <Cut key="review">{reviewsOf(commit)}</Cut>,
            <Ago key="when" time={commit.time} />,
          ],
        };
      }}
    />
  );
}

function authorsOf({ author, coAuthors }: Commit): string {
  return [`${author.name} <${author.email}>`, ...coAuthors].join('\n');
}

function reviewsOf({ reviews, parents }: Commit): string {
  if (reviews.length === 0) return parents.length > 1 ? 'Merge without a review trace' : 'No review trace in git';
  return reviews
    .map(({ kind, who, pullRequest }) => {
      const request = pullRequest === null ? '' : ` #${pullRequest}`;
      const by = who === null ? '' : ` by ${who}`;
      return { 'reviewed-by': `Reviewed${by}`, 'approved-by': `Approved${by}`, 'merge-commit': `Merged${request}${by}`, 'squash-merge': `Squashed${request}${by}` }[kind];
    })
    .join(' · ');
}
