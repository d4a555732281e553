import { PenLine } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import type { ActView } from '../../../core/contract/approval-calls.ts';
import type { Assessment } from '../../../core/contract/contract.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { Section } from '../../components/Screen.tsx';
import { counted, listed } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { askedLines, saidOf } from '../approvals/decisions.ts';
import { AskedLine } from '../approvals/AskedLine.tsx';
import { DecisionItem } from '../approvals/DecisionItem.tsx';
import { SignedTable } from '../approvals/SignedTable.tsx';
import { SpokenPart } from '../approvals/SpokenPart.tsx';
import { WithdrawPart } from '../approvals/WithdrawPart.tsx';
import styles from '../approvals/approvals.module.css';
import { useRecords } from './records-store.ts';

/** Shown at once; anybody can write any number of them into a log of their own. */
const SHOWN = 50;
const DECISIONS: ReadonlySet<string> = new Set(['approval', 'rejection', 'withdrawal']);

/** Who is asked, and everything that was signed about this release, each with what it comes to. */
export function ApprovalsTab({ id, assessment }: { readonly id: string; readonly assessment: Assessment }): ReactElement {
  const { acts, shown, error } = useRecords(assessment.draft);
  const [all, setAll] = useState(false);
  const asked = askedLines(assessment);
  const newestFirst = [...(acts ?? [])].sort((a, b) => (a.claimed < b.claimed ? 1 : -1));
  // Whatever others write into logs of their own stands below what counts.
  const weight = (act: ActView): number => (act.standing !== 'counts' ? 2 : saidOf(act, acts ?? [], assessment).dead ? 1 : 0);
  const decisions = newestFirst.filter(({ event_type: type }) => DECISIONS.has(type)).sort((a, b) => weight(a) - weight(b));
  const statements = newestFirst.filter(({ event_type: type }) => !DECISIONS.has(type));
  const told = all ? decisions : decisions.slice(0, SHOWN);
  return (
    <div className={styles['tab']}>
      {error === null ? null : <ErrorPanel error={error} />}
      <Section title="Who is asked" aside={<ButtonLink href={addressOf.approve(id)} kind="primary" testId="open-decision"><PenLine aria-hidden="true" />Decide on {assessment.report.release}</ButtonLink>}>
        {asked.length === 0 ? <p>No approval is asked: the release is neither major nor a security patch. It can still be rejected by anybody who has a role.</p> : (
          <ul className={styles['list']}>{asked.map((line) => <AskedLine key={line.result.id} line={line} assessment={assessment} />)}</ul>
        )}
        {asked.length > 1 ? <p className={styles['soft']}>Both are asked, {listed(asked.flatMap(({ approvedBy }) => approvedBy))}, and they have to be different people.</p> : null}
      </Section>
      <Section title="What was decided" aside={acts === null ? undefined : decisions.length === 0 ? undefined : counted(decisions.length, 'decision')}>
        {acts === null ? <p className={styles['soft']}>Reading the records.</p> : decisions.length === 0 ? <Empty>Nobody approved, rejected or withdrew it yet. An approval is a signature over the artifacts, the plan and the verdicts as they are; it dies when one of them changes.</Empty> : (
          <ul className={styles['list']}>{told.map((act) => <DecisionItem key={act.record} act={act} acts={acts} assessment={assessment} />)}</ul>
        )}
        {told.length < decisions.length ? <Button onClick={() => setAll(true)}>Show all {decisions.length} decisions</Button> : null}
      </Section>
      <SpokenPart release={assessment.report.release} />
      <Section title="What else was signed" aside={statements.length === 0 ? undefined : counted(statements.length, 'statement')}>
        {statements.length === 0 ? <Empty>Nobody attested a line of it, accepted a risk or left out a type.</Empty> : <SignedTable acts={statements} assessment={assessment} />}
      </Section>
      <WithdrawPart id={id} assessment={assessment} may={shown?.may.withdraw ?? null} />
    </div>
  );
}
