import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Output } from '../../src/core/contract/types.ts';
import { openArchive } from '../../src/main/adapters/sqlite/open-archive.ts';
import type { Archive, OpenArchiveOptions } from '../../src/main/adapters/sqlite/open-archive.ts';

const folders: string[] = [];
const opened: Archive[] = [];

afterEach(() => {
  for (const archive of opened.splice(0)) archive.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export const quietWork = { signal: new AbortController().signal, progress: (): void => undefined };

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  folders.push(folder);
  return folder;
}

/** An archive that is closed after the test; its clock moves a second a reading. */
export async function openTestArchive(options: Partial<OpenArchiveOptions> = {}): Promise<Archive> {
  let seconds = 0;
  const now = (): Date => new Date(Date.UTC(2026, 0, 31, 12, 0, seconds++));
  const archive = await openArchive({ home: temporaryFolder(), now, boot: 'test-boot', ...options });
  opened.push(archive);
  return archive;
}

export function drift(at: number): { event_type: string; at: number } {
  return { event_type: 'drift', at };
}

/** Appends the lines of a text, and gives what was told of each. */
export async function importText(archive: Archive, text: string, file: string, attached?: Parameters<Archive['importLines']>[3]): Promise<Output<'archive.record'>[]> {
  const appended: Output<'archive.record'>[] = [];
  const count = await archive.importLines(() => text.split('\n'), file, (one) => appended.push(one), attached);
  if (count !== appended.length) throw new Error(`${count} entries were counted, and ${appended.length} told of`);
  return appended;
}

export const everything = { origin: null, event_type: null, release: null, offset: 0, limit: 10_000 };
