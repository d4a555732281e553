import { signedBytes } from '../approval/personal-signature.ts';
import type { RecordParts } from '../archive/entry.ts';
import type { Handlers } from '../contract/serve.ts';
import type { StatementDraft } from '../contract/statement-calls.ts';
import type { EntryRef } from '../model/archive.ts';
import { AppError } from '../model/errors.ts';
import type { StatementRecord } from '../model/statements.ts';
import { readRange, type PolicyInForce } from '../workflow/assess-release.ts';
import { releaseCommit } from '../workflow/release-commit.ts';
import type { OpenRepository } from '../workflow/repository.ts';
import { clashOf } from '../roster/differ.ts';
import { rolesOf } from '../roster/people.ts';
import type { Parsed, Output } from '../contract/types.ts';
import { instant } from './release-handlers.ts';
import { attestedLine, rolesFor, whyMayNot, type Matter } from './who-may-say.ts';
import { speakerWith, type Speaker, type SpeakerPorts } from './speaker.ts';

export interface StatementPorts extends SpeakerPorts {
  readonly append: (draft: RecordParts) => Promise<{ readonly id: string }>;
  /** The newest entry of another console, which the record names: it cannot be older than that (FORMATS §4). */
  readonly seen: () => Promise<EntryRef[]>;
  readonly openRepository: OpenRepository;
  readonly readPolicy: (file: string | null) => Promise<PolicyInForce>;
  readonly hash: (path: string, signal: AbortSignal) => Promise<string>;
  readonly baseName: (path: string) => string;
}

/** What people sign into the archive. What could not count is refused before anybody is asked for a PIN. */
export function statementHandlers(ports: StatementPorts): Pick<Handlers, 'statement.sign' | 'statement.who'> {
  return {
    'statement.who': (asked, { signal }) => whoMay(ports, asked, signal),
    'statement.sign': async ({ key: wanted, statement, passphrase }, { signal }) => {
      const speaker = await speakerWith(ports, wanted, signal, passphrase);
      const record = await composed(ports, statement, speaker, signal);
      const parts = { record: { ...record }, refs: await ports.seen(), attachments: [] };
      const signed = signedBytes(parts);
      const asc = await speaker.sign(signed);
      const { id } = await ports.append({ ...parts, signatures: [{ fingerprint: speaker.fingerprint, asc }] });
      return { record: id, fingerprint: speaker.fingerprint, person: speaker.person.name, signed };
    },
  };
}

async function composed(ports: StatementPorts, draft: StatementDraft, speaker: Speaker, signal: AbortSignal): Promise<StatementRecord> {
  if (draft.kind === 'risk') {
    if (draft.policyFile !== undefined) assertMay(speaker, { kind: 'risk', roles: (await ports.readPolicy(draft.policyFile)).policy.parameters.medium_risk_roles.value });
    return acceptance(draft, speaker);
  }
  const { person, roster, at } = speaker;
  const repository = await ports.openRepository(draft.repo);
  const commit = await releaseCommit(repository, draft.release);
  if (draft.kind === 'types') return leftOut(ports, draft, commit, speaker);
  if (draft.kind === 'line') {
    const line = attestedLine((await ports.readPolicy(draft.policyFile)).policy, draft.check);
    const commits = draft.since === undefined ? null : (await readRange(repository, { version: draft.release, since: draft.since }, signal)).range.commits;
    assertMay(speaker, { kind: 'line', line, commits });
  } else assertMay(speaker, { kind: draft.kind });
  const evidence: Record<string, string> = {};
  for (const path of draft.files) evidence[ports.baseName(path)] = await ports.hash(path, signal);
  if (Object.keys(evidence).length < draft.files.length) throw new AppError('bad-input', 'Two of the files have the same name.', { hint: 'Sign them one after the other.' });
  const said = {
    event_type: 'attestation' as const, attested_by: person.id, attested_at: at, release_version: draft.release, release_commit: commit,
    statement: draft.statement, evidence_sha256: evidence, roster_digest: roster.digest,
  };
  if (draft.kind === 'line') return { ...said, attests: 'line', check: draft.check, ...(Object.keys(draft.details).length === 0 ? {} : { details: draft.details }) };
  return { ...said, attests: draft.kind };
}

