import { CloudUpload, FileSignature, FolderPlus, Link2, PackageCheck, PenLine } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import type { Assessment, AssessedLine } from '../../../core/contract/contract.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { FolderDialog } from '../../components/FolderDialog.tsx';
import { baseName, counted, listed } from '../../components/wording.ts';
import { shownError } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { addOutputs, bindOutputs, makeSbom, SBOM_NAME } from './release-store.ts';
import { AttestLine } from './AttestLine.tsx';
import { SignedWays } from './SignedWays.tsx';
import styles from './checklist.module.css';

interface WaysProps {
  readonly id: string;
  readonly line: AssessedLine;
  readonly assessment: Assessment;
}

/** Each way in which a line can turn green from here: what a machine can do by a button, what a person says by their signature. */
export function Ways({ id, line, assessment }: WaysProps): ReactElement | null {
  // The remedy is null where the line is green.
  if (line.result.remedy === null) return null;
  if (line.judgedBy === 'machine') return <MachineWays id={id} line={line} assessment={assessment} />;
  return (
    <>
      <PersonWays id={id} line={line} version={assessment.report.release} />
      {line.attestableBy.length === 0 ? null : <AttestLine id={id} line={line} assessment={assessment} />}
    </>
  );
}

function MachineWays({ id, line, assessment }: WaysProps): ReactElement {
  const [choosing, setChoosing] = useState(false);
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const { result } = line;
  const act = (work: () => Promise<void>): void => {
    setWorking(true);
    setError(null);
    work().catch((cause: unknown) => setError(shownError(cause))).finally(() => setWorking(false));
  };
  const unbound = unboundFolders(line, assessment);
  const commit = assessment.range.commit.slice(0, 7);
  return (
    <div className={styles['ways']}>
      <div className={styles['wayButtons']}>
        {SIGNED_BY_HAND.has(result.id) && assessment.artifacts.length > 0 ? (
          <ButtonLink href={addressOf.sign(id)}><FileSignature aria-hidden="true" />Sign {counted(assessment.artifacts.length, 'file')}</ButtonLink>
        ) : null}
        {result.id === 'artifacts-stored' && assessment.artifacts.length > 0 ? <ButtonLink href={addressOf.release(id, 'artifacts')}><CloudUpload aria-hidden="true" />Store the artifacts</ButtonLink> : null}
        {result.id === 'sbom-generated' && mayMakeSbom(assessment) ? (
          <Button disabled={working} testId="make-sbom" onClick={() => act(() => makeSbom(id))}><PackageCheck aria-hidden="true" />Make the bill of materials</Button>
        ) : null}
        {unbound.length === 0 ? null : (
          <Button disabled={working} testId="bind-outputs" onClick={() => act(() => bindOutputs(id, unbound))}><Link2 aria-hidden="true" />Bind the outputs to {commit}</Button>
        )}
        <Button disabled={working} testId="add-outputs" onClick={() => setChoosing(true)}><FolderPlus aria-hidden="true" />Add an outputs folder</Button>
      </div>
      {unbound.length === 0 ? null : (
        <p className={styles['wayNote']}>
          Binding writes evidence-manifest.json into {listed(unbound.map(baseName))}: it says that every file there was made from {commit}. Do it only where that is so; CI says it better, and a signature says who did.
        </p>
      )}
      {error === null ? null : <ErrorPanel error={error} />}
      <SignedWays id={id} line={line} assessment={assessment} />
      {choosing ? (
        <FolderDialog
          title="Choose an outputs folder"
          choose="folder"
          start={assessment.draft.outputs[0] ?? null}
          onClose={() => setChoosing(false)}
          onChoose={(path) => {
            setChoosing(false);
            act(() => addOutputs(id, [path]));
          }}
        />
      ) : null}
    </div>
  );
}

/** Lines that a signed plan answers. */
const PLANNED: ReadonlySet<string> = new Set(['deployment-scheduled', 'rollback-plan']);

/** Where a person says what only a person may: a decision over the whole release, or its plan. */
function PersonWays({ id, line: { result, approvedBy }, version }: { readonly id: string; readonly line: AssessedLine; readonly version: string }): ReactElement | null {
  if (approvedBy.length > 0) return <div className={styles['wayButtons']}><ButtonLink href={addressOf.approve(id)}><PenLine aria-hidden="true" />Approve or reject {version}</ButtonLink></div>;
  return PLANNED.has(result.id) ? <div className={styles['wayButtons']}><ButtonLink href={addressOf.release(id, 'plan')}><PenLine aria-hidden="true" />Plan {version}</ButtonLink></div> : null;
}

const SIGNED_BY_HAND: ReadonlySet<string> = new Set(['artifacts-signed', 'artifacts-checksummed']);

/** One is made only where none lies yet: nothing is overwritten here. */
function mayMakeSbom({ draft, evidence }: Assessment): boolean {
  return draft.outputs.length > 0 && !evidence.some(({ path }) => baseName(path) === SBOM_NAME);
}

/** Folders with reports for this line that name no commit, and that hold no manifest of CI's own. */
function unboundFolders({ result }: AssessedLine, { evidence }: Assessment): string[] {
  const digests = new Set(result.evidence.map(({ sha256 }) => sha256));
  const folders = evidence.filter(({ sha256, commit }) => commit === null && sha256 !== null && digests.has(sha256)).map(({ folder }) => folder);
  const manifests = new Set(evidence.filter(({ kind }) => kind === 'evidence-manifest').map(({ folder }) => folder));
  return [...new Set(folders)].filter((folder) => !manifests.has(folder));
}
