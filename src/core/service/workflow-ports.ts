import type { z } from 'zod';
import { signedBytes } from '../approval/personal-signature.ts';
import type { JudgedEntry } from '../approval/acts.ts';
import type { RecordParts } from '../archive/entry.ts';
import type { Doer } from '../contract/deployment-calls.ts';
import type { AttachmentRef, Entry, EntryRef, GenesisRecord } from '../model/archive.ts';
import { AppError } from '../model/errors.ts';
import type { RosterInForce } from '../model/roster.ts';
import type { PolicyInForce } from '../workflow/assess-release.ts';
import type { Act } from '../workflow/acts.ts';
import { deploymentRules, withoutAuthority, type DeploymentRules } from '../workflow/deployment-rules.ts';
import type { OpenRepository } from '../workflow/repository.ts';
import { RELEASE_EVENTS, type ActPorts } from './read-acts.ts';
import { instant } from './release-handlers.ts';
import { speakerWith, type Speaker, type SpeakerPorts } from './speaker.ts';

/** What the handlers of a release's way share. */
export interface WorkflowPorts extends SpeakerPorts, ActPorts {
  /** What an entry comes to as somebody's act, read at a time (FORMATS §4, §5). */
  readonly judge: (id: string, at: Date) => Promise<JudgedEntry>;
  readonly openRepository: OpenRepository;
  readonly readText: (path: string, limit: number) => Promise<string>;
  readonly writeText: (path: string, text: string) => Promise<{ readonly path: string }>;
  readonly append: (draft: RecordParts) => Promise<{ readonly id: string }>;
  /** The newest entry of another console, which a record names: it cannot be older than that (FORMATS §4). */
  readonly seen: () => Promise<EntryRef[]>;
  /** The policy file that the roster in force names; the built-in one where none is in force. */
  readonly policyInForce: (file: string | null) => Promise<PolicyInForce>;
}

/** What is known of a release at a moment. */
export interface Situation {
  readonly at: string;
  readonly roster: RosterInForce | null;
  readonly acts: readonly Act[];
  readonly inForce: PolicyInForce;
  readonly rules: DeploymentRules;
}

export async function situationOf(ports: WorkflowPorts, release: string | null, policyFile: string | null, signal: AbortSignal): Promise<Situation> {
  const at = instant(ports.now());
  const [roster, inForce] = [await ports.rosterInForce(at, signal), await ports.policyInForce(policyFile)];
  // FORMATS §5: another policy may be looked at, and gives nobody authority.
  const named = roster?.roster.policy_digests.includes(inForce.digest) === true;
  return { at, roster, inForce, rules: named ? deploymentRules(inForce.policy) : withoutAuthority(deploymentRules(inForce.policy)), acts: await actsAbout(ports, release, roster, at) };
}

/** An emergency is declared before it is known which version mends it, so declarations are looked at whatever they name. */
async function actsAbout(ports: WorkflowPorts, release: string | null, roster: RosterInForce | null, at: string): Promise<readonly Act[]> {
  const acts = await ports.readActs({ release, types: RELEASE_EVENTS }, roster, at);
  if (release === null) return acts;
  const elsewhere = (await ports.readActs({ release: null, types: ['emergency_patch'] }, roster, at)).filter(({ entry }) => entry.record['release_version'] !== release);
  // Mostly there is none; then the very same list is kept, and what was worked out of it.
  return elsewhere.length === 0 ? acts : [...acts, ...elsewhere];
}

/** Records of this console's own that say under which roster they were signed, so that they count for as long as that is known (FORMATS §4). */
const NAMES_ROSTER: ReadonlySet<string> = new Set(['release_plan', 'release_act', 'deployment_stage', 'rollback_stage', 'monitoring', 'emergency_patch', 'verbal_approval', 'ratification', 'dispute', 'attestation', 'post_mortem']);

/** Appends a record with a person's signature over it. */
export async function appendSigned(ports: Pick<WorkflowPorts, 'append'>, speaker: Speaker, given: Entry['record'], refs: readonly EntryRef[], attachments: readonly AttachmentRef[] = []): Promise<{ readonly id: string }> {
  const record = NAMES_ROSTER.has(given.event_type) ? { ...given, roster_digest: speaker.roster.digest } : { ...given };
  const parts = { record, refs: [...refs], attachments: [...attachments] };
  const asc = await speaker.sign(signedBytes(parts));
  return ports.append({ ...parts, signatures: [{ fingerprint: speaker.fingerprint, asc }] });
}

/** Refs without what is named twice, in order. */
export function uniqueRefs(refs: readonly EntryRef[]): EntryRef[] {
  return [...new Map(refs.map((ref) => [`${ref.rel} ${ref.leaf}`, ref])).values()];
}

export function refused(message: string, hint: string): AppError {
  return new AppError('not-permitted', message, { hint });
}

export function assertRole({ person, roles }: Speaker, wanted: readonly string[], toDo: string): void {
  if (wanted.length === 0) throw refused('The policy file that is used here is none that the roster in force names, so it gives nobody authority.', 'Use the policy file of your organisation.');
  if (!wanted.some((role) => roles.has(role))) throw refused(`${person.name} is not ${wanted.join(' or ')} in the roster in force, and cannot ${toDo}.`, `Ask somebody who is ${wanted.join(' or ')}.`);
}

/** Who does something: by the key that proves it, or by the name that they give. */
export interface DoerNamed {
  readonly id: string;
  readonly speaker: Speaker | null;
}

export async function doerOf(ports: WorkflowPorts, { key, passphrase, as }: z.output<typeof Doer>, signal: AbortSignal): Promise<DoerNamed> {
  if (key === null) {
    if (as === null) throw new AppError('bad-input', 'Nobody is named who does it.', { hint: 'Give your key with --key, or your name with --as, which proves nothing.' });
    return { id: as, speaker: null };
  }
  const speaker = await speakerWith(ports, key, signal, passphrase);
  return { id: speaker.person.id, speaker };
}

/** Appends what happened: signed where somebody gave a key, else as this console observed it. */
export async function recordBy(ports: WorkflowPorts, { speaker }: Pick<DoerNamed, 'speaker'>, record: GenesisRecord, refs: RecordParts['refs']): Promise<{ readonly id: string }> {
  const all = uniqueRefs([...(await ports.seen()), ...(refs ?? [])]);
  return speaker === null ? ports.append({ record, refs: all, attachments: [] }) : appendSigned(ports, speaker, record, all);
}
