import { X } from 'lucide-react';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { Assessment, AssessedLine } from '../../../core/contract/contract.ts';
import type { EvidenceRef } from '../../../core/model/verdict.ts';
import { Button } from '../../components/Button.tsx';
import { PathText } from '../../components/Cut.tsx';
import { CommitName, Digest } from '../../components/Digest.tsx';
import { StatusBadge } from '../../components/StatusSign.tsx';
import { Ago } from '../../components/TimeText.tsx';
import { counted, listed, numbered } from '../../components/wording.ts';
import { foundIn } from './ChecklistRow.tsx';
import { kindAndTool } from './kind-words.ts';
import { EvidenceHelp } from './EvidenceHelp.tsx';
import { RunHere } from './RunHere.tsx';
import { Ways } from './Ways.tsx';
import styles from './checklist.module.css';

/** What a line rests on: the clause, what was looked at, what was found, and what would turn it green. */
export function EvidenceDrawer({ id, line, assessment, onClose }: { readonly id: string; readonly line: AssessedLine; readonly assessment: Assessment; readonly onClose: () => void }): ReactElement {
  const { result, words, appliesTo, judgedBy, attestableBy, approvedBy, question, needs } = line;
  const asked = [...attestableBy, ...approvedBy];
  const title = useRef<HTMLHeadingElement>(null);
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    title.current?.focus();
    body.current?.scrollTo(0, 0);
  }, [result.id]);
  return (
    <aside className={styles['drawer']} aria-label="Evidence" data-testid="evidence-drawer">
      <header className={styles['drawerHead']}>
        <div>
          <h2 ref={title} tabIndex={-1} className={styles['drawerTitle']}>{words}</h2>
          <div className={styles['drawerStatus']}>
            <StatusBadge status={result.status} />
            <span>§{result.section} · {result.id}</span>
          </div>
        </div>
        <button type="button" className={styles['close']} aria-label="Close the evidence" title="Close the evidence (Esc)" onClick={onClose}><X aria-hidden="true" /></button>
      </header>
      <div ref={body} className={styles['drawerBody']} tabIndex={0} role="group" aria-label="Evidence of the line">
        <section className={styles['part']} aria-label="What was found">
          <p className={styles['finding']} dir="auto">{foundIn(line)}</p>
          {question === null ? null : <p>The policy asks{asked.length === 0 ? '' : ` ${listed(asked)}`}: “{question}”</p>}
        </section>
        {result.remedy === null && needs.length === 0 ? null : (
          <section className={styles['part']} aria-label="What would turn it green">
            <h3>What would turn it green</h3>
            {result.remedy === null ? null : <p className={styles['remedy']} dir="auto">{result.remedy}</p>}
            {needs.length === 0 ? null : <ul className={styles['needs']}>{needs.map((need) => <li key={need}>{need}</li>)}</ul>}
            <Ways key={result.id} id={id} line={line} assessment={assessment} />
          </section>
        )}
        <EvidenceHelp check={result.id} policyFile={assessment.draft.policyFile} />
        {judgedBy === 'machine' ? <RunHere key={`run-${result.id}`} id={id} check={result.id} assessment={assessment} /> : null}
        <LookedAt evidence={result.evidence} assessment={assessment} />
        {line.findingsTotal === 0 ? null : <Findings line={line} />}
        <section className={styles['part']} aria-label="Who judges it">
          <h3>Who judges it</h3>
          <dl className={styles['pairs']}>
            <dt>Judged by</dt>
            <dd>{judgedBy === 'machine' ? 'Machine, from the evidence' : `A person${asked.length === 0 ? '' : `: ${listed(asked)}`}`}</dd>
            <dt>Applies to</dt>
            <dd>{appliesTo === null ? 'Every release' : `${appliesTo} releases`}</dd>
            <dt>Whose word</dt>
            <dd>{result.authority === 'machine' ? 'Nobody’s: anyone can recompute it' : result.authority === 'proved' ? 'Proved by the roster in force' : 'Unproved: no roster in force vouches for it'}</dd>
          </dl>
        </section>
      </div>
    </aside>
  );
}

function LookedAt({ evidence, assessment }: { readonly evidence: readonly EvidenceRef[]; readonly assessment: Assessment }): ReactElement {
  return (
    <section className={styles['part']} aria-label="What was looked at">
      <h3>What was looked at</h3>
      {evidence.length === 0 ? <p>No file. {assessment.evidence.length === 0 ? 'The outputs hold none.' : `None of the ${counted(assessment.evidence.length, 'file')} in the outputs answers to this line.`}</p> : null}
      <ul className={styles['files']}>
        {evidence.map(({ path, sha256 }) => {
          const known = assessment.evidence.find((file) => file.sha256 === sha256 && path.endsWith(file.path)) ?? assessment.evidence.find((file) => file.sha256 === sha256);
          return (
            <li key={`${path}-${sha256}`} className={styles['file']}>
              <PathText path={path} />
              <div className={styles['fileLine']}>
                <Digest value={sha256} />
                {known === undefined ? null : (
                  <>
                    <span>{kindAndTool(known)}</span>
                    {known.commit === null ? <span>names no commit</span> : <span>of commit <CommitName id={known.commit} /></span>}
                    {known.produced === null ? null : <Ago time={known.produced} />}
                  </>
                )}
              </div>
              {known?.problem == null ? null : <p className={styles['finding']}>{known.problem.message}</p>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

const SHOWN_FIRST = 50;

/** What the reports list, by severity; text of others, shown as text. */
function Findings({ line }: { readonly line: AssessedLine }): ReactElement {
  const { findings, findingsTotal } = line;
  const [severity, setSeverity] = useState<string | null>(null);
  const [all, setAll] = useState(false);
  const severities = [...new Set(findings.map((finding) => finding.severity ?? 'unknown'))];
  const matching = findings.filter((finding) => severity === null || (finding.severity ?? 'unknown') === severity);
  const shown = all ? matching : matching.slice(0, SHOWN_FIRST);
  return (
    <section className={styles['part']} aria-label="Findings">
      <h3>{counted(findingsTotal, 'finding')}</h3>
      {severities.length < 2 ? null : (
        <div className={styles['filters']} role="group" aria-label="Show by severity">
          {[null, ...severities].map((name) => (
            <Button key={name ?? 'every'} kind={name === severity ? 'plain' : 'quiet'} aria-pressed={name === severity} onClick={() => setSeverity(name)}>
              {name === null ? 'Every severity' : `${numbered(findings.filter((finding) => (finding.severity ?? 'unknown') === name).length)} ${name}`}
            </Button>
          ))}
        </div>
      )}
      <table className={styles['findings']}>
        <thead>
          <tr><th scope="col">Severity</th><th scope="col">Finding</th><th scope="col">Where</th></tr>
        </thead>
        <tbody>
          {shown.map((finding, index) => (
            <tr key={index}>
              <td className={styles['severity']} data-severity={finding.severity ?? 'unknown'}>{finding.severity ?? 'unknown'}</td>
              <td dir="auto">{finding.title}</td>
              <td>{finding.where === null ? '' : <PathText path={finding.where} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < matching.length ? <Button kind="quiet" onClick={() => setAll(true)}>Show all {numbered(matching.length)} findings</Button> : null}
      {findings.length < findingsTotal ? <p>The first {numbered(findings.length)} of {numbered(findingsTotal)} are kept; the report itself holds the rest.</p> : null}
    </section>
  );
}
