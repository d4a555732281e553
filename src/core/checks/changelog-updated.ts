import picomatch from 'picomatch';
import type { ChangelogVersion } from '../model/evidence.ts';
import type { Check, Facts } from './check.ts';
import { counted, failed, missing, passed, refsOf } from './judging.ts';
import { brokenFor, documentRefs, pathOf } from './range-files.ts';

/** §3.4 “CHANGELOG updated”: the CHANGELOG of the commit itself has a dated, filled section for this version. */
export const changelogUpdated: Check = {
  id: 'changelog-updated',
  evaluate: (facts, policy) => {
    const places = policy.parameters.changelog_files.value.join(' or ');
    const matches = picomatch([...policy.parameters.changelog_files.value], { dot: true });
    // Release notes may have the form of a CHANGELOG; only what stands in its place is one.
    const held = facts.documents.filter((document) => matches(pathOf(document)));
    const kept = held.flatMap(({ item }) => (item?.content.type === 'changelog' ? [item] : []));
    const item = kept[0];
    if (item === undefined || item.content.type !== 'changelog') {
      const [other] = held;
      if (other !== undefined) {
        return brokenFor(`${pathOf(other)} is no CHANGELOG of a known form: ${other.item?.file.problem?.message ?? 'it is something else'}`, `Write ${pathOf(other)} in the form of keepachangelog.com, and commit it.`, documentRefs(held));
      }
      return missing([`a CHANGELOG in the commit (${places})`], `Keep a CHANGELOG (keepachangelog.com) in ${places} and commit it.`);
    }
    const version = facts.version.replace(/^v/, '');
    const section = item.content.versions.find((candidate) => candidate.version.replace(/^v/, '') === version);
    const remedy = `Write a section "## [${version}] - YYYY-MM-DD" in ${item.file.path}, and commit it.`;
    if (section === undefined) return failed(`${item.file.path} has no section for ${version}`, remedy, refsOf(kept));
    const fault = faultOf(section, facts) ?? orderFault(section, item.content.versions, facts);
    if (fault !== null) return failed(`${item.file.path}: ${fault}`, remedy, refsOf(kept));
    const items = Object.values(section.groups).reduce((sum, count) => sum + count, 0);
    return passed(`${item.file.path} has ${counted(items, 'change')} for ${version}, dated ${section.date ?? ''}`, refsOf(kept));
  },
};

/** A version is not older than the last release's own section says. */
function orderFault(section: ChangelogVersion, all: readonly ChangelogVersion[], { range }: Facts): string | null {
  const last = range.since?.name.replace(/^v/, '');
  const before = all.find(({ version }) => version.replace(/^v/, '') === last)?.date ?? null;
  if (section.date === null || before === null || section.date >= before || section.version.replace(/^v/, '') === last) return null;
  return `the section for ${section.version} is dated ${section.date}, before that for ${last ?? ''} (${before})`;
}

function faultOf(section: ChangelogVersion, facts: Facts): string | null {
  if (section.yanked) return `version ${section.version} is marked as yanked`;
  if (section.date === null) return `the section for ${section.version} has no date`;
  // A day of grace: the writer's calendar may be ahead of UTC.
  const dayAfter = new Date(Date.parse(facts.at) + 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  if (section.date > dayAfter) return `the section for ${section.version} is dated ${section.date}, which is in the future`;
  const items = Object.values(section.groups).reduce((sum, count) => sum + count, 0);
  return items === 0 ? `the section for ${section.version} lists no change` : null;
}
