import { readDeployments } from '../archive/deployment-exports.ts';
import { reconcile, type RecordedDeployment } from '../archive/reconcile.ts';
import type { Handlers } from '../contract/serve.ts';
import { AppError } from '../model/errors.ts';
import type { GenesisRecord } from '../model/archive.ts';
import { UtcTime } from '../model/primitives.ts';
import type { RosterConsoles } from '../model/roster.ts';
import type { ArchivePort } from './archive-port.ts';

export interface ReconcilePorts {
  readonly archive: () => Promise<ArchivePort>;
  readonly consoles: () => Promise<RosterConsoles | null>;
  readonly readText: (path: string, limit: number) => Promise<string>;
}

const MAX_LIST_BYTES = 64 * 1024 * 1024;
const AT_ONCE = 1_000;

interface Period {
  readonly from: string;
  readonly until: string;
  readonly environment: string | null;
}

/** Production's own list of deployments, held against the archive both ways. */
export function reconcileHandlers(ports: ReconcilePorts): Pick<Handlers, 'archive.reconcile'> {
  return {
    'archive.reconcile': async ({ file, from, until, environment, toleranceMinutes }, { signal, progress }) => {
      const period = { from, until, environment };
      const { format, deployments } = readDeployments(await ports.readText(file, MAX_LIST_BYTES), file);
      if (deployments.length === 0) throw new AppError('malformed', `${file} lists no deployment.`, { hint: 'An empty list shows nothing; give the export of the whole period.', details: { path: file } });
      const archive = await ports.archive();
      const tolerance = toleranceMinutes * 60_000;
      // A record a little outside the period can belong to a deployment inside it.
      const recorded = await recordedIn(archive, widened(period, tolerance), signal, (done, total) => progress({ label: 'Reading the archive', item: null, done, total, unit: 'entries' }));
      const listed = deployments.filter((one) => within(one, period));
      const { matched, unrecorded, undeployed } = reconcile(listed, recorded, tolerance);
      const inside = undeployed.filter((one) => within(one, period) && one.succeeded);
      return {
        complete: unrecorded.length === 0 && inside.length === 0, format, listed: listed.length,
        matched: [...matched], unrecorded: [...unrecorded], undeployed: inside, ...(await restsOn(archive, await ports.consoles(), period)),
      };
    },
  };
}

function within({ at, environment }: { readonly at: string; readonly environment: string | null }, period: Period): boolean {
  const time = Date.parse(at);
  const sameEnvironment = period.environment === null || environment === null || environment.toLowerCase() === period.environment.toLowerCase();
  return sameEnvironment && Date.parse(period.from) <= time && time < Date.parse(period.until);
}

function widened({ from, until, environment }: Period, by: number): Period {
  return { from: new Date(Date.parse(from) - by).toISOString(), until: new Date(Date.parse(until) + by).toISOString(), environment };
}

/** Deployments, and rollbacks, which deploy an earlier version. */
async function recordedIn(archive: ArchivePort, period: Period, signal: AbortSignal, onRead: (done: number, total: number) => void): Promise<RecordedDeployment[]> {
  const found: RecordedDeployment[] = [];
  for (const event_type of ['deployment', 'rollback']) {
    for (let offset = 0; ; offset += AT_ONCE) {
      signal.throwIfAborted();
      const { entries, total } = await archive.list({ origin: null, event_type, release: null, offset, limit: AT_ONCE });
      for (const { id, time } of entries) {
        const one = recordedOf(id, time, (await archive.show(id)).entry.record);
        if (within(one, period)) found.push(one);
      }
      onRead(Math.min(offset + AT_ONCE, total), total);
      if (offset + AT_ONCE >= total) break;
    }
  }
  return found;
}

function recordedOf(id: string, time: string, record: GenesisRecord): RecordedDeployment {
  const text = (name: string): string | null => (typeof record[name] === 'string' ? record[name] : null);
  const rolledBack = record.event_type === 'rollback';
  const claimed = UtcTime.safeParse(record[rolledBack ? 'rollback_date' : 'deployment_date']);
  return {
    id, version: text(rolledBack ? 'to_version' : 'release_version'), environment: text('deployment_environment'),
    at: claimed.success ? claimed.data : time, succeeded: (text(rolledBack ? 'rollback_status' : 'deployment_status') ?? 'success') !== 'failed',
  };
}

async function restsOn(archive: ArchivePort, rostered: RosterConsoles | null, { from, until }: Period): Promise<Pick<Awaited<ReturnType<Handlers['archive.reconcile']>>, 'heads' | 'silent' | 'gaps'>> {
  const logs = await archive.logs();
  const heads: { origin: string; size: number; root: string; newest: string | null }[] = [];
  for (const { origin, size, root } of logs) {
    const { entries } = await archive.list({ origin, event_type: null, release: null, offset: 0, limit: 1 });
    heads.push({ origin, size, root, newest: entries[0]?.time ?? null });
  }
  const silent = (rostered?.consoles ?? []).flatMap(({ origin, owner }) => {
    const newest = heads.find((head) => head.origin === origin)?.newest ?? null;
    return newest !== null && Date.parse(newest) >= Date.parse(from) ? [] : [{ origin, owner, newest }];
  });
  const gaps = logs.flatMap(({ origin, size, state, problem, witnesses, own }) => {
    const seen = Math.max(0, ...witnesses.map((one) => one.size));
    if (state === 'quarantined') return [{ origin, message: problem ?? 'Its history was rewritten, and nothing of it is merged.' }];
    if (seen > size) return [{ origin, message: `Others saw ${seen} entries of it, and ${size} are held here.` }];
    const newest = heads.find((head) => head.origin === origin)?.newest ?? null;
    // What another console wrote after its last sync is not here to be compared.
    return !own && newest !== null && Date.parse(newest) < Date.parse(until) && Date.parse(newest) >= Date.parse(from)
      ? [{ origin, message: `Its newest entry here is of ${newest}: what it wrote after that, until ${until}, is not compared.` }] : [];
  });
  return { heads, silent, gaps };
}
