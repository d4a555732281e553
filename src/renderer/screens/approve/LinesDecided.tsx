import type { ReactElement } from 'react';
import type { Assessment, AssessedLine } from '../../../core/contract/contract.ts';
import { Section } from '../../components/Screen.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { TallyBar, TallyNumbers, tallyOf } from '../../components/Tally.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted, listed } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { linesWith } from '../approvals/decisions.ts';
import { foundIn } from '../release/ChecklistRow.tsx';
import styles from './approve.module.css';

/** How the lines came out: the red ones and the accepted ones each with why, and the findings that stay. */
export function LinesDecided({ id, assessment }: { readonly id: string; readonly assessment: Assessment }): ReactElement {
  const red = linesWith(assessment, 'failed', 'missing', 'stale', 'broken', 'needs-person');
  const accepted = linesWith(assessment, 'accepted');
  const { standing, report } = assessment;
  return (
    <>
      <Section title="Checklist" aside={`${counted(standing.green.machine.length, 'line')} judged from evidence, ${standing.green.people.length} by somebody’s signed word`}>
        <div className={styles['tally']}><div className={styles['tallyBar']}><TallyBar tally={tallyOf(report.results)} /></div><TallyNumbers words tally={tallyOf(report.results)} /></div>
        {red.length === 0 ? <p>No line is red.</p> : <Lines id={id} lines={red} />}
        {accepted.length === 0 ? <p className={styles['soft']}>No line is accepted with findings.</p> : <Lines id={id} lines={accepted} />}
      </Section>
      <Section title="Findings that stay">
        {standing.accepted.length === 0 && standing.takenAway.length === 0 ? <p className={styles['soft']}>No finding is accepted, and none is taken away by VEX, a baseline or a suppression.</p> : (
          <ul className={styles['list']}>
            {standing.accepted.map(({ vulnerabilities, by, askedBy, until, why, record }) => (
              <li key={record} className={styles['said']}><b>{listed(vulnerabilities)}</b> <span dir="auto">{why}</span> <span className={styles['soft']}>Accepted by <bdi>{by}</bdi>, asked for by <bdi>{askedBy}</bdi>, until <TimeText time={until} short />, <a href={addressOf.entry(record)}>on record</a>.</span></li>
            ))}
            {standing.takenAway.map(({ path, by, statement, record }) => (
              <li key={`${path} ${record}`} className={styles['said']}><b dir="auto">{path}</b> takes findings away: <span dir="auto">{statement}</span> <span className={styles['soft']}>Signed by <bdi>{by}</bdi>, <a href={addressOf.entry(record)}>on record</a>.</span></li>
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}

function Lines({ id, lines }: { readonly id: string; readonly lines: readonly AssessedLine[] }): ReactElement {
  return (
    <ul className={styles['list']}>
      {lines.map((line) => (
        <li key={line.result.id} className={styles['line']} data-testid={`decided-${line.result.id}`}>
          <StatusSign status={line.result.status} />
          <span className={styles['words']}>
            <a className={styles['lineName']} href={addressOf.line(id, line.result.id)}>{line.words}</a>
            <span className={styles['why']} dir="auto">{foundIn(line)}</span>
            {line.result.remedy === null ? null : <span className={styles['soft']} dir="auto">{line.result.remedy}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
