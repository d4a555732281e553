import { z } from 'zod';
import { makeCode } from '../approval/voice-code.ts';
import type { Client } from '../contract/connect.ts';
import { DrillReport, DrillShown } from '../contract/drill-calls.ts';
import type { CallContext, Handlers } from '../contract/serve.ts';
import type { Output } from '../contract/types.ts';
import { AppError } from '../model/errors.ts';
import type { Roster } from '../model/roster.ts';
import { drillReport, type DrillRecord } from '../workflow/drill-report.ts';
import { PRACTICE_COMMITS, PRACTICE_PEOPLE, PRACTICE_PRODUCT, PRACTICE_SCENARIO, PRACTICE_SMOKE, PRACTICE_VERSION, practiceReports, type PracticeCommit } from '../workflow/practice-release.ts';
import { instant } from './release-handlers.ts';

export type DrillCalls = 'drill.begin' | 'drill.status' | 'drill.report' | 'drill.end';

/** A drill as its folder keeps it, with the secrets of its cast: they open nothing anywhere else. */
export const KeptDrill = z.strictObject({ v: z.literal(1), drill: DrillShown, score: z.number().int().nullable() });
export type KeptDrill = z.infer<typeof KeptDrill>;

/** Where practice consoles lie, each a data folder of its own, and which one is practised on. */
export interface PracticePlace {
  readonly folderOf: (id: string) => string;
  /** The drill that runs; null where none does. Asked before every call, because another process may have begun or ended one. */
  readonly running: () => Promise<string | null>;
  readonly list: () => Promise<readonly KeptDrill[]>;
  /** Error: `already-exists`, `storage-failed`. */
  readonly make: (id: string) => Promise<void>;
  readonly remove: (id: string) => Promise<void>;
  readonly keep: (kept: KeptDrill) => Promise<void>;
  /** Error: `already-exists`, where another was begun meanwhile. */
  readonly start: (id: string) => Promise<void>;
  readonly end: () => Promise<void>;
  readonly write: (path: string, text: string) => Promise<{ readonly path: string }>;
  /** Makes a repository of commits, and the archive of one of its versions wherever it is to lie. Errors: `git-unavailable`, `git-failed`, `cancelled`. */
  readonly makeProduct: (wanted: { readonly repo: string; readonly commits: readonly PracticeCommit[]; readonly from: Date; readonly version: string; readonly archives: readonly string[]; readonly prefix: string; readonly signal: AbortSignal }) => Promise<{ readonly commit: string }>;
  /** SHA-256 of the policy files that are used here. */
  readonly policyDigests: () => Promise<readonly string[]>;
  readonly joined: (...parts: string[]) => string;
}

export interface DrillPorts {
  readonly now: () => Date;
  readonly place: () => PracticePlace;
  /** Opens the console of a drill, for as long as something is done there. */
  readonly open: (id: string) => { readonly client: Client; readonly close: () => Promise<void> };
  /** Of the console itself: a drill looks alike, and uses the same policy file. */
  readonly settings: () => Promise<Output<'settings.read'>>;
  /** In the console's own archive, whose clock a drill would hide. */
  readonly emergencies: () => Promise<Output<'emergency.status'>['emergencies']>;
}

/** Where no drill can be begun: on a practice console, and in tests of the core alone. */
export function noDrills(): Pick<Handlers, DrillCalls> {
  const refused = (): never => {
    throw new AppError('not-permitted', 'No drill can be begun on this console.', { hint: 'Begin it on the console that you work with.' });
  };
  return { 'drill.begin': refused, 'drill.status': async () => ({ running: null, past: [] }), 'drill.report': refused, 'drill.end': refused };
}

/** Practising an emergency (policy §10): begun on a practice console of its own, and scored out of that console's archive. */
export function drillHandlers(ports: DrillPorts): Pick<Handlers, DrillCalls> {
  return {
    'drill.begin': async (_input, context) => begin(ports, context),
    'drill.status': async () => {
      const place = ports.place();
      const [running, kept] = [await place.running(), await place.list()];
      return {
        running: kept.find(({ drill }) => drill.id === running)?.drill ?? null,
        past: kept.filter(({ drill }) => drill.id !== running).map(({ drill: { id, startedAt, endedAt }, score }) => ({ id, startedAt, endedAt, score })),
      };
    },
    'drill.report': async ({ id, out }) => {
      const report = await reportOf(ports, await keptDrill(ports, id));
      if (out !== null) await ports.place().write(out, report.markdown);
      return report;
    },
    'drill.end': async () => {
      const place = ports.place();
      const kept = await keptDrill(ports, await runningOr(ports));
      const ended = { ...kept, drill: { ...kept.drill, endedAt: instant(ports.now()) } };
      const report = await reportOf(ports, ended);
      await place.write(place.joined(place.folderOf(ended.drill.id), 'report.md'), report.markdown);
      await place.keep({ ...ended, score: report.score });
      await place.end();
      return report;
    },
  };
}

