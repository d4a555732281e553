import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArchivePort } from '../../core/service/archive-port.ts';
import type { EmergencyPorts } from '../../core/service/emergency-ports.ts';

/** Takes files into the archive, and texts that lie in no file by way of one that only this user can read. */
export function keptIn(archive: () => Promise<Pick<ArchivePort, 'keep' | 'origin'>>): Pick<EmergencyPorts, 'keep' | 'keepText' | 'origin'> {
  const keep: EmergencyPorts['keep'] = async (paths, work) => (paths.length === 0 ? [] : (await archive()).keep(paths, work));
  return {
    keep, origin: async () => (await archive()).origin,
    keepText: async (name, text, work) => {
      const folder = await mkdtemp(join(tmpdir(), 'countersign-'));
      try {
        await writeFile(join(folder, name), text, { mode: 0o600 });
        return await keep([join(folder, name)], work);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}
