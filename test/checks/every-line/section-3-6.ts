import type { Facts } from '../../../src/core/checks/check.ts';
import type { CheckId } from '../../../src/core/model/verdict.ts';
import { OTHER_COMMIT } from '../facts.ts';
import type { Examples } from './example.ts';
import { attested } from './gathered.ts';
import { word } from './persons-word.ts';

/** An approval is signed over the whole release, and nothing else stands for it: the word of the very person on the line does not. */
function approval(check: 'cto-approval' | 'ciso-approval', role: string, types: Facts['types']): Examples {
  const said = (record: object = {}) => () => attested(check, [role], record, { types });
  const asks = new RegExp(`^Asks ${role}: Does the ${role.toUpperCase()} approve this`);
  return {
    passed: { cannot: 'The checklist reads no approval yet, so it can say only whom it asks; the word of the very person on the line is no approval.', nearest: said(), status: 'needs-person' },
    failed: { cannot: 'Who does not approve does not sign, and that leaves the question open.', nearest: said({ statement: 'I do not approve it.' }), status: 'needs-person' },
    missing: { given: () => ({ types }), status: 'needs-person', says: asks },
    stale: { given: said({ release_commit: OTHER_COMMIT }), status: 'needs-person', says: asks },
    malformed: { given: said({ release_commit: 'main' }), status: 'needs-person', says: asks },
  };
}

/** §3.6 Approval */
export const approvals = {
  'cto-approval': approval('cto-approval', 'cto', new Set(['major'])),
  'ciso-approval': approval('ciso-approval', 'ciso', new Set(['security'])),
  'deployment-scheduled': word('deployment-scheduled', 'release-manager'),
  'rollback-plan': word('rollback-plan', 'devops-lead'),
} as const satisfies Partial<Record<CheckId, Examples>>;
