import { asksPerson, authorityOfPerson } from './asks-person.ts';
import type { Attestation, Check } from './check.ts';
import { failed } from './judging.ts';

const DAY = 24 * 60 * 60 * 1000;
const REMEDY =
  'Have a security architect or the CISO attest it with the report: countersign attest penetration-test … --evidence REPORT --detail firm=NAME --detail tested_on=YYYY-MM-DD --detail retested_on=YYYY-MM-DD';

/**
 * §3.3 “Penetration test completed (for major releases)”: somebody attests it with the report's digest, who tested,
 * when, within the policy's time, and when its findings were tested again.
 */
export const penetrationTest: Check = {
  id: 'penetration-test',
  evaluate: (facts, policy, line) => {
    const verdict = asksPerson(facts, policy, line);
    if (verdict.status !== 'passed') return { ...verdict, remedy: REMEDY };
    const counted = facts.attestations.filter(({ check, signer, release, commit }) => check === line.id && release === facts.version && commit === facts.commit && line.roles.some((role) => signer.roles.has(role)));
    const faults = counted.map((attestation) => ({ attestation, why: whyNotEnough(attestation, facts.at, policy.parameters.penetration_test_days.value) }));
    const good = faults.find(({ why }) => why === null)?.attestation;
    if (good === undefined) return failed(`The attested penetration test is not enough: ${faults[0]?.why ?? ''}`, REMEDY, []);
    const { firm, tested_on: tested, retested_on: retested } = good.details;
    const evidence = Object.entries(good.evidence).map(([name, sha256]) => ({ path: name, sha256 }));
    return { ...verdict, summary: `Tested by ${firm ?? ''} on ${tested ?? ''}, its findings again on ${retested ?? ''}; attested by ${good.signer.name} (${good.record})`, evidence };
  },
  authority: authorityOfPerson,
};

function whyNotEnough({ evidence, details }: Attestation, at: string, days: number): string | null {
  const { firm = '', tested_on: tested = '', retested_on: retested = '' } = details;
  if (Object.keys(evidence).length === 0) return 'no report is named by its digest';
  if (firm.trim() === '') return 'nobody is named who tested';
  const [testedAt, retestedAt] = [dayOf(tested), dayOf(retested)];
  if (testedAt === null) return 'it does not say when it was tested (tested_on)';
  if (testedAt > Date.parse(at)) return `it was tested on ${tested}, which is still to come`;
  if (Date.parse(at) - testedAt > days * DAY) return `it was tested on ${tested}, more than ${days} days ago`;
  if (retestedAt === null || retestedAt < testedAt || retestedAt > Date.parse(at)) return 'it does not say when its findings were tested again (retested_on)';
  return null;
}

function dayOf(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text ? null : time;
}
