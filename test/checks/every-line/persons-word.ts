import type { Facts } from '../../../src/core/checks/check.ts';
import type { CheckId } from '../../../src/core/model/verdict.ts';
import { OTHER_COMMIT } from '../facts.ts';
import type { Examples } from './example.ts';
import { attested } from './gathered.ts';

/** A line that only a person can know, by the record that they signed into the archive. */
export function word(check: CheckId, role: string, more: Partial<Facts> = {}): Examples {
  const said = (record: object = {}) => () => attested(check, [role], record, more);
  return {
    passed: { given: said(), status: 'passed', says: /^Attested by Grace at 2026-01-11T12:00:00Z: It was seen to\. \(grace\.example#7\)/ },
    failed: { cannot: 'Somebody gives their word or does not: no record says that a line does not hold, so its question stays open.', nearest: () => attested(check, ['on-call'], {}, more), status: 'needs-person' },
    missing: { given: () => more, status: 'needs-person', says: new RegExp(`^Asks (?:[a-z-]+ or )?${role}\\b`) },
    stale: { given: said({ release_commit: OTHER_COMMIT }), status: 'needs-person', says: /Grace attested it in grace\.example#7, of another commit \(ddddddd\)/ },
    // A record without a statement is none, so nobody is said to have attested anything.
    malformed: { given: said({ statement: '  ' }), status: 'needs-person', says: /^Asks (?!.*attested it)/ },
  };
}
