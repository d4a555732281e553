import type { JudgedEntry } from '../approval/acts.ts';
import { signedBytes } from '../approval/personal-signature.ts';
import { canonicalJson } from '../archive/canonical-json.ts';
import type { RecordParts } from '../archive/entry.ts';
import type { Handlers } from '../contract/serve.ts';
import type { EntryRef } from '../model/archive.ts';
import { ApprovalRecord } from '../model/approval.ts';
import { ChecklistRunRecord } from '../model/archive.ts';
import { AppError } from '../model/errors.ts';
import { Sha256 } from '../model/primitives.ts';
import { WithdrawalRecord } from '../model/records/people.ts';
import { WithdrawnList } from '../model/withdrawn.ts';
import { WITHDRAWN_FILE } from '../signing/withdrawn.ts';
import type { PolicyInForce } from '../workflow/assess-release.ts';
import { actView } from './act-view.ts';
import { recordsOf, type ArchivePort } from './archive-port.ts';
import { judgedActs } from './signed-statements.ts';
import { speakerWith, type SpeakerPorts } from './speaker.ts';

export interface WithdrawPorts extends SpeakerPorts {
  readonly archive: () => Promise<ArchivePort>;
  readonly judge: (id: string) => Promise<JudgedEntry>;
  readonly readPolicy: (file: string | null) => Promise<PolicyInForce>;
  readonly append: (draft: RecordParts) => Promise<{ readonly id: string }>;
  readonly seen: () => Promise<EntryRef[]>;
  readonly writeText: (path: string, text: string) => Promise<{ readonly path: string }>;
  readonly joined: (folder: string, name: string) => string;
}

/** Releases that are taken back, and everything that people decided about one (FORMATS §6). */
export function withdrawHandlers(ports: WithdrawPorts): Pick<Handlers, 'release.withdraw' | 'release.acts'> {
  return {
    'release.withdraw': async ({ release, reason, role, key, passphrase, policyFile, out }, { signal }) => {
      const speaker = await speakerWith(ports, key, signal, passphrase);
      const { person, roster, at } = speaker;
      const { policy, digest } = await ports.readPolicy(policyFile);
      const may = policy.parameters.withdrawal_roles.value;
      if (!roster.roster.policy_digests.includes(digest)) throw refused('The policy file is none that the roster in force names, so it does not say who may withdraw a release.', 'Use the policy file of your organisation.');
      if (!may.includes(role)) throw refused(`A release is withdrawn by ${may.join(' or ')}, not by ${role}.`, 'Ask somebody who is.');
      if (!speaker.roles.has(role)) throw refused(`${person.name} is not ${role} in the roster in force.`, `They are ${[...speaker.roles].sort().join(', ') || 'nothing'} there.`);
      const archive = await ports.archive();
      const about = await whatItWas(archive, release);
      const record: WithdrawalRecord = {
        event_type: 'withdrawal', release_version: release, withdrawn_by: person.id, withdrawn_role: role, withdrawn_at: at, reason,
        subject_digest: about.subjectDigest, roster_digest: roster.digest, release_artifacts_sha256: about.artifacts,
      };
      const parts = { record: { ...record }, refs: await ports.seen(), attachments: [] };
      const { id } = await ports.append({ ...parts, signatures: [{ fingerprint: speaker.fingerprint, asc: await speaker.sign(signedBytes(parts)) }] });
      const artifacts = Object.entries(about.artifacts).map(([name, sha256]) => ({ name, sha256 }));
      if (out === null) return { record: id, fingerprint: speaker.fingerprint, person: person.name, artifacts, list: null };
      const releases = await withdrawnReleases(archive, ports.judge, may);
      const list: WithdrawnList = { v: 1, list: 'countersign/withdrawn/v1', roster: roster.roster.roster, rosterDigest: roster.digest, updated_at: at, signed_by: speaker.fingerprint, releases };
      const text = canonicalJson(list);
      const signature = await speaker.sign(text);
      const { path } = await ports.writeText(ports.joined(out, WITHDRAWN_FILE), text);
      const beside = await ports.writeText(ports.joined(out, `${WITHDRAWN_FILE}.asc`), signature);
      return { record: id, fingerprint: speaker.fingerprint, person: person.name, artifacts, list: { file: path, signature: beside.path, releases: releases.length } };
    },
    'release.acts': async ({ release }) => {
      const judged = await judgedActs(await ports.archive(), release, ports.judge);
      return {
        acts: judged.filter(({ entry: { record } }) => (record['release_version'] ?? null) === null || record['release_version'] === release).map(actView),
      };
    },
  };
}

