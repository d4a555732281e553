import type { ReactElement } from 'react';
import type { FolderFile, FolderVerification } from '../../../core/contract/verify-calls.ts';
import type { Status } from '../../../core/model/verdict.ts';
import { Cut } from '../../components/Cut.tsx';
import { Digest } from '../../components/Digest.tsx';
import { Section } from '../../components/Screen.tsx';
import { StatusBadge, StatusSign } from '../../components/StatusSign.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { VirtualTable } from '../../components/VirtualTable.tsx';
import { counted } from '../../components/wording.ts';
import styles from './verify.module.css';

const VERDICTS: Readonly<Record<FolderVerification['verdict'], { readonly status: Status; readonly word: string; readonly words: string }>> = {
  good: { status: 'passed', word: 'Good', words: 'Everything is covered by good signatures of the keys that you named.' },
  bad: { status: 'failed', word: 'Bad', words: 'Something is not as it was signed.' },
  'signer-unknown': { status: 'needs-person', word: 'Signer not known', words: 'The signatures are good, but you named nobody whose they should be.' },
  'withdrawn': { status: 'failed', word: 'Withdrawn', words: 'It was withdrawn and must not be used, although its signatures are good.' },
  'not-covered': { status: 'missing', word: 'Not covered', words: 'No good signature covers some of it.' },
};

const FILES: Readonly<Record<FolderFile['verdict'], { readonly status: Status; readonly words: string }>> = {
  good: { status: 'passed', words: 'Good' }, bad: { status: 'failed', words: 'Bad' }, 'signer-unknown': { status: 'needs-person', words: 'Signer not known' },
  'checksum-only': { status: 'missing', words: 'Checksum alone' }, uncovered: { status: 'missing', words: 'Not covered' }, 'not-needed': { status: 'not-applicable', words: 'Needs none' },
};

/** The report on a folder, for somebody who did not make the release. */
export function FolderReport({ report }: { readonly report: FolderVerification }): ReactElement {
  const { status, word, words } = VERDICTS[report.verdict];
  return (
    <div className={styles['folder']} data-testid="folder-report" data-verdict={report.verdict}>
      <p className={styles['head']} role="status"><span>{words}</span><StatusBadge status={status}>{word}</StatusBadge></p>
      {report.problems.length === 0 ? null : (
        <ul className={styles['problems']}>
          {report.problems.map(({ code, path, message }) => <li key={`${code} ${path ?? ''} ${message}`}><StatusSign status={code === 'signer-unknown' ? 'needs-person' : 'failed'} silent /><span dir="auto">{message}</span></li>)}
        </ul>
      )}
      <Section title="Files" aside={counted(report.files.length, 'file')}><Files files={report.files} /></Section>
      {report.notSeen.length === 0 ? null : (
        <Section title="Artifacts not seen" aside="listed by their digests, and not here">
          <ul>{report.notSeen.map(({ list, name, sha256 }) => <li key={`${list} ${name}`} className={styles['row']}><Cut>{name}</Cut><Digest value={sha256} /></li>)}</ul>
        </Section>
      )}
      <Beside report={report} />
    </div>
  );
}

function Files({ files }: { readonly files: readonly FolderFile[] }): ReactElement {
  return (
    <VirtualTable
      label="Files of the folder"
      visible={12}
      count={files.length}
      columns={[
        { name: 'File', width: 'minmax(140px, 3fr)' },
        { name: 'Verdict', width: '148px' },
        { name: 'Signed by', width: 'minmax(140px, 3fr)' },
        { name: 'Made', width: '172px' },
        { name: 'Today', width: '64px' },
        { name: 'SHA-256', width: '176px' },
      ]}
      rowAt={(index) => {
        const file = files[index];
        if (file === undefined) return null;
        const { status, words } = FILES[file.verdict];
        const [signature] = file.signatures;
        return {
          key: file.path,
          cells: [
            <Cut key="file">{file.path}</Cut>,
            <span key="verdict" className={styles['verdict']} title={file.problems.join('\n')} data-status={status}><StatusSign status={status} silent />{words}</span>,
            signature === undefined ? (file.through === null ? '–' : <Cut key="signer">{`by ${file.through}`}</Cut>) : <Cut key="signer">{`${signature.user ?? signature.fingerprint ?? 'an unknown key'}${file.through === null ? '' : `, by ${file.through}`}`}</Cut>,
            signature?.created == null ? '–' : <TimeText key="made" time={signature.created} short />,
            signature?.today ?? '–',
            file.sha256 === null ? '–' : <Digest key="digest" value={file.sha256} what={`SHA-256 of ${file.path}`} />,
          ],
        };
      }}
    />
  );
}

/** What else the folder tells: bills of materials, manifests, archives. */
function Beside({ report: { sboms, manifests, archives, proofs } }: { readonly report: FolderVerification }): ReactElement | null {
  if (sboms.length + manifests.length + archives.length + proofs.length === 0) return null;
  return (
    <Section title="What lies beside">
      <ul className={styles['beside']}>
        {sboms.map(({ path, kind, version, components, valid, faults, about, aboutThisRelease }) => (
          <li key={path}><StatusSign status={valid && aboutThisRelease !== false ? 'passed' : 'failed'} silent /><span><code>{path}</code>: {kind} {version ?? ''}, {counted(components, 'component')}, {valid ? 'valid against its schema' : `not valid: ${faults[0] ?? ''}`}{about === null ? '' : `, about ${about.name} ${about.version ?? ''}`}{aboutThisRelease === false ? ', which is not this release' : ''}</span></li>
        ))}
        {manifests.map(({ path, commit, listed, same, differing, missing }) => (
          <li key={path}><StatusSign status={same === listed ? 'passed' : differing.length > 0 ? 'failed' : 'missing'} silent /><span><code>{path}</code>: {same} of {counted(listed, 'file')} are the same{missing.length === 0 ? '' : `, ${missing.length} not here`}{commit === null ? '' : <>, of commit <code>{commit.slice(0, 12)}</code></>}</span></li>
        ))}
        {proofs.map(({ path, subject, verdict, origin, index, size, problem }) => (
          <li key={path}><StatusSign status={verdict === 'good' ? 'passed' : verdict === 'bad' ? 'failed' : 'needs-person'} silent /><span><code>{subject}</code>: {verdict === 'bad' ? problem : <>its digest stands in entry {index} of <code>{origin}</code> as of {counted(size ?? 0, 'entry', 'entries')}{verdict === 'good' ? '' : ', by a log key that nobody named'}</>}</span></li>
        ))}
        {archives.map(({ path, verdict, entries, problems }) => (
          <li key={path}><StatusSign status={verdict === 'good' ? 'passed' : verdict === 'bad' ? 'failed' : 'needs-person'} silent /><span><code>{path}</code>: an archive of {counted(entries, 'entry', 'entries')}, {verdict === 'good' ? 'good' : verdict === 'bad' ? `bad: ${problems[0] ?? ''}` : 'consistent, by log keys that nobody named'}</span></li>
        ))}
      </ul>
    </Section>
  );
}
