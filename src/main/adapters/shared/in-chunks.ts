/** The same bytes in pieces of one size; the last may be smaller, and of nothing there is none. */
export async function* inChunks(bytes: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let [held, count] = [[] as Buffer[], 0];
  for await (const more of bytes) {
    held.push(more);
    count += more.length;
    if (count < size) continue;
    const whole = Buffer.concat(held, count);
    const end = count - (count % size);
    for (let at = 0; at < end; at += size) yield whole.subarray(at, at + size);
    [held, count] = end === count ? [[], 0] : [[whole.subarray(end)], count - end];
  }
  if (count > 0) yield Buffer.concat(held, count);
}
