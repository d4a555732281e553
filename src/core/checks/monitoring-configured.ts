import picomatch from 'picomatch';
import { asksPerson, authorityOfPerson } from './asks-person.ts';
import type { Check } from './check.ts';
import { counted } from './judging.ts';
import { documentRefs, pathOf, sinceWhen } from './range-files.ts';

/**
 * §3.5 “Monitoring configured (Sentinel™)”: only a person can know it. What the commit holds of monitoring, and what of
 * that changed since the last release, is shown where they are asked.
 */
export const monitoringConfigured: Check = {
  id: 'monitoring-configured',
  evaluate: (facts, policy, line) => {
    const asked = asksPerson(facts, policy, line);
    const globs = policy.parameters.monitoring_files.value;
    if (globs.length === 0) return asked;
    const matches = picomatch([...globs], { dot: true });
    const held = facts.documents.filter((document) => matches(pathOf(document)));
    const changed = facts.changes.filter(({ path }) => matches(path)).length;
    const said = held.length === 0 ? 'the commit holds no monitoring file' : `the commit holds ${counted(held.length, 'monitoring file')}, ${changed} changed ${sinceWhen(facts)}`;
    return { ...asked, summary: `${asked.summary} (${said})`, evidence: [...asked.evidence, ...documentRefs(held)] };
  },
  authority: authorityOfPerson,
};