async function runningOr({ place }: DrillPorts): Promise<string> {
  const id = await place().running();
  if (id === null) throw new AppError('not-found', 'No drill runs.', { hint: 'countersign emergency drill begin' });
  return id;
}

/** One by its id; null: the one that runs, else the newest. */
async function keptDrill({ place }: DrillPorts, id: string | null): Promise<KeptDrill> {
  const kept = await place().list();
  const wanted = id ?? (await place().running()) ?? kept[0]?.drill.id ?? null;
  const found = kept.find(({ drill }) => drill.id === wanted);
  if (found === undefined) throw new AppError('not-found', wanted === null ? 'No drill was ever begun here.' : `There is no drill ${wanted} here.`, { hint: 'countersign emergency drill status lists them.' });
  return found;
}

const STEPS = ['Making practice keys', 'Writing the practice roster', 'Making the practice version', 'Signing it'] as const;

async function begin(ports: DrillPorts, { signal, progress }: CallContext): Promise<DrillShown> {
  const place = ports.place();
  const runs = await place.running();
  if (runs !== null) throw new AppError('already-exists', `The drill ${runs} runs already.`, { hint: 'End it first: countersign emergency drill end' });
  const real = (await ports.emergencies()).find(({ by, sla, closed, mergedInto }) => by !== null && sla.state !== 'met' && closed === null && mergedInto === null);
  if (real !== undefined) throw new AppError('not-permitted', `${real.id} runs, and a drill would hide its clock.`, { hint: 'Practise once it is over, or on another console.', details: { emergency: real.record } });
  const id = `drill-${instant(ports.now()).slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`;
  await place.make(id);
  try {
    const { client, close } = ports.open(id);
    const step = (done: number): void => {
      signal.throwIfAborted();
      progress({ label: 'Preparing the drill', item: STEPS[done] ?? null, done, total: STEPS.length, unit: 'steps' });
    };
    const drill = await prepare(ports, id, client, step, signal).finally(close);
    step(STEPS.length);
    await place.keep({ v: 1, drill, score: null });
    await place.start(id);
    return drill;
  } catch (cause) {
    await place.remove(id);
    throw cause;
  }
}

/** Opens every practice key. It is shown in the drill, and protects nothing. */
const PASSPHRASE = 'practice only';
const CODES_EACH = 3;
const ARTIFACT = `${PRACTICE_PRODUCT}-${PRACTICE_VERSION.slice(1)}.tar.gz`;

