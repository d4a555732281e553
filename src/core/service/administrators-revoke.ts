import { z } from 'zod';
import { signedBytes } from '../approval/personal-signature.ts';
import type { Handlers } from '../contract/serve.ts';
import { Entry, PersonalSignature } from '../model/archive.ts';
import { AppError } from '../model/errors.ts';
import { KeyRevocationRecord } from '../model/key-records.ts';
import { Fingerprint } from '../model/primitives.ts';
import type { RosterInForce } from '../model/roster.ts';
import { decidedBy, decisionOf, type RevokedKeys } from '../roster/revocations.ts';
import { touchedReleases } from '../signing/key-transition.ts';
import { sha256Of } from '../workflow/canonical.ts';
import { recordsOf } from './archive-port.ts';
import { heldKey, printOf } from './held-key.ts';
import type { KeyPorts } from './key-handlers.ts';
import { signingsBy } from './recorded-signings.ts';
import { instant } from './release-handlers.ts';

type Decision = Pick<Entry, 'record' | 'refs' | 'attachments' | 'signatures'>;

export interface DecisionPorts extends KeyPorts {
  readonly rosterInForce: (at: string) => Promise<RosterInForce | null>;
  /** Which administrators' keys signed it. */
  readonly administratorsOf: (decision: Decision, roster: RosterInForce, at: Date) => readonly string[];
  readonly revokedKeys: () => Promise<RevokedKeys>;
  readonly readText: (path: string, maxBytes: number) => Promise<string>;
  /** The texts of `FILE.asc` and `FILE.NAME.asc`. */
  readonly readSignatures: (file: string) => Promise<readonly string[]>;
}

/** As many as an entry carries. */
const MAX_DECISION_BYTES = 65_535;

/** A lost or stolen key is revoked by a threshold of the administrators, without it (FORMATS §5). */
export function decisionHandlers(ports: DecisionPorts): Pick<Handlers, 'keys.proposeRevocation' | 'keys.recordRevocation'> {
  return {
    'keys.proposeRevocation': async ({ key, cause, since, words, out }) => {
      const at = instant(ports.now());
      const inForce = await rosterOf(ports, at);
      if (Date.parse(since) > Date.parse(at)) throw new AppError('bad-input', `${since} is yet to come.`, { hint: 'Name when the key was last surely in the right hands.' });
      const { fingerprint, prints } = await namedKey(ports, key, inForce);
      const touched = touchedReleases(await signingsBy(await ports.archive(), prints), since);
      const { roster, digest } = inForce;
      const record = KeyRevocationRecord.parse({
        event_type: 'key_revocation', revoked_at: at, key_fingerprint: fingerprint, cause, reason: words, by: 'administrators', since,
        roster: { name: roster.roster, version: roster.version, digest }, releases_touched: touched.slice(0, 200), releases_touched_total: touched.length,
      });
      const text = signedBytes({ record: { ...record }, refs: [], attachments: [] });
      const { path } = await ports.writeText(out, text);
      const administrators = roster.people.filter(({ status, keys }) => status === 'active' && keys.some(({ use }) => use.includes('admin'))).map(({ id }) => id);
      return {
        fingerprint, file: path, sha256: sha256Of(text), touched, administrators, threshold: roster.thresholds.admin,
        next: [
          `each of ${roster.thresholds.admin} of ${administrators.join(', ')}: gpg --armor --local-user KEY --output ${path}.NAME.asc --detach-sign ${path}`,
          `countersign keys record-revocation ${path}`,
        ],
      };
    },
    'keys.recordRevocation': async ({ file }) => {
      const at = instant(ports.now());
      const inForce = await rosterOf(ports, at);
      const decision = readDecision(await ports.readText(file, MAX_DECISION_BYTES), file);
      const signatures = await ports.readSignatures(file);
      const named = signatures.map((asc) => ({ asc, by: ports.administratorsOf({ ...decision, signatures: [{ fingerprint: '0'.repeat(40), asc }] }, inForce, ports.now()) }));
      const revoked = await ports.revokedKeys();
      const counted = named.flatMap(({ asc, by: [fingerprint] }) => (fingerprint === undefined || revoked.has(fingerprint) ? [] : [PersonalSignature.parse({ fingerprint, asc })]));
      const { people, threshold, reached } = decidedBy(inForce, counted.map(({ fingerprint }) => fingerprint));
      const { key_fingerprint: fingerprint, since, roster } = decision.revocation;
      if (!reached) {
        throw new AppError('not-permitted', `${people.length} of the ${threshold} administrators who are asked for signed ${file}${people.length === 0 ? '' : `: ${people.join(', ')}`}.`, {
          hint: `Have another sign these very bytes: gpg --armor --local-user KEY --output ${file}.NAME.asc --detach-sign ${file}`, details: { path: file },
        });
      }
      if (roster?.digest !== inForce.digest) {
        throw new AppError('not-permitted', `${file} was proposed under version ${roster?.version ?? 0} of the roster, and version ${inForce.roster.version} is in force.`, { hint: 'Propose it again: countersign keys propose-revocation', details: { path: file } });
      }
      const archive = await ports.archive();
      const before = await recordsOf(archive, { event_type: 'key_revocation', release: null, limit: 1_000 });
      const same = before.find(({ record }) => signedBytes({ record, refs: [], attachments: [] }) === signedBytes(decision));
      if (same !== undefined) throw new AppError('already-exists', `This decision is recorded already, as ${same.id}.`, { details: { record: same.id } });
      const { id } = await ports.append({ record: decision.record, refs: [], attachments: [], signatures: counted.slice(0, 16) });
      return {
        record: id, fingerprint, since, decidedBy: [...people], threshold,
        next: ['hand the archive on (countersign sync), so that every console knows', 'have the administrators put the new or spare key into the roster in its place', 'publish the revoked key, so that others learn of it too'],
      };
    },
  };
}

