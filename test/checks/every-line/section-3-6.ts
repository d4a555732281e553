import { readStatements } from '../../../src/core/approval/read-statements.ts';
import type { Facts } from '../../../src/core/checks/check.ts';
import type { CheckId } from '../../../src/core/model/verdict.ts';
import { bare, COMMIT, SUBJECT } from '../facts.ts';
import type { Examples } from './example.ts';
import { judgedGraces, rosterOf } from './gathered.ts';
import { word } from './persons-word.ts';

const DIGEST = 'a'.repeat(64);

/** What Grace decided in the archive, as the console reads it there. */
function decided(role: string, types: Facts['types'], predicate: object = {}, record: object = {}): Partial<Facts> {
  const roster = rosterOf(role);
  const statement = {
    _type: 'https://in-toto.io/Statement/v1', subject: [{ name: 'a.tar.gz', digest: { sha256: DIGEST } }], predicateType: 'countersign/approval/v1',
    predicate: { decision: 'approve', release: bare.version, types: [], subjectDigest: SUBJECT, planDigest: null, rosterDigest: roster.digest, reason: 'It is right.', approver: 'grace', role, ...predicate },
  };
  const whole = {
    event_type: statement.predicate.decision === 'approve' ? 'approval' : 'rejection', release_version: bare.version, release_commit: COMMIT, approver: 'grace', approver_role: role,
    decided_at: '2026-01-11T12:00:00Z', statement, statement_signature: 'armored', ...record,
  };
  const entry = { v: 1 as const, origin: 'grace.example', seq: 7, time: '2026-01-11T12:00:00Z', boot: 'b', record: whole, refs: [], attachments: [], signatures: [] };
  return { ...readStatements([judgedGraces(entry, roster)], bare.version), roster, types };
}

/** An approval is signed over the whole release; one of what it no longer is asks again. */
function approval(role: string, types: Facts['types']): Examples {
  const asks = new RegExp(`^Asks ${role}: Does the ${role.toUpperCase()} approve this`);
  return {
    passed: { given: () => decided(role, types), status: 'passed', says: new RegExp(`^Approved by Grace, ${role}, at 2026-01-11T12:00:00Z: It is right\\. \\(grace\\.example#7\\)$`) },
    failed: { given: () => decided(role, types, { decision: 'reject', reason: 'It is wrong.' }), status: 'failed', says: /^Grace rejected it at .*: It is wrong\./ },
    missing: { given: () => ({ types }), status: 'needs-person', says: asks },
    stale: { given: () => decided(role, types, { subjectDigest: '6'.repeat(64) }), status: 'needs-person', says: /Grace approved it in grace\.example#7 as 666666666666; it has changed since, and is 555555555555 now\./ },
    malformed: { given: () => decided(role, types, {}, { approver_role: 'qa' }), status: 'needs-person', says: asks },
  };
}

/** §3.6 Approval */
export const approvals = {
  'cto-approval': approval('cto', new Set(['major'])),
  'ciso-approval': approval('ciso', new Set(['security'])),
  'deployment-scheduled': word('deployment-scheduled', 'release-manager'),
  'rollback-plan': word('rollback-plan', 'devops-lead'),
} as const satisfies Partial<Record<CheckId, Examples>>;
