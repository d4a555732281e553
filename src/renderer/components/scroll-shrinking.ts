import { useEffect, type RefObject } from 'react';

/** Further down than this, what is drawn is not right to the pixel any more; browsers draw nothing below some 33 million. */
const TALLEST = 8_000_000;
/** What a key of an arrow, and a line of a wheel, scrolls by. */
const LINE = 40;

/**
 * How tall an element is that stands for rows of this height in all, and by how much a step in it is longer than it looks,
 * so that its end is the end of the rows.
 */
export function shrinking(rows: number, view: number): { readonly height: number; readonly factor: number } {
  if (rows <= TALLEST) return { height: rows, factor: 1 };
  return { height: TALLEST, factor: (rows - view) / (TALLEST - view) };
}

/** Where a list is shrunk, wheels and keys scroll its rows by what they would scroll them by otherwise; the bar does not. */
export function useLongSteps(scroller: RefObject<HTMLElement | null>, factor: number): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null || factor === 1) return undefined;
    // Steps of less than a pixel add up.
    let rest = 0;
    const by = (pixels: number): void => {
      const wanted = pixels / factor + rest;
      const whole = Math.trunc(wanted);
      rest = wanted - whole;
      element.scrollTop += whole;
    };
    const onWheel = (event: WheelEvent): void => {
      if (event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      by(event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? element.clientHeight : 1));
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      const page = element.clientHeight * 0.9;
      const steps: Readonly<Record<string, number>> = { PageDown: page, PageUp: -page, ArrowDown: LINE, ArrowUp: -LINE };
      const step = steps[event.key];
      if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      by(step);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('keydown', onKeyDown);
    return () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('keydown', onKeyDown);
    };
  }, [scroller, factor]);
}
