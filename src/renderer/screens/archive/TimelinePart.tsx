import { ChevronDown, ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactElement } from 'react';
import { z } from 'zod';
import type { LogState, Timeline } from '../../../core/contract/contract.ts';
import { RECORD_KINDS, type RecordKind } from '../../../core/model/record-kinds.ts';
import { Button } from '../../components/Button.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { keep, readKept } from '../../components/kept.ts';
import { StatusSign } from '../../components/StatusSign.tsx';
import { counted, numbered } from '../../components/wording.ts';
import { goTo } from '../../frame/route-store.ts';
import { addressOf } from '../../frame/routes.ts';
import { readTimeline, useArchive } from './archive-store.ts';
import { termOf, withPeriod, withTerm } from './query-terms.ts';
import { binOf, KIND_NAMES, kindWords, lengthWords, periodWords, ticksOf } from './timeline-words.ts';
import styles from './timeline.module.css';

/** A lane for each console's log over time, with what was recorded as marks by kind. A mark narrows the list to its time. */
export function TimelinePart({ query }: { readonly query: string }): ReactElement | null {
  const { timeline, timelineError, logs } = useArchive();
  const [open, setOpen] = useState(() => readKept('archive.timeline', z.boolean()) ?? true);
  if (timelineError !== null) return <ErrorPanel error={timelineError} onRetry={() => void readTimeline(query)} />;
  if (timeline === null || logs.every(({ size }) => size === 0)) return null;
  const narrowed = termOf(query, 'after') !== null || termOf(query, 'before') !== null;
  return (
    <section className={styles['timeline']} aria-label="The archive over time" data-testid="timeline">
      <div className={styles['head']}>
        <button
          type="button" className={styles['toggle']} aria-expanded={open}
          onClick={() => {
            keep('archive.timeline', !open);
            setOpen(!open);
          }}
        >
          {open ? <ChevronDown aria-hidden="true" /> : <ChevronRight aria-hidden="true" />}Over time
        </button>
        <span className={styles['soft']}>{timeline.start === null ? 'Nothing was recorded in this time.' : `${counted(timeline.total, 'entry', 'entries')}, ${lengthWords(timeline.hours)} a mark`}</span>
        {narrowed ? <Button kind="quiet" testId="whole-time" onClick={() => goTo(addressOf.search(withPeriod(query, null)))}>Show all of the time</Button> : null}
        {open && timeline.start !== null ? <Legend /> : null}
      </div>
      {open && timeline.start !== null ? <Lanes timeline={timeline} logs={logs} query={query} start={timeline.start} /> : null}
    </section>
  );
}

function Legend(): ReactElement {
  return (
    <ul className={styles['legend']} aria-label="Marks">
      {RECORD_KINDS.map((kind) => <li key={kind}><span className={styles['shape']} data-kind={kind} data-size="2" aria-hidden="true" />{KIND_NAMES[kind]}</li>)}
    </ul>
  );
}

interface Place {
  readonly lane: number;
  readonly at: number;
}

