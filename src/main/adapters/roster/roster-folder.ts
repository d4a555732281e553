import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../../core/model/errors.ts';
import { Roster, type RosterInForce } from '../../../core/model/roster.ts';
import { assertSucceeds, couldFollow, openFork, thresholdOf, whyFrozen, whyNotInForce, type OpenFork, type SignedRoster } from '../../../core/roster/judge-roster.ts';
import type { RevokedKeys } from '../../../core/roster/revocations.ts';
import { ensureHome } from '../home-folder.ts';
import type { ReadRoster } from '../../../core/service/next-roster.ts';
import { readSignedRoster } from './read-signed-roster.ts';
import { signaturesBeside } from './signatures-beside.ts';

const FILE = 'roster.json';

/** The roster that a console holds, and whether it is in force. */
export interface HeldRoster {
  readonly signed: SignedRoster;
  /** Why it gives nobody authority; null where it is in force. */
  readonly problem: string | null;
}

/** The newest version that this console's own log says was taken here. */
export interface TakenHere {
  readonly version: number;
  readonly digest: string;
  readonly record: string;
}

/** What was taken, as it lies here: to be recorded, shown or handed on. */
export interface KeptRoster extends ReadRoster {
  readonly file: string;
}

/** Keeps the roster in the data folder, with its signatures, which are verified each time that it is read. */
export interface RosterKeeper {
  /** What is held; null where there is none. Errors: `storage-failed` where it was changed and is a roster no more. */
  readonly held: (at: string) => Promise<HeldRoster | null>;
  readonly inForce: (at: string) => Promise<RosterInForce | null>;
  /** Every version that was ever adopted here, the newest first. */
  readonly everHeld: () => Promise<readonly RosterInForce[]>;
  /** The same as files, the newest first, and other valid rosters of some version, which were shown to this console and not taken. */
  readonly kept: () => Promise<{ readonly held: readonly KeptRoster[]; readonly rivals: readonly KeptRoster[]; readonly fork: OpenFork }>;
  /** Reads a file with its signatures, by the certificates that it carries and those of every roster that is known here. */
  readonly read: (file: string) => Promise<ReadRoster>;
  /** Errors: those of `readSignedRoster` and `assertSucceeds`; a valid second roster of a version is kept, and freezes authority. */
  readonly adopt: (file: string, expectedDigest: string | null) => Promise<SignedRoster>;
}

