import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { uptime } from 'node:os';

/**
 * Names this run of the machine, so that a clock set back is visible in the log (FORMATS §4). Linux has an id for
 * it; elsewhere the minute of starting stands in. It is hashed: the log goes to others, the machine's own id does not.
 */
export async function bootId(): Promise<string> {
  const id = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => String(Math.round((Date.now() / 1000 - uptime()) / 60)));
  return createHash('sha256').update(`countersign/boot/v1\n${id.trim()}`).digest('hex').slice(0, 32);
}