function Lanes({ timeline, logs, query, start }: { readonly timeline: Timeline; readonly logs: readonly LogState[]; readonly query: string; readonly start: string }): ReactElement {
  const { lanes, bins, hours, others } = timeline;
  const [place, setPlace] = useState<Place | null>(null);
  const part = useRef<HTMLDivElement>(null);
  const refocus = useRef(false);
  const first = lanes.findIndex(({ marks }) => marks.length > 0);
  const current = place !== null && lanes[place.lane]?.marks[place.at] !== undefined ? place : { lane: first, at: 0 };
  useEffect(() => {
    // The marks are others now; who walked them by keyboard stands on the first.
    setPlace(null);
    if (refocus.current) part.current?.querySelector<HTMLElement>('button[tabindex="0"]')?.focus();
    refocus.current = false;
  }, [timeline]);

  const narrow = (bin: number): void => {
    refocus.current = part.current?.contains(document.activeElement) === true;
    goTo(addressOf.search(withPeriod(query, binOf(start, hours, bin))));
  };
  const go = (next: Place): void => {
    setPlace(next);
    part.current?.querySelector<HTMLElement>(`[data-place="${next.lane}-${next.at}"]`)?.focus();
  };
  const walk = (event: KeyboardEvent): void => {
    const marks = lanes[current.lane]?.marks ?? [];
    const beside = (by: 1 | -1): Place | null => {
      for (let lane = current.lane + by; lane >= 0 && lane < lanes.length; lane += by) {
        const there = lanes[lane]?.marks ?? [];
        const bin = marks[current.at]?.bin ?? 0;
        if (there.length > 0) return { lane, at: nearest(there.map((mark) => mark.bin), bin) };
      }
      return null;
    };
    const next = ((): Place | null | undefined => {
      switch (event.key) {
        case 'ArrowRight': return { ...current, at: Math.min(marks.length - 1, current.at + 1) };
        case 'ArrowLeft': return { ...current, at: Math.max(0, current.at - 1) };
        case 'Home': return { ...current, at: 0 };
        case 'End': return { ...current, at: marks.length - 1 };
        case 'ArrowDown': return beside(1);
        case 'ArrowUp': return beside(-1);
        default: return undefined;
      }
    })();
    if (next === undefined) return;
    event.preventDefault();
    if (next !== null) go(next);
  };
  const hit = (lane: number, event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    const box = event.currentTarget.getBoundingClientRect();
    const marks = lanes[lane]?.marks ?? [];
    const mark = marks[nearest(marks.map(({ bin }) => bin + 0.5), ((event.clientX - box.left) / box.width) * bins)];
    if (mark !== undefined) narrow(mark.bin);
  };

  return (
    <>
      <div ref={part} className={styles['lanes']} role="group" aria-label="Marks; arrow keys walk them, Enter narrows the list to one" onKeyDown={walk}>
        {lanes.map(({ origin, own, state, entries, marks }, lane) => (
          <div key={origin} className={styles['lane']} role="group" aria-label={`${origin}, ${counted(entries, 'entry', 'entries')} in this time`}>
            <a className={styles['name']} href={addressOf.search(withTerm(query, 'origin', termOf(query, 'origin') === origin ? null : origin))} title={`${origin}: show only this log, or all again`} data-own={own} aria-current={termOf(query, 'origin') === origin ? 'true' : undefined}>
              <StatusSign status={state === 'quarantined' ? 'broken' : 'passed'} silent />
              <span className={styles['origin']}>{origin.split('/').at(-1)}</span>
              <span className={styles['size']}>{own ? 'here · ' : ''}{numbered(logs.find((log) => log.origin === origin)?.size ?? entries)}</span>
            </a>
            <div className={styles['track']} onPointerUp={(event) => hit(lane, event)}>
              {marks.map(({ bin, kinds }, at) => (
                <button
                  key={bin} type="button" className={styles['bin']} data-place={`${lane}-${at}`} tabIndex={current.lane === lane && current.at === at ? 0 : -1}
                  style={{ left: `${(bin / bins) * 100}%`, width: `${100 / bins}%` }} title={`${periodWords(start, hours, bin)}\n${kindWords(kinds)}`} aria-label={`${periodWords(start, hours, bin)}: ${kindWords(kinds)}`}
                  onFocus={() => setPlace({ lane, at })}
                  onClick={(event) => {
                    // A pointer was taken to the nearest mark already.
                    if (event.detail === 0) narrow(bin);
                  }}
                >
                  {RECORD_KINDS.map((kind) => <Mark key={kind} kind={kind} count={kinds[kind] ?? 0} />)}
                </button>
              ))}
            </div>
          </div>
        ))}
      </div>
      <div className={styles['axis']} aria-hidden="true">
        <span className={styles['unit']}>UTC</span>
        <div className={styles['ticks']}>
          {ticksOf(start, hours, bins).map(({ bin, words }) => <span key={bin} className={styles['tick']} style={{ left: `${(bin / bins) * 100}%` }}>{words}</span>)}
        </div>
      </div>
      {others.logs === 0 ? null : <p className={styles['soft']}>{counted(others.logs, 'other log')} with {counted(others.entries, 'entry', 'entries')} in this time {others.logs === 1 ? 'has' : 'have'} no lane: the busiest are drawn.</p>}
    </>
  );
}

function Mark({ kind, count }: { readonly kind: RecordKind; readonly count: number }): ReactElement {
  return <span className={styles['cell']}>{count === 0 ? null : <span className={styles['shape']} data-kind={kind} data-size={count < 3 ? 1 : count < 30 ? 2 : 3} />}</span>;
}

/** The index of the number that is nearest. */
function nearest(numbers: readonly number[], to: number): number {
  let best = 0;
  for (const [at, number] of numbers.entries()) if (Math.abs(number - to) < Math.abs((numbers[best] ?? 0) - to)) best = at;
  return best;
}
