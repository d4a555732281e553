import { useEffect, useState } from 'react';
import { readBoard, useBoard } from './board-store.ts';

const TICK_MS = 1_000;

/**
 * What time it is for the console: what it said when the board was read, and what has passed since. The board is read again
 * as soon as one of these moments is there, because then something else can be done.
 */
export function useConsoleTime(moments: readonly string[]): number {
  const { board, readAt, release } = useBoard();
  const [passed, setPassed] = useState(0);
  useEffect(() => {
    setPassed(0);
    const timer = window.setInterval(() => setPassed(performance.now() - readAt), TICK_MS);
    return () => window.clearInterval(timer);
  }, [readAt]);
  const then = board === null ? 0 : Date.parse(board.at);
  const now = then + passed;
  const isThere = moments.some((moment) => Date.parse(moment) > then && Date.parse(moment) <= now);
  useEffect(() => {
    if (isThere && release !== null) void readBoard(release);
  }, [isThere, release]);
  return now;
}
