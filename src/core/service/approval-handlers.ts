import { signedBytes } from '../approval/personal-signature.ts';
import { canonicalJson } from '../archive/canonical-json.ts';
import type { RecordParts } from '../archive/entry.ts';
import { APPROVALS } from '../checks/judge-checklist.ts';
import type { Parsed } from '../contract/types.ts';
import type { CallContext, Handlers } from '../contract/serve.ts';
import type { ApprovalRecord, ApprovalStatement } from '../model/approval.ts';
import type { EntryRef } from '../model/archive.ts';
import { AppError } from '../model/errors.ts';
import type { ReleaseDraft } from '../model/release.ts';
import type { JudgedRelease } from '../workflow/assess-release.ts';
import { authored } from '../roster/differ.ts';
import { speakerWith, type Speaker, type SpeakerPorts } from './speaker.ts';

export interface ApprovalPorts extends SpeakerPorts {
  readonly assess: (draft: ReleaseDraft, at: string, context: CallContext) => Promise<JudgedRelease>;
  readonly writeText: (path: string, text: string) => Promise<unknown>;
  readonly append: (draft: RecordParts) => Promise<{ readonly id: string }>;
  /** The newest entry of another console, which the record names: it cannot be older than that (FORMATS §4). */
  readonly seen: () => Promise<EntryRef[]>;
}

/** Decisions about a release. What could not count is refused before anybody is asked for a PIN. */
export function approvalHandlers(ports: ApprovalPorts): Pick<Handlers, 'approval.sign'> {
  return {
    'approval.sign': async (input, context) => {
      const speaker = await speakerWith(ports, input.key, context.signal, input.passphrase);
      const { fingerprint, person, at, sign } = speaker;
      if (!speaker.roles.has(input.role)) throw refused(`${person.name} is not ${input.role} in the roster in force.`, `They are ${[...speaker.roles].sort().join(', ') || 'nothing'} there.`);
      const judged = await ports.assess(input.draft, at, context);
      assertAsShown(judged, input);
      assertCounts(judged, input, speaker);
      const statement = statementOf(judged, input, speaker);
      const signed = canonicalJson(statement);
      const signature = await sign(signed);
      const record: ApprovalRecord = {
        event_type: input.decision === 'approve' ? 'approval' : 'rejection', release_version: judged.report.release, release_commit: judged.range.commit,
        approver: person.id, approver_role: input.role, decided_at: at, statement, statement_signature: signature,
        ...(input.securityImpact == null ? {} : { security_impact: input.securityImpact }),
      };
      const parts = { record: { ...record }, refs: await ports.seen(), attachments: [] };
      if (input.out !== null) {
        await ports.writeText(input.out, signed);
        await ports.writeText(`${input.out}.asc`, signature);
      }
      const { id } = await ports.append({ ...parts, signatures: [{ fingerprint, asc: await sign(signedBytes(parts)) }] });
      return { record: id, fingerprint, person: person.name, subjectDigest: judged.report.subjectDigest, statement, signed, signature };
    },
  };
}

/** in-toto Statement v1 over the artifacts, with what they are approved as (FORMATS §6). */
function statementOf({ report, artifacts, planDigest }: JudgedRelease, { decision, role, reason }: Parsed<'approval.sign'>, { person, roster }: Speaker): ApprovalStatement {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: artifacts.map(({ path, sha256 }) => ({ name: path, digest: { sha256 } })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    predicateType: 'countersign/approval/v1',
    predicate: { decision, release: report.release, types: [...report.types.effective], subjectDigest: report.subjectDigest, planDigest, rosterDigest: roster.digest, reason, approver: person.id, role },
  };
}

/** What was read is what is signed, or nothing is: a file, a verdict or a plan may have come between. */
function assertAsShown({ report: { release, subjectDigest } }: JudgedRelease, { shown }: Parsed<'approval.sign'>): void {
  if (shown == null || shown === subjectDigest) return;
  throw new AppError('verification-failed', `${release} is not what was shown: its subject digest is ${subjectDigest} now, and ${shown} was to be decided on.`, {
    hint: 'Nothing was signed. Read it again as it is now, and find out what changed.', details: { subjectDigest, shown },
  });
}

function assertCounts({ report, range, lines, artifacts }: JudgedRelease, { decision, role, reason }: Parsed<'approval.sign'>, { person }: Speaker): void {
  if (artifacts.length === 0) throw refused('There is no artifact, and an approval is over artifacts.', 'Name the folder of build outputs that holds them.');
  if (decision === 'reject') {
    if (reason === '') throw new AppError('bad-input', 'A rejection says why.', { hint: 'Give the reason, so that it can be mended.' });
    return;
  }
  if (!lines.some(({ approvedBy }) => approvedBy.includes(role))) throw refused(`No line of this checklist is approved by ${role}.`, 'countersign check shows who is asked.');
  const own = authored(person, { range });
  if (own !== null) throw refused(`${person.name} is an author of ${own.slice(0, 12)}, which is in this release, so the approval would not count.`, 'A deputy whom the roster names can approve it.');
  // An approval is about these very verdicts: it would die with the first of them that turns green.
  const open = report.results.filter(({ section, status }) => section !== APPROVALS && status !== 'passed' && status !== 'not-applicable' && status !== 'accepted');
  if (open.length > 0) {
    throw refused(`${open.length} ${open.length === 1 ? 'line is' : 'lines are'} not green yet, and an approval of today would count for nothing once ${open.length === 1 ? 'it is' : 'they are'}: ${open.slice(0, 5).map(({ id }) => id).join(', ')}${open.length > 5 ? ' …' : ''}.`, 'Have them turned green first; countersign check says how.');
  }
}

function refused(message: string, hint: string): AppError {
  return new AppError('not-permitted', message, { hint });
}
