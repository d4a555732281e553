import type { CallContext, Handlers } from '../contract/serve.ts';
import type { Output, Parsed } from '../contract/types.ts';
import { AppError } from '../model/errors.ts';
import { pgpWords } from '../model/pgp-words.ts';
import type { Roster } from '../model/roster.ts';
import { changesBetween } from '../roster/changes.ts';
import { assertSucceeds, thresholdOf, whoGrantsThemselves, type SignedRoster } from '../roster/judge-roster.ts';
import type { Adoption, RosterLife } from '../roster/lives.ts';
import { nextRoster } from '../roster/propose.ts';
import { heldKey, textSigner, type HeldKeyPorts } from './held-key.ts';
import { nextCommands, nextFrom, writeNext, type ReadRoster } from './next-roster.ts';
import { instant } from './release-handlers.ts';
import { voiceCodeHandlers, type VoiceCodePorts } from './voice-codes.ts';

export interface RosterPorts extends HeldKeyPorts, VoiceCodePorts {
  readonly held: (at: string, signal: AbortSignal) => Promise<{ readonly signed: SignedRoster; readonly problem: string | null } | null>;
  readonly lives: () => Promise<readonly RosterLife[]>;
  readonly adoptions: () => Promise<readonly (Adoption & { readonly id: string })[]>;
  /** With the signatures beside it. Errors: `not-found`, `malformed`, `too-large`. */
  readonly read: (file: string) => Promise<ReadRoster>;
  readonly adopt: (file: string, expectedDigest: string | null, context: CallContext) => Promise<SignedRoster>;
  /** Takes every version that the archive brought and that can follow; says why where none could. */
  readonly adoptReceived: (context: CallContext) => Promise<void>;
  /** Certificates in a file, armored, by the fingerprints of their primary keys. */
  readonly certificatesIn: (file: string) => Promise<ReadonlyMap<string, string>>;
  readonly baseName: (path: string) => string;
}

type Owned = 'roster.makeVoiceCodes' | 'roster.voiceCodes' | 'roster.read' | 'roster.show' | 'roster.propose' | 'roster.sign' | 'roster.verify' | 'roster.adopt';

/** The people whose word counts, and how the next version of them comes to be (FORMATS §5). */
export function rosterHandlers(ports: RosterPorts): Pick<Handlers, Owned> {
  return {
    ...voiceCodeHandlers(ports),
    'roster.read': async (_input, { signal }) => {
      const held = await ports.held(instant(ports.now()), signal);
      return { held: held === null ? null : shown(held.signed, held.problem) };
    },
    'roster.show': async ({ version }, { signal }) => show(ports, version, signal),
    'roster.propose': async (input) => propose(ports, input),
    'roster.sign': async ({ file, key, passphrase }, { signal }) => {
      const next = await ports.read(file);
      const { held } = await ports.kept();
      const signerKey = await heldKey(ports, key);
      const rosters = [next, ...held.slice(0, 1)];
      const person = rosters.flatMap(({ roster }) => roster.people).find(({ status, keys }) => status === 'active' && keys.some(({ fingerprint, use }) => fingerprint === signerKey.key.fingerprint && use.includes('admin')));
      if (person === undefined) throw new AppError('not-permitted', `The key ${signerKey.key.fingerprint} is no administrator's, neither in ${file} nor in the roster that is held.`, { hint: 'Use the key that the roster names for admin.', details: { fingerprint: signerKey.key.fingerprint } });
      const signer = await textSigner(ports, signerKey, passphrase ?? null, signal);
      const { path } = await ports.writeNew(`${file}.${person.id}.asc`, await signer.sign(next.text));
      return { signature: path, person: person.name, fingerprint: signer.fingerprint, digest: next.digest };
    },
    'roster.verify': async ({ file }) => verify(ports, file),
    'roster.adopt': async ({ file, digest }, context) => {
      if (file !== null) return shown(await ports.adopt(file, digest, context), null);
      await ports.adoptReceived(context);
      const held = await ports.held(instant(ports.now()), context.signal);
      if (held === null) throw new AppError('not-permitted', 'No roster is held yet, and the first is taken from a file with its digest, which comes by another way.', { hint: 'countersign roster adopt FILE --digest SHA256' });
      return shown(held.signed, held.problem);
    },
  };
}

async function show(ports: RosterPorts, version: number | null, signal: AbortSignal): Promise<Output<'roster.show'>> {
  const current = await ports.held(instant(ports.now()), signal);
  if (current === null) throw new AppError('not-found', 'This console holds no roster.', { hint: 'countersign roster adopt FILE --digest SHA256' });
  const { held, fork } = await ports.kept();
  const signed = version === null || version === current.signed.roster.version ? current.signed : held.find(({ roster }) => roster.version === version);
  if (signed === undefined) throw new AppError('not-found', `Version ${version ?? 0} was never held here.`, { hint: `Held were ${held.map(({ roster }) => roster.version).join(', ')}.` });
  const lives = await ports.lives();
  const rivals = fork.rivals.flatMap((rival) => ('file' in rival && typeof rival.file === 'string' ? [{ version: rival.roster.version, digest: rival.digest, file: rival.file }] : []));
  const takenBy = (await ports.adoptions()).filter(({ digest }) => digest === signed.digest).map(({ origin, time, id }) => ({ origin, at: time, record: id }));
  const before = held.find(({ roster }) => roster.version === signed.roster.version - 1);
  const replaced = lives.find(({ digest }) => digest === signed.digest);
  const problem = signed.digest === current.signed.digest ? current.problem : `Version ${current.signed.roster.version} took its place at ${replaced?.until ?? 'a time that is not known'}`;
  return {
    view: shown(signed, problem), roster: signed.roster, takenBy, rivals, changes: before === undefined ? [] : changesBetween(before.roster, signed.roster),
    versions: lives.map(({ roster, digest, from, until, disputed }) => ({ version: roster.version, digest, from, until, problem: disputed })),
  };
}

