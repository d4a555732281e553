import type { Handlers } from '../contract/serve.ts';
import { assessRelease, type AssessmentPorts } from '../workflow/assess-release.ts';
import type { ArchivePort } from './archive-port.ts';
import { recordRun } from './checklist-record.ts';
import { forgetRelease, rememberOutcome, saveRelease, type WorkspaceStore } from './workspace.ts';
import { lastReleaseBefore } from '../workflow/release-types.ts';
import semver from 'semver';

export interface ReleasePorts extends AssessmentPorts {
  readonly archive: () => Promise<ArchivePort>;
  readonly workspace: WorkspaceStore;
  readonly now: () => Date;
  /** Folders beside or inside a repository that look like build output. */
  readonly suggestOutputs: (repository: string) => Promise<string[]>;
}

type Owned = 'repository.inspect' | 'release.list' | 'release.save' | 'release.forget' | 'release.evaluate';

/** Loading and judging releases. */
export function releaseHandlers(ports: ReleasePorts): Pick<Handlers, Owned> {
  const { workspace } = ports;
  return {
    'repository.inspect': async ({ repo }) => {
      const repository = await ports.openRepository(repo);
      const state = await repository.inspect();
      const atHead = state.tags.find(({ commit }) => commit === state.head);
      return {
        ...state,
        tags: [...state.tags].sort((a, b) => semver.rcompare(a.name, b.name)),
        suggestedVersion: atHead?.name ?? nextVersion(state.tags),
        suggestedOutputs: await ports.suggestOutputs(state.path),
      };
    },
    'release.list': async () => ({ releases: (await workspace.read()).releases }),
    'release.save': ({ id, draft }) => saveRelease(workspace, id, draft, instant(ports.now())),
    'release.forget': async ({ id }) => {
      await forgetRelease(workspace, id);
      return {};
    },
    'release.evaluate': async ({ draft, at, record }, context) => {
      // A script says all that it wants; only a window falls back on what was set there.
      const standing = context.caller.shell === 'cli' ? null : (await workspace.read()).settings.policyFile;
      const judged = { ...draft, policyFile: draft.policyFile ?? standing };
      const assessment = await assessRelease(ports, judged, at ?? instant(ports.now()), context);
      const recorded = record ? await recordRun(await ports.archive(), assessment) : null;
      if (at === null) await rememberOutcome(workspace, assessment);
      return { ...assessment, recorded };
    },
  };
}

/** A guess to start from: the next minor version after the newest tag. */
function nextVersion(tags: readonly { readonly name: string }[]): string | null {
  const newest = lastReleaseBefore(tags, '999999.0.0');
  if (newest === null) return null;
  const next = semver.inc(newest.name, 'minor');
  return next === null ? null : `${newest.name.startsWith('v') ? 'v' : ''}${next}`;
}

/** RFC 3339 in UTC, to the second. */
export function instant(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
