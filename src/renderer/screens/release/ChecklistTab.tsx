import { useEffect, useMemo, useRef, type ReactElement } from 'react';
import type { Assessment, AssessedLine } from '../../../core/contract/contract.ts';
import { Button } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { tallyOf, TallyBar, TallyNumbers } from '../../components/Tally.tsx';
import { counted } from '../../components/wording.ts';
import { goTo, replaceAddress } from '../../frame/route-store.ts';
import { addressOf } from '../../frame/routes.ts';
import { useKeys } from '../../frame/use-keys.ts';
import { OfEmergency } from '../emergency/OfEmergency.tsx';
import { ChecklistRow } from './ChecklistRow.tsx';
import { EvidenceDrawer } from './EvidenceDrawer.tsx';
import { blockingOf, changeRelease, type OpenRelease } from './release-store.ts';
import styles from './checklist.module.css';

interface ChecklistTabProps {
  readonly id: string;
  readonly release: OpenRelease;
  readonly assessment: Assessment;
  /** The line whose evidence the address opens. */
  readonly open: string | null;
}

/** The policy's lines in its sections; J and K walk them, Enter opens the evidence, F leaves what blocks. */
export function ChecklistTab({ id, release, assessment, open }: ChecklistTabProps): ReactElement {
  const { onlyBlocking } = release;
  const list = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => new Map(assessment.lines.map((line) => [line.result.id, line])), [assessment]);
  const blocking = useMemo(() => new Set(blockingOf(assessment.report.results).map((result) => result.id)), [assessment]);
  const sections = useMemo(
    () =>
      assessment.sections
        .map((section) => ({ ...section, all: section.lines.flatMap((line) => lines.get(line) ?? []) }))
        .map((section) => ({ ...section, shown: section.all.filter(({ result }) => !onlyBlocking || blocking.has(result.id)) }))
        .filter(({ shown }) => shown.length > 0),
    [assessment, lines, blocking, onlyBlocking],
  );
  const shown = sections.flatMap((section) => section.shown);
  const opened = [...lines.values()].find(({ result }) => result.id === open) ?? null;

  const rowOf = (line: string): HTMLElement | null => list.current?.querySelector(`[data-line="${CSS.escape(line)}"]`) ?? null;
  const show = (line: AssessedLine): void => {
    const address = addressOf.line(id, line.result.id);
    // Walking through evidence is one step back, not forty.
    if (open === null) goTo(address);
    else replaceAddress(address);
  };
  const close = (): void => {
    replaceAddress(addressOf.release(id));
    if (open !== null) rowOf(open)?.focus();
  };
  const walk = (by: 1 | -1): void => {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['line'] : undefined;
    const from = shown.findIndex(({ result }) => result.id === (open ?? focused));
    const next = shown[from === -1 ? (by === 1 ? 0 : shown.length - 1) : Math.min(shown.length - 1, Math.max(0, from + by))];
    if (next === undefined) return;
    if (opened !== null) show(next);
    else rowOf(next.result.id)?.focus();
  };
  useKeys({
    j: () => walk(1),
    k: () => walk(-1),
    f: () => changeRelease(id, { onlyBlocking: !onlyBlocking }),
    Escape: () => (open === null ? false : close()),
  });
  useEffect(() => {
    if (open !== null) rowOf(open)?.scrollIntoView({ block: 'nearest' });
  }, [open]);

  return (
    <div className={styles['split']} data-open={opened !== null}>
      <div ref={list} className={styles['list']}>
        <OfEmergency release={assessment.report.release} />
        <div className={styles['summary']}>
          <div className={styles['summaryBar']}><TallyBar tally={tallyOf(assessment.report.results)} /></div>
          <TallyNumbers words={opened === null} tally={tallyOf(assessment.report.results)} />
          <Button kind="quiet" aria-pressed={onlyBlocking} testId="only-blocking" title="F" onClick={() => changeRelease(id, { onlyBlocking: !onlyBlocking })}>
            {onlyBlocking ? `Show all ${assessment.lines.length} lines` : `Show only the ${blocking.size} that block`}
          </Button>
        </div>
        {open !== null && opened === null ? <Empty>No line of this policy is called “{open}”.</Empty> : null}
        {shown.length === 0 ? <Empty>No line blocks the gate.</Empty> : null}
        {sections.map(({ section, title, all, shown: rows }) => (
          <section key={section} className={styles['section']} aria-labelledby={`section-${section}`}>
            <div className={styles['sectionHead']}>
              <h2 id={`section-${section}`}><span className={styles['number']}>§{section}</span> {title}</h2>
              <span className={styles['sectionTally']} title={counted(all.length, 'line')}><TallyNumbers tally={tallyOf(all.map(({ result }) => result))} /></span>
            </div>
            <ul className={styles['rows']}>
              {rows.map((line) => <ChecklistRow key={line.result.id} line={line} current={line.result.id === open} onOpen={() => show(line)} />)}
            </ul>
          </section>
        ))}
        <p className={styles['legend']}>
          {assessment.policy.id}, {assessment.policy.title}, version {assessment.policy.version}, from <span title={assessment.policy.digest}>{assessment.policy.file}</span>.{' '}
          <StatusSign status="accepted" silent /> An accepted line opens the gate only where a roster proves whose acceptance it is.
        </p>
      </div>
      {opened === null ? null : <EvidenceDrawer id={id} line={opened} assessment={assessment} onClose={close} />}
    </div>
  );
}
