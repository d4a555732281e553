import { elementScroll, observeElementOffset, useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactElement, type ReactNode } from 'react';
import { useConsole } from '../frame/status-store.ts';
import { shrinking, useLongSteps } from './scroll-shrinking.ts';
import styles from './table.module.css';

export interface Column {
  readonly name: string;
  /** A track of the grid, such as `minmax(120px, 2fr)`. */
  readonly width: string;
  readonly align?: 'end';
  /** For a column whose cells need no title to be read. */
  readonly unseenName?: boolean;
  readonly head?: ReactNode;
}

interface VirtualTableProps {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly count: number;
  readonly rowAt: (index: number) => { readonly key: string; readonly cells: readonly ReactNode[]; readonly testId?: string } | null;
  /** Rows that are shown before it scrolls in itself; `fill` takes the height that is there. */
  readonly visible: number | 'fill';
  readonly current?: number | null;
  readonly onOpen?: (index: number) => void;
  readonly onRange?: (first: number, last: number) => void;
  readonly testId?: string;
}

/** The height of a row, as the density has it. */
export function useRowHeight(): number {
  return useConsole((state) => (state.settings?.density === 'dense' ? 28 : 36));
}

/** A table that draws only the rows in sight, so that a million scroll like ten. */
export function VirtualTable({ label, columns, count, rowAt, visible, current = null, onOpen, onRange, testId }: VirtualTableProps): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  const height = useRowHeight();
  // What is scrolled is at most as tall as is drawn well; where all rows are taller, a step of it stands for more.
  const factor = useRef(1);
  const virtual = useVirtualizer({
    count, getScrollElement: () => scroller.current, estimateSize: () => height, overscan: 12, useFlushSync: false,
    observeElementOffset: (instance, told) => observeElementOffset(instance, (offset, scrolling) => told(offset * factor.current, scrolling)),
    scrollToFn: (offset, options, instance) => elementScroll(offset / factor.current, options, instance),
  });
  const view = virtual.scrollRect?.height ?? 0;
  const shrunk = shrinking(count * height, view);
  factor.current = shrunk.factor;
  const middle = useRef(0);
  middle.current = view / 2;
  useEffect(() => {
    // The same place is another row now.
    scroller.current?.dispatchEvent(new Event('scroll'));
  }, [shrunk.factor]);
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    virtual.measure();
  }, [height, virtual]);
  useEffect(() => {
    if (count > 0) onRange?.(first, last);
  }, [first, last, count, onRange]);
  useEffect(() => {
    if (current === null) return;
    // It takes the height of the element for that of all rows, which is not so where they were shrunk.
    if (shrunk.factor === 1) virtual.scrollToIndex(current);
    else scroller.current?.scrollTo(0, ((current + 0.5) * height - middle.current) / shrunk.factor);
  }, [current, virtual, shrunk.factor, height]);

  useLongSteps(scroller, shrunk.factor);

  const template = columns.map(({ width }) => width).join(' ');
  // A table that fills scrolls only once its rows do not fit.
  const scrolled = virtual.scrollOffset ?? 0;
  const above = scrolled - scrolled / shrunk.factor;
  const scrolls = visible === 'fill' ? virtual.getTotalSize() > view + 1 : count > visible;
  return (
    <div className={styles['table']} role="table" aria-label={label} aria-rowcount={count + 1} data-fill={visible === 'fill'} data-testid={testId}>
      <div role="rowgroup" className={styles['head']} data-scrolls={scrolls}>
        <div role="row" aria-rowindex={1} className={styles['row']} style={{ gridTemplateColumns: template }}>
          {columns.map(({ name, align, unseenName, head }) => (
            <div key={name} role="columnheader" className={styles['headCell']} data-align={align}>
              {head ?? <span className={unseenName === true ? 'unseen' : undefined}>{name}</span>}
            </div>
          ))}
        </div>
      </div>
      <div
        ref={scroller}
        role="rowgroup"
        tabIndex={scrolls ? 0 : undefined}
        className={styles['body']}
        data-scrolls={scrolls}
        style={{ height: visible === 'fill' ? shrunk.height : Math.min(count, visible) * height + (scrolls ? height / 2 : 0) }}
      >
        <div role="presentation" className={styles['whole']} style={{ height: shrunk.height }}>
          {items.map(({ index, start }) => {
            const row = rowAt(index);
            return (
              <div
                key={row?.key ?? index}
                role="row"
                aria-rowindex={index + 2}
                className={styles['row']}
                data-testid={row?.testId}
                data-current={index === current}
                data-opens={onOpen !== undefined}
                style={{ gridTemplateColumns: template, height, transform: `translateY(${start - above}px)` }}
                onClick={onOpen === undefined ? undefined : () => onOpen(index)}
              >
                {columns.map(({ name, align }, at) => (
                  <div key={name} role="cell" className={styles['cell']} data-align={align}>{row?.cells[at]}</div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
