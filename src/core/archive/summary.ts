import type { GenesisRecord } from '../model/archive.ts';

const MAX_SUMMARY = 240;

type Say = (field: (name: string) => string | null, record: GenesisRecord) => string;

const VERBAL: Readonly<Record<string, string>> = { statement: 'Statement for an approval by word', challenge: 'Challenge of an approval by word', failed: 'Wrong words in an approval by word' };

/** One sentence an event type, from the fields that its records have; missing ones are left out of the sentence. */
const WORDS: Readonly<Record<string, Say>> = {
  release: (f) => words('Release', f('release_version'), said('to', f('deployment_environment')), said('is', f('deployment_status')), said('by', f('deployed_by'))),
  deployment: (f) => words('Deployment of', f('release_version') ?? 'a release', said('to', f('deployment_environment')), said('is', f('deployment_status')), said('by', f('deployed_by'))),
  rollback: (f) => words('Rollback', said('from', f('from_version')), said('to', f('to_version')), said('is', f('rollback_status')), said('because:', f('rollback_reason'))),
  approval: (f) => words('Approval of', f('release_version') ?? 'a release', said('by', f('approver')), said('as', f('approver_role') ?? f('role'))),
  rejection: (f) => words('Rejection of', f('release_version') ?? 'a release', said('by', f('approver')), said('as', f('approver_role')), said('because:', f('reason'))),
  withdrawal: (f) => words('Withdrawal of', f('release_version') ?? 'a release', said('because:', f('reason'))),
  verbal_request: (f) => words(VERBAL[f('act') ?? ''] ?? 'Approval by word', said('for', f('release_version')), said('asked of', f('approver')), said('by', f('taken_by'))),
  verbal_approval: (f) => words(f('decision') === 'refuse' ? 'Refusal by word of' : 'Approval by word of', f('release_version') ?? 'a release', said('by', f('approver')), said('as', f('approver_role')), said('taken by', f('taken_by'))),
  ratification: (f) => words('Ratification', said('for', f('release_version')), said('by', f('approver'))),
  dispute: (f) => words('Dispute', said('over', f('release_version')), said('by', f('disputed_by')), said('because:', f('reason'))),
  risk_acceptance: (f) => words('Risk accepted', said('for', f('release_version')), said('by', f('accepted_by')), said('until', f('until'))),
  attestation: (f) => words('Attestation', said('of', f('check') ?? f('attests')), said('for', f('release_version')), said('by', f('attested_by'))),
  checklist_run: (f) => words('Checklist run for', f('release_version') ?? 'a release', said('with the gate', f('gate')), said('and authority', f('authority'))),
  signing: (f, record) => words('Signed', counted(record['release_artifacts_sha256'], 'artifact'), said('of', f('release_version')), said('with key', f('key_fingerprint')?.slice(-16) ?? null)),
  sbom: (f) => words('Bill of materials', said('for', f('release_version'))),
  pipeline_execution: (f) => words('Pipeline', f('pipeline'), 'ran', said('for', f('release_version')), said('with', f('status'))),
  pipeline_access: (f) => words('Pipeline', f('pipeline'), 'accessed', said('by', f('user'))),
  pipeline_modification: (f) => words('Pipeline', f('pipeline'), 'changed', said('by', f('user'))),
  configuration_baseline: (f) => words('Configuration baseline', said('of', f('environment'))),
  drift: (f) => words('Drift', said('in', f('environment'))),
  emergency_patch: (f) => words('Emergency', f('emergency_id'), said('comes to', f('act')), said('with', f('step') ?? f('deviation') ?? f('clock') ?? f('notice')), said('for', f('release_version')), said('of severity', f('severity')), said('by', f('declared_by')), said('because:', f('reason'))),
  post_mortem: (f) => words('Post-mortem', said('of', f('release_version'))),
  key_rotation: (f) => words('Key rotated', said('from', f('old_fingerprint')), said('to', f('new_fingerprint'))),
  key_revocation: (f) => words('Key revoked:', f('key_fingerprint'), said('because:', f('reason'))),
  roster_change: (f) => words('Roster changed', said('to version', f('version'))),
  monitoring: (f) => words('Monitoring', said('of', f('release_version')), said('in', f('environment')), said('is', f('status')), said('saw:', f('observed'))),
  release_plan: (f) => words('Plan of', f('release_version') ?? 'a release', said('by', f('decided_by'))),
  release_act: (f) => words('Release', f('release_version'), said('is told to', f('act')), said('to step', f('step')), said('by', f('decided_by')), said('because:', f('reason'))),
  deployment_stage: (f) => words('Deployment of', f('release_version') ?? 'a release', said('to', f('environment')), said('comes to', f('act')), said('at percent', f('percent')), said('and is', f('authority')), said('by', f('decided_by'))),
  rollback_stage: (f) => words('Rollback', said('of', f('release_version')), said('comes to', f('act')), said('by', f('decided_by')), said('because:', f('reason'))),
  correction: (f) => words('Correction', said('because:', f('reason'))),
  tombstone: (f) => words('Attachment withheld', said('called', f('attachment_name')), said('by', f('withheld_by')), said('because:', f('reason'))),
  legal_hold: (f) => words('Legal hold', f('hold'), f('act') === 'lift' ? 'lifted' : 'placed', said('by', f('decided_by')), said('because:', f('reason'))),
};

/** One line in words for a list. What it quotes comes from records that others wrote: control characters become spaces. */
export function summaryOf(record: GenesisRecord): string {
  const field = (name: string): string | null => {
    const value = Object.hasOwn(record, name) ? record[name] : undefined;
    return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;
  };
  const say = Object.hasOwn(WORDS, record.event_type) ? WORDS[record.event_type] : undefined;
  const line = say === undefined ? words(record.event_type.replaceAll('_', ' '), said('for', field('release_version'))) : say(field, record);
  // Bidirectional and line-breaking controls would let a record rewrite how its line reads.
  const plain = line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return plain.length > MAX_SUMMARY ? `${plain.slice(0, MAX_SUMMARY - 1).toWellFormed()}…` : plain;
}

function words(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(' ');
}

function said(before: string, value: string | null): string | null {
  return value === null ? null : `${before} ${value}`;
}

function counted(value: unknown, noun: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const count = Object.keys(value).length;
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
