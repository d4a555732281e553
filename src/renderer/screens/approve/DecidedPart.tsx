import type { ReactElement, RefObject } from 'react';
import type { Assessment } from '../../../core/contract/contract.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { PathText } from '../../components/Cut.tsx';
import { Section } from '../../components/Screen.tsx';
import { counted, grouped } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { decideAgain, type Decided } from './approve-store.ts';
import styles from './approve.module.css';

/** What was recorded, and how anybody can check it. */
export function DecidedPart({ id, decided: { decision, role, result, file }, assessment, heading }: { readonly id: string; readonly decided: Decided; readonly assessment: Assessment; readonly heading: RefObject<HTMLHeadingElement | null> }): ReactElement {
  const { person, record, fingerprint, statement, signed, signature, subjectDigest } = result;
  const name = file ?? 'statement.json';
  const commands = [`gpg --verify ${quoted(`${name}.asc`)} ${quoted(name)}`];
  const same = subjectDigest === assessment.report.subjectDigest;
  return (
    <div className={styles['decided']} data-testid="decided">
      <h2 ref={heading} tabIndex={-1} className={styles['decidedTitle']}><bdi>{person}</bdi> {decision === 'approve' ? 'approved' : 'rejected'} {statement.predicate.release} as {role}.</h2>
      <p>Over {counted(statement.subject.length, 'file')}, with key <code>{grouped(fingerprint)}</code>. Recorded as <a href={addressOf.entry(record)}>{record}</a>. {same ? '' : 'The release has been judged as another since: see below.'}</p>
      <Section title="How anybody can check it" aside={<CopyButton text={commands.join('\n')} what="the commands" label="Copy the commands" />}>
        <pre className={styles['commands']} tabIndex={0} aria-label="Commands">{commands.join('\n')}</pre>
        {file === null ? (
          <p className={styles['soft']}>The archive alone holds the statement. Save it as <code>statement.json</code> without a line end, and its signature as <code>statement.json.asc</code>: <CopyButton text={signed} what="the statement" label="Copy the statement" /> <CopyButton text={signature} what="the signature" label="Copy the signature" /></p>
        ) : <p className={styles['soft']}>Written to <PathText path={file} /> and <PathText path={`${file}.asc`} />.</p>}
      </Section>
      <div className={styles['act']}>
        <ButtonLink href={addressOf.release(id, 'approvals')} kind="primary">Return to the approvals</ButtonLink>
        <Button onClick={() => decideAgain(id)} testId="decide-again">Decide once more</Button>
      </div>
    </div>
  );
}

/** A path as a shell takes it for one word, whatever it holds. */
function quoted(path: string): string {
  return /^[\w./:@%+=,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