/** Writes the next version as a file to be signed, with what it changes. */
async function propose(ports: RosterPorts, { file, changes, out }: Parsed<'roster.propose'>): Promise<Output<'roster.propose'>> {
  const { before, base, fork } = await nextFrom(ports, file);
  const addKeys = await Promise.all(changes.addKeys.map(async ({ id, file: keyFile, fingerprint, use, on }) => ({ id, use, on, ...(await certificate(ports, keyFile, fingerprint)) })));
  const next = nextRoster(base, { ...changes, addKeys, voiceCodes: [] }, fork.digests);
  const { path, digest } = await writeNext(ports, next, out);
  const asked = [...(before === undefined ? [] : [before]), ...fork.rivals].map(({ roster }) => roster);
  const asks = [...asked, next].map((roster) => ({ version: roster.version, needed: roster.thresholds.admin, administrators: administratorsOf(roster) }));
  const granted = before === undefined ? [] : administratorsOf(before.roster).filter((id) => whoGrantsThemselves({ roster: next, digest: '', signers: new Set(before.roster.people.find((one) => one.id === id)?.keys.map(({ fingerprint }) => fingerprint)) }, before) !== null);
  return {
    file: path, version: next.version, digest, words: pgpWords(digest), asks,
    changes: before === undefined ? next.people.map(({ name, roles }) => `+ ${name}: ${roles.join(', ') || 'no role'}`) : changesBetween(before.roster, next),
    notes: granted.map((id) => `${id} gains a role, so another administrator has to sign it besides`),
    next: nextCommands(path, digest, before !== undefined),
  };
}

async function certificate(ports: RosterPorts, file: string, wanted: string | null): Promise<{ fingerprint: string; cert: string }> {
  const found = await ports.certificatesIn(file);
  const [first] = wanted === null ? [...found.keys()] : [wanted];
  const cert = first === undefined ? undefined : found.get(first);
  if (first === undefined || cert === undefined) throw new AppError('not-found', wanted === null ? `${file} holds no public key.` : `${file} does not hold the key ${wanted}.`, { details: { path: file } });
  if (wanted === null && found.size > 1) throw new AppError('bad-input', `${file} holds ${found.size} keys.`, { hint: 'Say which by its fingerprint, or export one alone.', details: { path: file } });
  return { fingerprint: first, cert };
}

function administratorsOf({ people }: Roster): string[] {
  return people.filter(({ status, keys }) => status === 'active' && keys.some(({ use }) => use.includes('admin'))).map(({ id }) => id);
}

async function verify(ports: RosterPorts, file: string): Promise<Output<'roster.verify'>> {
  const next = await ports.read(file);
  const { held, fork } = await ports.kept();
  const before = held[0] ?? null;
  const whose = (primary: string | null): string | null => [next.roster, ...held.map(({ roster }) => roster)].flatMap(({ people }) => people).find(({ keys }) => keys.some(({ fingerprint }) => fingerprint === primary))?.name ?? null;
  const followed = before === null || before.roster.version >= next.roster.version ? [] : [before, ...fork.rivals];
  const problem = before?.digest === next.digest ? null : refusal(() => assertSucceeds(next, before, before === null ? next.digest : null, fork));
  return {
    roster: next.roster.roster, version: next.roster.version, digest: next.digest, words: pgpWords(next.digest), expires: next.roster.expires,
    signatures: next.signatures.flatMap(({ file: signature, judged }) => judged.map(({ primary, fingerprint, today, why, status }) => ({
      file: ports.baseName(signature), person: whose(primary), fingerprint: primary ?? fingerprint,
      good: today === 'good' && primary !== null && next.signers.has(primary), why: today !== 'good' ? (why ?? status) : primary !== null && !next.signers.has(primary) ? 'administrators revoked its key' : null,
    }))),
    thresholds: [{ version: next.roster.version, digest: null, ...thresholdOf(next.roster, next.signers) }, ...followed.map((one) => ({ version: one.roster.version, digest: one.digest, ...thresholdOf(one.roster, next.signers) }))],
    changes: before === null || before.digest === next.digest ? [] : changesBetween(before.roster, next.roster),
    verdict: problem !== null ? 'refused' : before === null ? 'first' : before.digest === next.digest ? 'held' : 'adoptable', problem,
  };
}

function refusal(work: () => void): string | null {
  try {
    work();
    return null;
  } catch (cause) {
    if (cause instanceof AppError) return cause.message;
    throw cause;
  }
}

function shown({ roster, digest, signers }: SignedRoster, problem: string | null): Output<'roster.adopt'> {
  return {
    roster: roster.roster, version: roster.version, digest, expires: roster.expires, problem,
    threshold: roster.thresholds.admin, policies: roster.policy_digests,
    people: roster.people.map(({ id, name, roles, status, keys, deputies }) => ({
      id, name, roles, status, deputies,
      keys: keys.map(({ fingerprint, use, on }) => ({ fingerprint, use, on })),
      signedThis: keys.some(({ fingerprint, use }) => use.includes('admin') && signers.has(fingerprint)),
    })),
    consoles: roster.consoles.map(({ origin, owner }) => ({ origin, owner })), words: pgpWords(digest),
  };
}
