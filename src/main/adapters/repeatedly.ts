/** Does something again and again until what is given back is called; it keeps no process alive that has nothing else to do. */
export function repeatedly(milliseconds: number, work: () => void): () => void {
  const timer = setInterval(work, milliseconds);
  timer.unref();
  return () => clearInterval(timer);
}
