import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../../core/model/errors.ts';
import { Roster, type RosterInForce } from '../../../core/model/roster.ts';
import { assertSucceeds, whyNotInForce, type SignedRoster } from '../../../core/roster/judge-roster.ts';
import { decidedBy, type RevokedKeys } from '../../../core/roster/revocations.ts';
import { verifyHeld } from '../../../core/openpgp/verify-held.ts';
import { sha256Of } from '../../../core/workflow/canonical.ts';
import { ensureHome } from '../home-folder.ts';
import { readText } from '../text-files.ts';
import { rosterKeyring } from './roster-keyring.ts';
import { signaturesBeside } from './signatures-beside.ts';

const MAX_ROSTER_BYTES = 16 * 1024 * 1024;
const FILE = 'roster.json';

/** The roster that a console holds, and whether it is in force. */
export interface HeldRoster {
  readonly signed: SignedRoster;
  /** Why it gives nobody authority; null where it is in force. */
  readonly problem: string | null;
}

/** Keeps the roster in the data folder, with its signatures, which are verified each time that it is read. */
export interface RosterKeeper {
  /** What is held; null where there is none. Errors: `storage-failed` where it was changed and is a roster no more. */
  readonly held: (at: string) => Promise<HeldRoster | null>;
  readonly inForce: (at: string) => Promise<RosterInForce | null>;
  /** Every version that was ever adopted here, the newest first. */
  readonly everHeld: () => Promise<readonly RosterInForce[]>;
  /** Errors: those of `readSignedRoster` and `assertSucceeds`. */
  readonly adopt: (file: string, expectedDigest: string | null) => Promise<SignedRoster>;
}

export function rosterKeeper(home: string, now: () => Date, revokedKeys: () => Promise<RevokedKeys>): RosterKeeper {
  /** An administrator's key that was revoked signs no new roster. */
  const withoutRevoked = async (signed: SignedRoster): Promise<SignedRoster> => {
    const revoked = await revokedKeys();
    return { ...signed, signers: new Set([...signed.signers].filter((fingerprint) => !revoked.has(fingerprint))) };
  };
  const folder = join(home, 'roster');
  let known: { readonly bytes: string; readonly signed: SignedRoster } | null = null;
  const before = new Map<string, SignedRoster>();
  const replaced = async (): Promise<SignedRoster[]> => {
    const versions = (await readdir(`${folder}-before`).catch(() => [])).filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(b) - Number(a));
    return Promise.all(versions.map(async (version) => {
      const signed = before.get(version) ?? (await readSignedRoster(join(`${folder}-before`, version, FILE), now));
      before.set(version, signed);
      return signed;
    }));
  };
  const read = async (): Promise<SignedRoster | null> => {
    const file = join(folder, FILE);
    if (!existsSync(file)) return null;
    const bytes = await readFile(file, 'utf8');
    // Signatures are checked once a process for the same bytes.
    if (known?.bytes === bytes) return known.signed;
    const signed = await readSignedRoster(file, now);
    known = { bytes, signed };
    return signed;
  };
  const held = async (at: string): Promise<HeldRoster | null> => {
    const signed = await read();
    return signed === null ? null : { signed, problem: whyNotInForce(signed, at) };
  };
  return {
    held,
    inForce: async (at) => {
      const found = await held(at);
      return found === null || found.problem !== null ? null : { roster: found.signed.roster, digest: found.signed.digest, signedAt: found.signed.signedAt ?? null };
    },
    everHeld: async () => {
      const current = await read();
      // What was changed where it is kept reaches its own threshold no more.
      return [...(current === null ? [] : [current]), ...(await replaced())].filter(({ roster, signers }) => decidedBy({ roster }, [...signers]).reached);
    },
    adopt: async (given, expectedDigest) => {
      const file = resolve(given);
      const current = await read();
      const next = await readSignedRoster(file, now, current?.roster ?? null);
      assertSucceeds(await withoutRevoked(next), current, expectedDigest);
      await ensureHome(home);
      await keep(file, folder);
      known = null;
      return next;
    },
  };
}

/** Puts a roster and its signatures in place as one step; the one before it is kept beside it. */
async function keep(file: string, folder: string): Promise<void> {
  const draft = await mkdtemp(`${folder}.draft-`);
  try {
    await writeFile(join(draft, FILE), await readFile(file), { mode: 0o600 });
    for (const [at, signature] of (await signaturesBeside(file)).entries()) await writeFile(join(draft, `${FILE}.${at}.asc`), await readFile(signature), { mode: 0o600 });
    if (existsSync(folder)) {
      const before = Roster.parse(JSON.parse(await readFile(join(folder, FILE), 'utf8')));
      await mkdir(`${folder}-before`, { recursive: true, mode: 0o700 });
      await rm(join(`${folder}-before`, String(before.version)), { recursive: true, force: true });
      await rename(folder, join(`${folder}-before`, String(before.version)));
    }
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/**
 * Reads a roster file with the signatures beside it (`FILE.asc`, `FILE.NAME.asc`), each verified against the
 * certificates of administrators that it carries itself, and those that the one before it did. Errors: `not-found`, `malformed`, `too-large`, and those of gpg.
 */
async function readSignedRoster(file: string, now: () => Date, before: Roster | null = null): Promise<SignedRoster> {
  const text = await readText(file, MAX_ROSTER_BYTES);
  const roster = parseRoster(text, file);
  const keyring = rosterKeyring(before === null ? [roster] : [roster, before], 'admin');
  const signers = new Set<string>();
  let signedAt: string | null = null;
  for (const signature of await signaturesBeside(file)) {
    // Over the very bytes that were parsed.
    for (const { today, primary, created } of verifyHeld(await readFile(signature), Buffer.from(text, 'utf8'), keyring, now())) {
      if (today !== 'good' || primary === null) continue;
      signers.add(primary);
      if (created !== null && (signedAt === null || created > signedAt)) signedAt = created;
    }
  }
  return { roster, digest: sha256Of(text), signers, signedAt };
}

function parseRoster(text: string, file: string): Roster {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('malformed', `${file} is not JSON: ${cause instanceof Error ? cause.message : ''}`, { details: { path: file }, cause });
  }
  const parsed = Roster.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('malformed', `${file} is not a roster: ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`, {
    hint: 'schemas/roster.schema.json describes its form.', details: { path: file, place: issue?.path.map(String).join('.') ?? '' },
  });
}
