import { AppError } from '../model/errors.ts';
import type { Person } from '../model/roster.ts';
import type { CheckId } from '../model/verdict.ts';
import type { Policy, PolicyLine } from '../policy/policy.ts';
import { authored } from '../roster/differ.ts';
import type { CommitRange } from '../model/release.ts';

/** What somebody's word is to be about, with what it is held against. */
export type Matter =
  /** `commits`: null where the release's range is not looked at. */
  | { readonly kind: 'line'; readonly line: PolicyLine; readonly commits: CommitRange['commits'] | null }
  | { readonly kind: 'binding' }
  | { readonly kind: 'suppression' }
  | { readonly kind: 'risk'; readonly roles: readonly string[] };

/** A line of the policy that only a person can know. Error: `not-permitted` for one that a machine judges or that is approved. */
export function attestedLine({ lines }: Policy, check: CheckId): PolicyLine {
  const line = lines.find(({ id }) => id === check);
  if (line?.judged_by === 'attestation') return line;
  throw new AppError('not-permitted', `"${check}" is ${line?.judged_by === 'approval' ? 'an approval, which is signed over the whole release' : 'judged by a machine'}, so nobody may attest it.`, { hint: 'countersign explain shows which lines a person attests.' });
}

/** Roles of which somebody has to have one; empty where anybody of the roster may, with a key for approvals. */
export function rolesFor(matter: Matter): readonly string[] {
  switch (matter.kind) {
    case 'line':
      return matter.line.roles;
    case 'risk':
      return matter.roles;
    case 'suppression':
      return ['security-architect'];
    case 'binding':
      return [];
  }
}

/** Why somebody's word on a matter could not count, as a sentence; null where it could. The judge of the checklist decides by the same. */
export function whyMayNot(person: Person, roles: ReadonlySet<string>, matter: Matter): string | null {
  const wanted = rolesFor(matter);
  if (wanted.length > 0 && !wanted.some((role) => roles.has(role))) return matter.kind === 'suppression' ? `${person.name} is no security-architect in the roster in force.` : `${person.name} is not ${wanted.join(' or ')} in the roster in force.`;
  // Who tests did not write (FORMATS §5).
  const own = matter.kind === 'line' && matter.line.section === '4.2' && matter.commits !== null ? authored(person, { range: { commits: matter.commits } }) : null;
  return own === null ? null : `${person.name} is the author of ${own.slice(0, 12)}, which is in this release, and who tests did not write.`;
}