async function prepare(ports: DrillPorts, id: string, client: Client, step: (done: number) => void, signal: AbortSignal): Promise<DrillShown> {
  const place = ports.place();
  const home = place.folderOf(id);
  const at = (...parts: string[]): string => place.joined(home, 'practice', ...parts);
  const { you, cast, desk } = PRACTICE_PEOPLE;
  step(0);
  const people: (Roster['people'][number] & { readonly file: string; readonly codes: { id: string; words: string[] }[] })[] = [];
  for (const one of [you, ...cast, desk]) {
    signal.throwIfAborted();
    const { key } = await client.call('keys.create', { name: one.name, email: one.email, algorithm: 'ed25519', passphrase: PASSPHRASE, file: null });
    const { armored } = await client.call('keys.export', { key: key.file, out: null });
    const codes = one.phones.length === 0 ? [] : await Promise.all(Array.from({ length: CODES_EACH }, makeCode));
    const named = codes.map((code, place_) => ({ ...code, id: `c0${place_ + 1}` }));
    people.push({
      id: one.id, name: one.name, emails: [one.email], roles: [...one.roles], status: 'active', deputies: [], phones: [...one.phones], file: key.file, codes: named.map(({ id: code, words }) => ({ id: code, words })),
      voice_codes: named.map(({ id: code, salt, scrypt }) => ({ id: code, salt, scrypt, duress: false })), keys: [{ fingerprint: key.fingerprint, cert: armored, use: one.id === desk.id ? ['release', 'admin'] : ['approve'], on: 'file' }],
    });
  }
  const personOf = (wanted: string): (typeof people)[number] => {
    const found = people.find((one) => one.id === wanted);
    if (found === undefined) throw new Error(`${wanted} is in the cast`);
    return found;
  };

  step(1);
  const started = ports.now();
  const { origin, vkey } = await client.call('console.status', {});
  const roster: Roster = {
    v: 1, roster: 'practice', version: 1, expires: instant(new Date(started.getTime() + 366 * 86_400_000)), policy_digests: [...new Set(await place.policyDigests())], thresholds: { admin: 1 }, consoles: [{ origin, vkey, owner: you.id }],
    people: people.map(({ file: _file, codes: _codes, ...person }) => person),
  };
  const draft = (await place.write(at('roster-draft.json'), JSON.stringify(roster))).path;
  const proposed = await client.call('roster.propose', { file: draft, changes: {}, out: at('roster.json') });
  await client.call('roster.sign', { file: proposed.file, key: personOf(desk.id).file, passphrase: PASSPHRASE });
  await client.call('roster.adopt', { file: proposed.file, digest: proposed.digest });
  const { appearance, density, policyFile, idleMinutes } = await ports.settings();
  await client.call('settings.write', { appearance, density, policyFile, idleMinutes });

  step(2);
  const [repo, outputs] = [at(`${PRACTICE_PRODUCT}.git`), at('outputs')];
  const artifact = place.joined(outputs, 'release', ARTIFACT);
  for (const [path, text] of Object.entries(practiceReports(started))) await place.write(place.joined(outputs, path), text);
  const [target, smoke] = [at('target'), (await place.write(at('smoke.xml'), PRACTICE_SMOKE)).path];
  const { commit } = await place.makeProduct({ repo, commits: PRACTICE_COMMITS, from: started, version: PRACTICE_VERSION, archives: [artifact, place.joined(target, ARTIFACT)], prefix: `${PRACTICE_PRODUCT}-${PRACTICE_VERSION.slice(1)}/`, signal });

  step(3);
  await client.call('signing.sign', { local: { file: personOf(desk.id).file, passphrase: PASSPHRASE }, files: [artifact], out: place.joined(outputs, 'release'), release: { version: PRACTICE_VERSION, commit }, replace: false });
  await client.call('evidence.writeManifest', { directory: outputs, commit, run: `practice/${id}` });
  await client.call('release.save', { id: null, draft: { version: PRACTICE_VERSION, declared: ['patch', 'security', 'emergency'], repo, outputs: [outputs], since: 'v1.4.0', policyFile: null } });

  const me = personOf(you.id);
  return {
    id, home, startedAt: instant(ports.now()), endedAt: null, scenario: PRACTICE_SCENARIO, release: { version: PRACTICE_VERSION, repo, outputs, target, smoke },
    you: { id: me.id, name: me.name, key: me.file, passphrase: PASSPHRASE, roles: me.roles },
    cast: cast.map((one) => {
      const { id: who, name, phones, file, codes } = personOf(one.id);
      return { id: who, name, role: one.roles[0], phone: phones[0] ?? '', key: file, passphrase: PASSPHRASE, codes };
    }),
  };
}

const MOST_RECORDS = 10_000;

async function reportOf(ports: DrillPorts, { drill: { id, startedAt, endedAt, release } }: KeptDrill): Promise<DrillReport> {
  const { client, close } = ports.open(id);
  try {
    const { entries } = await client.call('archive.list', { origin: null, event_type: null, release: null, offset: 0, limit: MOST_RECORDS });
    const { verbal } = await client.call('verbal.list', { emergency: null, release: release.version });
    const opening = new Set(verbal.filter(({ opens }) => opens).map(({ record }) => record));
    const records: DrillRecord[] = [];
    for (const { id: entry, seq, time, person } of entries) {
      const { entry: { record } } = await client.call('archive.show', { id: entry });
      records.push({ id: entry, seq, time, record, proven: person === 'proven', opens: opening.has(entry) });
    }
    return drillReport({ id, startedAt, endedAt, release: release.version, records });
  } finally {
    await close();
  }
}