async function rosterOf(ports: DecisionPorts, at: string): Promise<RosterInForce> {
  const inForce = await ports.rosterInForce(at);
  if (inForce !== null) return inForce;
  throw new AppError('not-permitted', 'No roster is in force on this console, so there are no administrators who could decide.', { hint: 'Take your organisation’s: countersign roster adopt FILE --digest SHA256' });
}

/** One that the roster names, that is held here, or a whole fingerprint: a lost key may be neither. */
async function namedKey(ports: DecisionPorts, named: string, { roster }: RosterInForce): Promise<{ readonly fingerprint: string; readonly prints: readonly string[] }> {
  const held = await heldKey(ports, named).catch((cause: unknown) => {
    if (cause instanceof AppError && cause.code === 'not-found') return null;
    throw cause;
  });
  if (held !== null) return { fingerprint: held.key.fingerprint, prints: [held.key.fingerprint, ...(held.key.signing === null ? [] : [held.key.signing])] };
  const print = printOf(named);
  const rostered = [...new Set(roster.people.flatMap(({ keys }) => keys.map(({ fingerprint }) => fingerprint)))].filter((fingerprint) => print.length >= 16 && fingerprint.endsWith(print));
  if (rostered.length === 1 && rostered[0] !== undefined) return { fingerprint: rostered[0], prints: [rostered[0]] };
  const whole = Fingerprint.safeParse(print);
  if (!whole.success) throw new AppError('not-found', `There is no key ${named}, neither here nor in the roster.`, { hint: 'Name a lost key by its whole fingerprint.', details: { key: named } });
  return { fingerprint: whole.data, prints: [whole.data] };
}

const Proposed = z.strictObject({ context: z.literal('countersign/key_revocation/v1'), record: Entry.shape.record, refs: z.array(z.never()), attachments: z.array(z.never()) });

/** What was signed is read to the byte: it must be what would be written again. */
function readDecision(text: string, file: string): Decision & { readonly revocation: KeyRevocationRecord & { readonly since: string } } {
  const malformed = (why: string): AppError => new AppError('malformed', `${file} is no proposal to revoke a key: ${why}.`, { hint: 'countersign keys propose-revocation writes one.', details: { path: file } });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('it is not JSON');
  }
  const proposed = Proposed.safeParse(value);
  if (!proposed.success) throw malformed(`${proposed.error.issues[0]?.path.map(String).join('.') ?? ''} ${proposed.error.issues[0]?.message ?? ''}`.trim());
  const { record } = proposed.data;
  const revocation = decisionOf({ record });
  if (revocation === null) throw malformed('its record is not one that administrators decide');
  const decision = { record, refs: [], attachments: [], signatures: [] };
  if (signedBytes(decision) !== text) throw malformed('it was changed after it was written');
  return { ...decision, revocation };
}
