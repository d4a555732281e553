import type { Handlers } from '../contract/serve.ts';
import type { Output } from '../contract/types.ts';
import type { OpenPgp } from '../signing/openpgp.ts';
import type { ArchivePort } from './archive-port.ts';
import { owedItems } from './home-owed.ts';
import { instant } from './release-handlers.ts';
import type { RosterPorts } from './roster-handlers.ts';
import type { Situation } from './workflow-ports.ts';
import { writeSettings, type WorkspaceStore } from './workspace.ts';

export interface ConsolePorts {
  readonly product: { readonly version: string; readonly shell: string; readonly home: string; readonly platform: string; readonly node: string };
  readonly archive: () => Promise<ArchivePort>;
  readonly workspace: WorkspaceStore;
  readonly openpgp: OpenPgp;
  readonly gitVersion: () => Promise<{ version: string | null; problem: string | null }>;
  readonly browseFiles: (path: string | null) => Promise<Output<'files.browse'>>;
  readonly heldRoster: RosterPorts['held'];
  readonly now: () => Date;
  /** What all logs tell of every release, as of now. */
  readonly situation: (signal: AbortSignal) => Promise<Situation>;
}

type Owned = 'console.status' | 'home.read' | 'home.owed' | 'settings.read' | 'settings.write' | 'files.browse';
export type HomeItem = Output<'home.read'>['items'][number];

/** An archive that nobody looked through for this long is due. */
const VERIFY_EVERY_DAYS = 30;
const KEY_WARNING_DAYS = 60;
/** What is nobody's in particular. */
const NOBODYS = { roles: [], people: [] } satisfies Pick<HomeItem, 'roles' | 'people'>;
const DAY = 24 * 60 * 60 * 1000;

/** The console itself: its state, its settings, and what needs somebody now. */
export function consoleHandlers(ports: ConsolePorts): Pick<Handlers, Owned> {
  return {
    'console.status': async (_input, { signal }) => {
      const archive = await ports.archive();
      const [logs, workspace, gpg, git, held] = await Promise.all([
        archive.logs(), ports.workspace.read(), ports.openpgp.version(), ports.gitVersion(), ports.heldRoster(instant(ports.now()), signal),
      ]);
      const own = logs.find((log) => log.own);
      return {
        product: 'Countersign', ...ports.product, origin: archive.origin, vkey: archive.vkey,
        archive: {
          entries: logs.reduce((sum, { size }) => sum + size, 0), logs: logs.length,
          forks: logs.filter(({ state }) => state === 'quarantined').length,
          lastVerified: workspace.lastVerified, lastSynced: workspace.lastSynced,
          unsynced: Math.max(0, (own?.size ?? 0) - workspace.syncedEntries),
        },
        gpg, git, roster: held === null ? null : { roster: held.signed.roster.roster, version: held.signed.roster.version, expires: held.signed.roster.expires, problem: held.problem },
      };
    },
    'home.read': async () => {
      const [workspace, archive] = await Promise.all([ports.workspace.read(), ports.archive()]);
      const logs = await archive.logs();
      const now = ports.now();
      const items: HomeItem[] = [
        ...logs.filter(({ state }) => state === 'quarantined').map(forkItem),
        ...(await keyItems(ports.openpgp, now)),
        ...workspace.releases.flatMap(releaseItems),
        ...unsyncedItems(logs.find(({ own }) => own)?.size ?? 0, workspace.syncedEntries),
        ...verifyItems(workspace.lastVerified, logs.some(({ size }) => size > 0), now),
      ];
      return { items: items.sort(byDeadline), releases: workspace.releases };
    },
    'home.owed': async (_input, { signal }) => {
      const { releases } = await ports.workspace.read();
      const situation = await ports.situation(signal);
      // An approval by word that nobody ratified in time comes before all else (FORMATS §7).
      const isLate = ({ kind, due }: HomeItem): boolean => kind === 'ratification' && due !== null && Date.parse(due) < Date.parse(situation.at);
      return { items: owedItems(situation, releases).sort((a, b) => Number(isLate(b)) - Number(isLate(a)) || byDeadline(a, b)) };
    },
    'settings.read': async () => (await ports.workspace.read()).settings,
    'settings.write': (change) => writeSettings(ports.workspace, change),
    'files.browse': ({ path }) => ports.browseFiles(path),
  };
}

function byDeadline(a: HomeItem, b: HomeItem): number {
  if (a.due === b.due) return 0;
  if (a.due === null) return 1;
  return b.due === null || a.due < b.due ? -1 : 1;
}

function forkItem(log: Output<'archive.logs'>['logs'][number]): HomeItem {
  return {
    kind: 'fork', title: `The log ${log.origin} was rewritten`, due: null, route: '#/archive', ...NOBODYS,
    detail: log.problem ?? 'Its history differs from what was seen before. Nothing of it was merged; the evidence is kept.',
  };
}

function releaseItems(release: Output<'home.read'>['releases'][number]): HomeItem[] {
  const { last, draft, id } = release;
  if (last === null || last.gate === 'open') return [];
  const red = (last.tally['failed'] ?? 0) + (last.tally['broken'] ?? 0) + (last.tally['stale'] ?? 0) + (last.tally['missing'] ?? 0);
  const asked = last.tally['needs-person'] ?? 0;
  return [{
    kind: 'gate-closed', title: `${draft.version}: the gate is closed`, due: null, route: `#/release/${encodeURIComponent(id)}/checklist`, ...NOBODYS,
    detail: `${red} ${red === 1 ? 'line lacks' : 'lines lack'} evidence or failed, ${asked} ${asked === 1 ? 'asks' : 'ask'} a person${last.authority === 'unproved' ? ', and no roster is in force' : ''}.`,
  }];
}

function unsyncedItems(size: number, synced: number): HomeItem[] {
  const waiting = size - synced;
  if (waiting <= 0) return [];
  return [{
    kind: 'unsynced', title: `${waiting} ${waiting === 1 ? 'entry is' : 'entries are'} only on this machine`, due: null, route: '#/archive', ...NOBODYS,
    detail: 'Sync the archive, so that others hold them too.',
  }];
}

function verifyItems(lastVerified: string | null, holdsSomething: boolean, now: Date): HomeItem[] {
  if (!holdsSomething) return [];
  if (lastVerified !== null && now.getTime() - Date.parse(lastVerified) < VERIFY_EVERY_DAYS * DAY) return [];
  return [{
    kind: 'never-verified', due: null, route: '#/archive', ...NOBODYS, detail: 'Verify everything recomputes every entry and every root.',
    title: lastVerified === null ? 'The archive was never verified on this machine' : `The archive was last verified ${lastVerified.slice(0, 10)}`,
  }];
}

async function keyItems(openpgp: OpenPgp, now: Date): Promise<HomeItem[]> {
  const { problem } = await openpgp.version();
  if (problem !== null) return [];
  const soon = now.getTime() + KEY_WARNING_DAYS * DAY;
  return (await openpgp.keys()).flatMap((key) => {
    if (key.unusable !== null || key.expires === null || Date.parse(key.expires) > soon) return [];
    return [{
      kind: 'key-expires' as const, title: `The key 0x${key.fingerprint.slice(-16)} expires ${key.expires.slice(0, 10)}`, due: key.expires, route: null, ...NOBODYS,
      detail: `${key.users[0] ?? 'It'}: extend it or make its successor, then export the new public key.`,
    }];
  });
}

