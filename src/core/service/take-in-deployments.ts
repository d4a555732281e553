import type { RecordParts } from '../archive/entry.ts';
import type { Handlers } from '../contract/serve.ts';
import { DeploymentRecord } from '../model/archive.ts';
import { sha256Of } from '../workflow/canonical.ts';
import type { ActPorts } from './read-acts.ts';

export interface TakeInPorts extends ActPorts {
  readonly watchedFiles: (folder: string, limits: { readonly files: number; readonly bytes: number }) => Promise<readonly ({ readonly name: string; readonly text: string } | { readonly name: string; readonly problem: string })[]>;
  readonly append: (draft: RecordParts) => Promise<{ readonly id: string }>;
}

const LIMITS = { files: 1_000, bytes: 32 * 1024 };

/**
 * What other programs say in a folder that they deployed. It is recorded as told (FORMATS §4) and opens nothing; a file
 * is known again by its digest in the record, so that nothing has to be remembered beside the archive.
 */
export function takeInHandlers(ports: TakeInPorts): Pick<Handlers, 'deployment.takeIn'> {
  return {
    'deployment.takeIn': async ({ folder }) => {
      const files = await ports.watchedFiles(folder, LIMITS);
      const known = new Set((await ports.readActs({ release: null, types: ['deployment'] }, null, '1970-01-01T00:00:00Z')).map(({ entry }) => entry.record['source_sha256']));
      const taken: { file: string; record: string }[] = [];
      const refused: { file: string; why: string }[] = [];
      let before = 0;
      for (const file of files) {
        const read = 'problem' in file ? { why: file.problem } : recordIn(file.text);
        if ('why' in read) refused.push({ file: file.name, why: read.why });
        else if (known.has(read.sha256)) before += 1;
        else {
          known.add(read.sha256);
          const { id } = await ports.append({ record: { ...read.fields, event_type: 'deployment', imported: true, source_file: file.name, source_sha256: read.sha256 }, refs: [], attachments: [] });
          taken.push({ file: file.name, record: id });
        }
      }
      return { taken, refused, known: before };
    },
  };
}

/** A file that is still being written is no JSON yet, and is read again the next time. */
function recordIn(text: string): { readonly why: string } | { readonly fields: Record<string, unknown>; readonly sha256: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { why: 'it is not JSON, or not yet' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { why: 'it is no record' };
  const parsed = DeploymentRecord.safeParse({ event_type: 'deployment', ...value });
  const [issue] = parsed.error?.issues ?? [];
  return parsed.success ? { fields: parsed.data, sha256: sha256Of(text) } : { why: `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'it is no record of policy §11.2'}` };
}