export function rosterKeeper(home: string, now: () => Date, { revokedKeys, takenHere }: { readonly revokedKeys: () => Promise<RevokedKeys>; readonly takenHere: () => Promise<TakenHere | null> }): RosterKeeper {
  /** An administrator's key that was revoked signs no new roster. */
  const withoutRevoked = async <Signed extends SignedRoster>(signed: Signed): Promise<Signed> => {
    const revoked = await revokedKeys();
    return { ...signed, signers: new Set([...signed.signers].filter((fingerprint) => !revoked.has(fingerprint))) };
  };
  const folder = join(home, 'roster');
  const rivalsFolder = join(home, 'roster-rivals');
  // Signatures are checked once a process for the same bytes.
  const known = new Map<string, KeptRoster>();
  const read = async (place: string): Promise<KeptRoster | null> => {
    const file = join(place, FILE);
    if (!existsSync(file)) return null;
    const bytes = await readFile(file, 'utf8');
    const before = known.get(file);
    if (before?.text === bytes) return before;
    const signed = { ...(await readSignedRoster(file, now)), file };
    known.set(file, signed);
    return signed;
  };
  const foldersIn = async (place: string, name: RegExp): Promise<string[]> => (await readdir(place).catch(() => [])).filter((one) => name.test(one)).map((one) => join(place, one));
  const current = (): Promise<KeptRoster | null> => read(folder);
  const replaced = async (): Promise<KeptRoster[]> => {
    const found = (await Promise.all((await foldersIn(`${folder}-before`, /^\d+$/)).map(read))).filter((one) => one !== null);
    return found.sort((a, b) => b.roster.version - a.roster.version);
  };
  const kept: RosterKeeper['kept'] = async () => {
    const first = await current();
    // What was changed where it is kept reaches its own threshold no more.
    const held = [...(first === null ? [] : [first]), ...(await replaced())].filter(({ roster, signers }) => thresholdOf(roster, signers).reached);
    const rivals = (await Promise.all((await foldersIn(rivalsFolder, /^[0-9a-f]{64}$/)).map(read))).filter((one) => one !== null);
    return { held, rivals, fork: openFork(held, rivals) };
  };
  /** A folder that was put back from an old copy, or exchanged, is told by the log of this console. */
  const whyNotTaken = async ({ roster, digest }: SignedRoster): Promise<string | null> => {
    const taken = await takenHere();
    if (taken === null || roster.version > taken.version || taken.digest === digest) return null;
    return roster.version < taken.version
      ? `Version ${taken.version} was taken here (${taken.record}), and version ${roster.version} lies in its place: an older roster was put back`
      : `The roster ${taken.digest.slice(0, 12)} was taken here as version ${taken.version} (${taken.record}), and another lies in its place`;
  };
  const held = async (at: string): Promise<HeldRoster | null> => {
    const signed = await current();
    if (signed === null) return null;
    const all = await kept();
    return { signed, problem: whyNotInForce(signed, at) ?? (await whyNotTaken(signed)) ?? whyFrozen([signed, ...all.held], all.rivals) };
  };
  const everyRoster = async (): Promise<Roster[]> => {
    const all = await kept();
    return [...all.held, ...all.rivals].map(({ roster }) => roster);
  };
  return {
    held, kept,
    inForce: async (at) => {
      const found = await held(at);
      return found === null || found.problem !== null ? null : { roster: found.signed.roster, digest: found.signed.digest, signedAt: found.signed.signedAt ?? null };
    },
    everHeld: async () => (await kept()).held,
    read: async (file) => withoutRevoked(await readSignedRoster(resolve(file), now, await everyRoster())),
    adopt: async (given, expectedDigest) => {
      const file = resolve(given);
      const first = await current();
      const all = await kept();
      const next = await readSignedRoster(file, now, await everyRoster());
      const valid = await withoutRevoked(next);
      await keepRival(file, valid, all.held);
      assertSucceeds(valid, first, expectedDigest, all.fork);
      const problem = first === null ? null : await whyNotTaken(first);
      if (problem !== null) throw new AppError('not-permitted', `${problem}.`, { hint: 'Put the newest roster that was taken back from a backup, or from another console.' });
      await ensureHome(home);
      await keep(file, folder);
      return next;
    },
  };

  /** Two valid rosters of one version are kept, whichever came first: nobody's word counts until a later version names both. */
  async function keepRival(file: string, next: SignedRoster, versions: readonly KeptRoster[]): Promise<void> {
    const same = versions.find(({ roster }) => roster.version === next.roster.version);
    const before = versions.find(({ roster }) => roster.version === next.roster.version - 1);
    if (same === undefined || before === undefined || same.digest === next.digest || !couldFollow(next, before)) return;
    await mkdir(rivalsFolder, { recursive: true, mode: 0o700 });
    if (!existsSync(join(rivalsFolder, next.digest))) await copyInto(file, join(rivalsFolder, next.digest));
  }
}

/** Puts a roster and its signatures in place as one step; the one before it is kept beside it. */
async function keep(file: string, folder: string): Promise<void> {
  await copyInto(file, folder, async () => {
    if (!existsSync(folder)) return;
    const before = Roster.parse(JSON.parse(await readFile(join(folder, FILE), 'utf8')));
    await mkdir(`${folder}-before`, { recursive: true, mode: 0o700 });
    await rm(join(`${folder}-before`, String(before.version)), { recursive: true, force: true });
    await rename(folder, join(`${folder}-before`, String(before.version)));
  });
}

async function copyInto(file: string, folder: string, makeRoom: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  const draft = await mkdtemp(`${folder}.draft-`);
  try {
    await writeFile(join(draft, FILE), await readFile(file), { mode: 0o600 });
    for (const [at, signature] of (await signaturesBeside(file)).entries()) await writeFile(join(draft, `${FILE}.${at}.asc`), await readFile(signature), { mode: 0o600 });
    await makeRoom();
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
