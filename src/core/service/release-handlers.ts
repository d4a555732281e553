import type { Handlers } from '../contract/serve.ts';
import { assessRelease, type AssessmentPorts } from '../workflow/assess-release.ts';
import type { ArchivePort } from './archive-port.ts';
import { AppError } from '../model/errors.ts';
import { differenceFrom, recordedRun, recordRun } from './checklist-record.ts';
import { forgetRelease, rememberOutcome, saveRelease, type WorkspaceStore } from './workspace.ts';
import { lastReleaseBefore } from '../workflow/release-types.ts';
import semver from 'semver';

export interface ReleasePorts extends AssessmentPorts {
  readonly archive: () => Promise<ArchivePort>;
  readonly workspace: WorkspaceStore;
  readonly now: () => Date;
  /** The product's version, which is what verdicts were worked out by. */
  readonly version: string;
  /** Policy files that runs were recorded under, by digest, so that an old release can be judged as it was. */
  readonly policies: { readonly keep: (digest: string, file: string | null) => Promise<void>; readonly find: (digest: string) => Promise<string | null> };
  /** Folders beside or inside a repository that look like build output. */
  readonly suggestOutputs: (repository: string) => Promise<string[]>;
}

type Owned = 'repository.inspect' | 'release.list' | 'release.save' | 'release.forget' | 'release.evaluate';

/** Loading and judging releases. */
export function releaseHandlers(ports: ReleasePorts): Pick<Handlers, Owned> {
  const { workspace } = ports;
  const policyOf = async (digest: string): Promise<string> => {
    const file = await ports.policies.find(digest);
    if (file !== null) return file;
    throw new AppError('not-found', `The policy file ${digest} of that run is not kept on this console.`, {
      hint: 'Give the file itself with --policy, or judge under today\'s policy.', details: { policy: digest },
    });
  };
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
    'release.evaluate': async ({ draft, at, record, against }, context) => {
      // A script says all that it wants; only a window falls back on what was set there.
      const standing = context.caller.shell === 'cli' ? null : (await workspace.read()).settings.policyFile;
      const before = against == null ? null : await recordedRun(await ports.archive(), against.run, draft.version);
      const then = before !== null && against?.policy === 'then' ? before.record : null;
      const judged = { ...draft, policyFile: then === null ? (draft.policyFile ?? standing) : await policyOf(then.policy_digest) };
      const assessment = await assessRelease(ports, judged, at ?? then?.run_at ?? instant(ports.now()), context);
      // What was judged in the past or under another policy is a question, not an event.
      const recorded = record && then === null ? await recordRun(await ports.archive(), assessment, ports.version) : null;
      if (recorded !== null) await ports.policies.keep(assessment.policy.digest, judged.policyFile);
      if (at === null && then === null) await rememberOutcome(workspace, assessment);
      return { ...assessment, recorded, difference: before === null ? null : differenceFrom(before, assessment, ports.version) };
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