function assertMay({ person, roles }: Speaker, matter: Matter): void {
  const why = whyMayNot(person, roles, matter);
  if (why !== null) throw refused(why, rolesFor(matter).length === 0 ? 'Ask somebody else.' : `Ask somebody who is ${rolesFor(matter).join(' or ')}${why.includes('author') ? ' and wrote nothing of it' : ''}.`);
}

/** Everybody with a key for approvals, each with why their word could not count. */
async function whoMay(ports: StatementPorts, { about, check, repo, release, since, policyFile }: Parsed<'statement.who'>, signal: AbortSignal): Promise<Output<'statement.who'>> {
  const at = instant(ports.now());
  const { policy } = await ports.readPolicy(policyFile);
  const inForce = await ports.rosterInForce(at, signal);
  if (about === 'line' && check === null) throw new AppError('bad-input', 'No line is named that is to be attested.');
  const matterOf = async (): Promise<Matter> => {
    if (about === 'risk') return { kind: 'risk', roles: policy.parameters.medium_risk_roles.value };
    if (about !== 'line' || check === null) return { kind: about === 'suppression' ? 'suppression' : 'binding' };
    const line = attestedLine(policy, check);
    return { kind: 'line', line, commits: (await readRange(await ports.openRepository(repo), { version: release, since }, signal)).range.commits };
  };
  const matter = await matterOf();
  if (inForce === null) return { roles: [...rolesFor(matter)], people: [], problem: (await ports.rosterProblem(at)) ?? 'No roster of people and keys is held on this console' };
  const speaking = inForce.roster.people.filter(({ status, keys }) => status === 'active' && keys.some(({ use }) => use.includes('approve')));
  return { roles: [...rolesFor(matter)], problem: null, people: speaking.map((person) => ({ id: person.id, name: person.name, why: whyMayNot(person, rolesOf(inForce.roster, person, at), matter) })) };
}

/** Declaring less than is derived needs a second person (FORMATS §1): one asks, and somebody who has a role for that signs. */
async function leftOut(ports: StatementPorts, { release, policyFile, types, askedBy, statement }: Extract<StatementDraft, { kind: 'types' }>, commit: string, speaker: Speaker): Promise<StatementRecord> {
  const { person, roles, roster, at } = speaker;
  const { policy } = await ports.readPolicy(policyFile);
  const may = policy.parameters.fewer_types_roles.value;
  if (!may.some((role) => roles.has(role))) throw refused(`${person.name} is not ${may.join(' or ')} in the roster in force.`, `Ask somebody who is ${may.join(' or ')}.`);
  const asker = askerCalled(askedBy, speaker);
  const clash = clashOf('types', [asker, person]);
  if (clash !== null) throw refused(`${clash}.`, 'Have it signed by another person.');
  return { event_type: 'attestation', attests: 'types', attested_by: person.id, attested_at: at, release_version: release, release_commit: commit, types_left_out: types, asked_by: asker.id, statement, roster_digest: roster.digest };
}

function askerCalled(id: string, { roster }: Speaker): Speaker['person'] {
  const asker = roster.roster.people.find((one) => one.id === id);
  if (asker === undefined) throw refused(`The roster in force knows nobody called "${id}".`, `It knows ${roster.roster.people.map((one) => one.id).join(', ')}.`);
  return asker;
}

/** Who asks for a risk to be accepted never accepts it (FORMATS §5). */
function acceptance({ release, vulnerabilities, packages, askedBy, reason, compensatingControl, until }: Extract<StatementDraft, { kind: 'risk' }>, speaker: Speaker): StatementRecord {
  const { person, roster, at } = speaker;
  const asker = askerCalled(askedBy, speaker);
  if (clashOf('risk', [asker, person]) !== null) throw refused(`${person.name} asked for this risk to be accepted, so somebody else has to accept it.`, 'Have it signed by another person.');
  if (Date.parse(until) <= Date.parse(at)) throw new AppError('bad-input', `The acceptance would have ended at ${until} already.`, { hint: 'Name a time to come.' });
  return {
    event_type: 'risk_acceptance', release_version: release, vulnerabilities, packages, asked_by: asker.id, accepted_by: person.id, accepted_at: at,
    reason, compensating_control: compensatingControl, until, roster_digest: roster.digest,
  };
}

function refused(message: string, hint: string): AppError {
  return new AppError('not-permitted', message, { hint });
}