/** Every release whose withdrawal counts, by somebody who might withdraw it, the first of each. */
export async function withdrawnReleases(archive: ArchivePort, judge: WithdrawPorts['judge'], may: readonly string[]): Promise<WithdrawnList['releases']> {
  const found = new Map<string, WithdrawnList['releases'][number]>();
  for (const { id, entry } of await archive.entriesOf('withdrawal')) {
    const record = WithdrawalRecord.safeParse(entry.record).data;
    const { act } = await judge(id);
    const role = record?.withdrawn_role ?? '';
    if (record === undefined || act.standing !== 'counts' || !may.includes(role) || !act.roles.has(role) || found.has(record.release_version)) continue;
    const artifacts = Object.entries(record.release_artifacts_sha256 ?? {}).map(([name, sha256]) => ({ name, sha256 })).sort((a, b) => (a.name < b.name ? -1 : 1));
    found.set(record.release_version, { release: record.release_version, withdrawn_at: record.withdrawn_at, withdrawn_by: record.withdrawn_by, role, reason: record.reason, artifacts, record: id });
  }
  return [...found.values()].sort((a, b) => (a.release < b.release ? -1 : 1));
}

/** What the archive knows a release as: what was signed of it, and what was last judged or approved. Error: `not-found` where it knows nothing. */
async function whatItWas(archive: ArchivePort, release: string): Promise<{ subjectDigest: string; artifacts: Record<string, string> }> {
  const of = async (event_type: string): Promise<readonly Record<string, unknown>[]> => (await recordsOf(archive, { event_type, release, limit: 1_000 })).map(({ record }) => record);
  // A rejection says as exactly what the release was.
  const approvals = [...(await of('approval')), ...(await of('rejection'))].flatMap((record) => ApprovalRecord.safeParse(record).data ?? []);
  const runs = (await of('checklist_run')).flatMap((record) => ChecklistRunRecord.safeParse(record).data ?? []);
  const subjectDigest = approvals[0]?.statement.predicate.subjectDigest ?? runs[0]?.subject_digest;
  const signed = (await of('signing')).flatMap(({ release_artifacts_sha256: digests }) => (typeof digests === 'object' && digests !== null ? Object.entries(digests) : []));
  const known = [...approvals.flatMap(({ statement }) => statement.subject.map(({ name, digest }) => [name, digest.sha256] as const)), ...signed].filter((pair): pair is [string, string] => Sha256.safeParse(pair[1]).success);
  if (subjectDigest === undefined) throw new AppError('not-found', `The archive knows no release ${release} that was judged or approved.`, { hint: 'Sync first, or judge it (countersign check), so that there is something to withdraw.', details: { release } });
  // A file that was signed twice under one name is withdrawn twice.
  const artifacts = new Map<string, string>();
  for (const [name, sha256] of known) if (![...artifacts.values()].includes(sha256)) artifacts.set(artifacts.has(name) ? `${name} (${sha256.slice(0, 12)})` : name, sha256);
  return { subjectDigest, artifacts: Object.fromEntries([...artifacts].slice(0, 400)) };
}

function refused(message: string, hint: string): AppError {
  return new AppError('not-permitted', message, { hint });
}
