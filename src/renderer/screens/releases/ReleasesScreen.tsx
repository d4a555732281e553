import { useEffect, type ReactElement } from 'react';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { Screen } from '../../components/Screen.tsx';
import { counted } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { ReleaseLines } from './ReleaseLines.tsx';
import { forgetRelease, readReleases, useReleases } from './releases-store.ts';

/** Every release that this console remembers. */
export function ReleasesScreen(): ReactElement {
  const { releases, error } = useReleases();
  useEffect(() => {
    void readReleases();
  }, []);
  return (
    <Screen
      title="Releases"
      lead={releases === null || releases.length === 0 ? undefined : `${counted(releases.length, 'release')} remembered on this machine`}
      actions={<><ButtonLink href={addressOf.metrics} kind="quiet">See the metrics</ButtonLink><ButtonLink href={addressOf.newRelease} kind="primary">Load a release</ButtonLink></>}
    >
      {error === null ? null : <ErrorPanel error={error} onRetry={() => void readReleases()} />}
      {releases?.length === 0 ? <Empty>No release is loaded yet. Loading one reads its repository and outputs, and changes neither.</Empty> : null}
      {releases === null || releases.length === 0 ? null : (
        <ReleaseLines
          releases={releases}
          actions={({ id, draft }) => (
            <Button kind="quiet" title="Takes it off this list. Records in the archive stay." onClick={() => void forgetRelease(id)}>
              Forget <span className="unseen">{draft.version}</span>
            </Button>
          )}
        />
      )}
    </Screen>
  );
}
