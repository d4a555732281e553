import { createHash } from 'node:crypto';
import { signedBytes } from '../approval/personal-signature.ts';
import type { Output, Parsed } from '../contract/types.ts';
import { AppError } from '../model/errors.ts';
import { KeyRotationRecord } from '../model/key-records.ts';
import { Fingerprint } from '../model/primitives.ts';
import { writeArmor } from '../openpgp/write-armor.ts';
import { togetherSigned, touchedReleases, transitionStatement } from '../signing/key-transition.ts';
import { certificateOf, heldKey, printOf, textSigner, type HeldKey, type TextSigner } from './held-key.ts';
import type { KeyPorts } from './key-handlers.ts';
import { signingsBy } from './recorded-signings.ts';
import { instant } from './release-handlers.ts';

type Wanted = Parsed<'keys.rotate'>;

/** One key takes another's place: the old one says so itself where it can, and the archive keeps it (policy §5.1.2). */
export async function rotateKey(ports: KeyPorts, input: Wanted, signal: AbortSignal): Promise<Output<'keys.rotate'>> {
  const { how, reason, decidedBy } = input;
  const next = await heldKey(ports, input.new);
  const old = await oldKey(ports, input);
  if (old.fingerprint === next.key.fingerprint) throw new AppError('bad-input', 'The old key and the new one are the same.', { hint: 'Make a new one first: countersign keys new' });
  const signers = await signersOf(ports, old.held, next, input, signal);
  // The archive is opened before anything is written: what is done here is recorded.
  const archive = await ports.archive();
  const at = instant(ports.now());
  const since = how.kind === 'planned' ? null : how.since;
  if (since !== null && Date.parse(since) > Date.parse(at)) throw new AppError('bad-input', `${since} is yet to come.`, { hint: 'Name when the key was last surely in the right hands.' });
  const touched = since === null ? [] : touchedReleases(await signingsBy(archive, [old.fingerprint, old.signing ?? old.fingerprint]), since);
  const certified = await certifiedBy(ports, old.held, next, input);
  const statement = transitionStatement({ old, next: next.key, at, kind: how.kind, since, reason, decidedBy });
  const record = KeyRotationRecord.parse({
    event_type: 'key_rotation', rotated_at: at, kind: how.kind, old_fingerprint: old.fingerprint, new_fingerprint: next.key.fingerprint, reason, decided_by: decidedBy, since,
    statement_sha256: createHash('sha256').update(statement).digest('hex'), signed_by: signers.map(({ fingerprint }) => fingerprint), certified,
    releases_touched: touched.slice(0, 200), releases_touched_total: touched.length, releases_undetermined_total: touched.filter(({ state }) => state === 'undetermined').length,
  });
  const parts = { record: { ...record }, refs: [], attachments: [] };
  const [overStatement, overRecord] = [await signedByAll(signers, statement), await signedByAll(signers, signedBytes(parts))];
  const name = `key-transition-${next.key.fingerprint}.txt`;
  const certificates = [...(old.held === null ? [] : [old.held]), next].map(async (held) => ({ path: `${held.key.fingerprint}.asc`, bytes: Buffer.from(writeArmor('PUBLIC KEY BLOCK', await certificateOf(ports, held))) }));
  const written = await ports.writeFiles(input.out, [
    { path: name, bytes: Buffer.from(statement) }, { path: `${name}.asc`, bytes: Buffer.from(togetherSigned(overStatement.map(({ asc }) => asc))) }, ...(await Promise.all(certificates)),
  ], false);
  const { id } = await ports.append({ ...parts, signatures: overRecord });
  return { record: id, old: old.fingerprint, new: next.key.fingerprint, certified, written, touched, next: nextSteps(old, next, how.kind, since, certified) };
}

interface OldKey {
  readonly fingerprint: string;
  readonly signing: string | null;
  readonly users: readonly string[];
  /** null where it is not here any more, as a lost key need not be. */
  readonly held: HeldKey | null;
}

async function oldKey(ports: KeyPorts, { old, how }: Wanted): Promise<OldKey> {
  const gone = (cause: unknown): null => {
    if (how.kind !== 'planned' && cause instanceof AppError && cause.code === 'not-found') return null;
    throw cause;
  };
  const held = await heldKey(ports, old).catch(gone);
  if (held !== null) return { fingerprint: held.key.fingerprint, signing: held.key.signing, users: held.key.users, held };
  const print = Fingerprint.safeParse(printOf(old));
  if (!print.success) throw new AppError('not-found', `There is no key ${old} here.`, { hint: 'Name a lost key by its whole fingerprint.', details: { key: old } });
  return { fingerprint: print.data, signing: null, users: [], held: null };
}

/** Both keys sign, so that who trusts the old one can follow; one that was lost or stolen proves nothing any more. */
async function signersOf(ports: KeyPorts, old: HeldKey | null, next: HeldKey, { how, newPassphrase }: Wanted, signal: AbortSignal): Promise<TextSigner[]> {
  const byNew = await textSigner(ports, next, newPassphrase, signal);
  return how.kind === 'planned' && old !== null ? [await textSigner(ports, old, how.passphrase, signal), byNew] : [byNew];
}

async function signedByAll(signers: readonly TextSigner[], text: string): Promise<{ fingerprint: string; asc: string }[]> {
  const made: { fingerprint: string; asc: string }[] = [];
  for (const { fingerprint, sign } of signers) made.push({ fingerprint, asc: await sign(text) });
  return made;
}

/** The old key certifies the new one's user ids where both are in files; elsewhere a person does it in gpg. */
async function certifiedBy({ local }: KeyPorts, old: HeldKey | null, next: HeldKey, { how }: Wanted): Promise<boolean> {
  if (how.kind !== 'planned' || how.passphrase === null || old?.at !== 'file' || next.at !== 'file') return false;
  await local.certify(next.key.file, { file: old.key.file, passphrase: how.passphrase.reveal() });
  return true;
}

function nextSteps({ fingerprint, held }: OldKey, next: HeldKey, kind: Wanted['how']['kind'], since: string | null, certified: boolean): string[] {
  const print = next.key.fingerprint;
  const certify = certified || kind !== 'planned' ? [] : [`gpg --import ${print}.asc && gpg --local-user ${fingerprint} --quick-sign-key ${print}`];
  const cause = kind === 'planned' ? 'superseded' : kind === 'stolen' ? 'compromised' : 'unspecified';
  const revoke = held?.at === 'file'
    ? `countersign keys revoke ${fingerprint} --reason ${cause} --words WORDS${kind === 'planned' ? '' : ' --certificate FILE'}`
    : `gpg --import ${fingerprint}.rev && gpg --send-keys ${fingerprint}`;
  return [
    ...certify,
    ...(since === null ? [] : [`countersign keys propose-revocation ${fingerprint} --since ${since} --reason ${cause} --words WORDS --out FILE (the administrators decide it by their signatures)`]),
    `have the administrators put ${print} into the roster in the place of ${fingerprint}`,
    `countersign keys publish ${print} --out DIR`,
    kind === 'planned' ? `${revoke} (once nobody needs the old key)` : revoke,
  ];
}
