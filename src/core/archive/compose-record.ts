import { z } from 'zod';
import { DeploymentRecord, ReleaseRecord, RollbackRecord, type GenesisRecord } from '../model/archive.ts';
import { AppError } from '../model/errors.ts';
import { ReleaseVersion, UtcTime } from '../model/primitives.ts';
import type { Roster } from '../model/roster.ts';
import { personByEmail } from '../roster/people.ts';

/** The three records that policy §11 prints, which this console composes strictly (FORMATS §4). */
export type ComposedEvent = 'release' | 'deployment' | 'rollback';

/** Fields beyond those of the policy are refused, but for the digests that ride beside the artifacts. */
const STRICT = {
  release: z.strictObject({ ...ReleaseRecord.shape, release_version: ReleaseVersion }),
  deployment: z.strictObject({ ...DeploymentRecord.shape, release_version: ReleaseVersion }),
  rollback: z.strictObject({ ...RollbackRecord.shape, from_version: ReleaseVersion, to_version: ReleaseVersion }),
} as const;

/** What the archive, the repository and the roster know that a record is held against. */
export interface KnownFacts {
  readonly roster: Roster | null;
  /** SHA-256 of every artifact of the version that a recorded signature covers, and of its signatures and checksums, by name. */
  readonly signed: ReadonlyMap<string, string>;
  /** Who approved the version by a signature that is proven, by their id in the roster. */
  readonly approvedBy: ReadonlySet<string>;
  /** The full id of a commit in the repository; null where it has no such commit, and `no-repository` where none was named. */
  readonly commit: string | null | 'no-repository';
  readonly now: Date;
}

const CLOCKS_APART = 5 * 60_000;

/** Reads the fields of a record that is to be composed. Error: `bad-input`, naming the field. */
export function readFields(event: ComposedEvent, value: unknown): GenesisRecord {
  const given = typeof value === 'object' && value !== null && !Array.isArray(value) ? { event_type: event, ...value } : value;
  const parsed = STRICT[event].safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.code === 'unrecognized_keys' ? issue.keys[0] ?? '' : (issue?.path.map(String).join('.') ?? '');
  throw refused(field, issue?.code === 'unrecognized_keys' ? 'is no field of this record' : (issue?.message ?? 'is not of the form'), CLAUSES[event]);
}

const CLAUSES = { release: 'policy §11.1', deployment: 'policy §11.2', rollback: 'policy §11.3' } as const;

/** Holds a record against what is known, and gives it with the digests of what it names. Error: `bad-input`, naming the field. */
export function composeRecord(event: ComposedEvent, fields: GenesisRecord, facts: KnownFacts): GenesisRecord {
  const date = { release: 'release_date', deployment: 'deployment_date', rollback: 'rollback_date' }[event];
  const at = UtcTime.parse(fields[date]);
  if (Date.parse(at) > facts.now.getTime() + CLOCKS_APART) throw refused(date, `is ${at}, which is yet to come`, 'name when it was done');
  const doer = { release: 'deployed_by', deployment: 'deployed_by', rollback: 'rolled_back_by' }[event];
  personOf(facts.roster, doer, String(fields[doer]));
  const approvers = event === 'deployment' ? [] : (fields['approved_by'] as readonly string[]);
  for (const [at_, approver] of approvers.entries()) {
    const person = personOf(facts.roster, `approved_by.${at_}`, approver);
    // A rollback is decided in the minute, and its approvals are signed where it is decided (policy §9.2).
    if (event === 'release' && !facts.approvedBy.has(person)) throw refused(`approved_by.${at_}`, `says that ${approver} approved it, and no proven approval of this version by them is in the archive`, 'countersign approve');
  }
  if (event !== 'release') return fields;
  if (facts.commit === 'no-repository') throw refused('release_commit', 'cannot be looked up: no repository was named', 'name it with --repo');
  if (facts.commit === null) throw refused('release_commit', `is ${String(fields['release_commit'])}, which the repository does not have`, 'git rev-parse names it');
  return { ...fields, release_artifacts_sha256: digestsOf(fields['release_artifacts'] as readonly string[], facts.signed) };
}

/** Every artifact hashed and covered by a signature. */
function digestsOf(names: readonly string[], signed: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    names.map((name, at) => {
      const digest = signed.get(name);
      if (digest === undefined) throw refused(`release_artifacts.${at}`, `is ${name}, which no recorded signature of this version covers`, 'countersign sign');
      return [name, digest];
    }),
  );
}

/** Somebody whom the roster names, by their id or one of their addresses. */
function personOf(roster: Roster | null, field: string, named: string): string {
  if (roster === null) throw refused(field, `is ${named}, and no roster is in force that would say who that is`, 'countersign roster adopt');
  const person = roster.people.find(({ id, status }) => id === named && status === 'active') ?? personByEmail(roster, [named]);
  if (person === null) throw refused(field, `is ${named}, whom the roster in force does not name`, 'use the address that the roster has');
  return person.id;
}

function refused(field: string, why: string, hint: string): AppError {
  return new AppError('bad-input', `${field} ${why}.`, { hint: `${hint[0]?.toUpperCase() ?? ''}${hint.slice(1)}.`, details: { field } });
}
