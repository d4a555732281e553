import { useEffect, useId, useState, type ReactElement, type ReactNode } from 'react';
import type { Assessment, AssessedLine } from '../../../core/contract/contract.ts';
import type { Input, Output } from '../../../core/contract/types.ts';
import { locationOf } from '../../../core/model/evidence-location.ts';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { useSigner } from '../../components/SignAs.tsx';
import { counted } from '../../components/wording.ts';
import { client } from '../../core-client.ts';
import { useSeat } from '../../frame/seat-store.ts';
import { isBegun, placeOf, say, type, useAttesting, useTyped, type Saying } from './attest-store.ts';
import styles from './attest.module.css';
import { FileList } from './FileList.tsx';
import { useWhoMay } from './WhoMay.tsx';

interface SignedWayProps {
  readonly id: string;
  readonly line: AssessedLine;
  readonly assessment: Assessment;
}

/** What a person's signature can do for a line that a machine judges: bind its reports, let suppressions count, accept a risk. */
export function SignedWays(props: SignedWayProps): ReactElement | null {
  const [open, setOpen] = useState<Saying | null>(null);
  const { line, assessment } = props;
  const unbound = unboundFiles(line, assessment);
  const taking = takingAway(line, assessment);
  const risks = line.result.id === 'medium-documented' ? mediumIn(line) : [];
  const ways: readonly (readonly [Saying, string, boolean])[] = [
    ['binding', `Sign that ${counted(unbound.length, 'report')} ${unbound.length === 1 ? 'is' : 'are'} of this commit`, unbound.length > 0],
    ['suppression', 'Let suppressions count by signature', taking !== null],
    ['risk', 'Accept a risk', risks.length > 0],
  ];
  const offered = ways.filter(([, , is]) => is);
  if (offered.length === 0) return null;
  return (
    <div className={styles['form']}>
      <div className={styles['buttons']}>
        {offered.map(([about, words]) => <Button key={about} aria-expanded={open === about} testId={`way-${about}`} onClick={() => setOpen(open === about ? null : about)}>{words}</Button>)}
      </div>
      {open === 'binding' ? <Bind {...props} offered={unbound} /> : null}
      {open === 'suppression' ? <Suppress {...props} offered={taking ?? []} /> : null}
      {open === 'risk' ? <AcceptRisk {...props} offered={risks} /> : null}
    </div>
  );
}

function Bind({ id, line, assessment, offered }: SignedWayProps & { readonly offered: readonly string[] }): ReactElement {
  const place = placeOf(id, line.result.id, 'binding');
  const { statement, files } = useTyped(place);
  useOffered(place, offered);
  const { draft, range } = assessment;
  return (
    <Statement
      id={id} place={place} line={line} assessment={assessment} about="binding" label={`How you know that they were made from ${range.commit.slice(0, 7)}`} verb={`Sign for ${counted(files.length, 'report')}`}
      written={files.length === 0 || statement.trim() === '' ? null : { kind: 'binding', repo: draft.repo, release: draft.version, statement: statement.trim(), files }}
    >
      <Choices legend="Reports that name no commit" offered={offered} place={place} />
    </Statement>
  );
}

function Suppress({ id, line, assessment, offered }: SignedWayProps & { readonly offered: readonly string[] }): ReactElement {
  const place = placeOf(id, line.result.id, 'suppression');
  const { statement, files } = useTyped(place);
  const { draft } = assessment;
  const others = files.filter((file) => !offered.includes(file));
  return (
    <Statement
      id={id} place={place} line={line} assessment={assessment} about="suppression" label="Why what they take away may go" verb={`Let ${counted(files.length, 'file')} count`}
      written={files.length === 0 || statement.trim() === '' ? null : { kind: 'suppression', repo: draft.repo, release: draft.version, statement: statement.trim(), files }}
    >
      <p className={styles['soft']}>Afterwards, findings that these very bytes suppress or clear are taken away, and shown as taken away where approval is given. A changed file counts for nothing again.</p>
      {offered.length === 0 ? null : <Choices legend="Files that take findings away" offered={offered} place={place} />}
      <FileList label="Another file: suppressions, a baseline or a VEX document" files={others} onChange={(changed) => type(place, { files: [...files.filter((file) => offered.includes(file)), ...changed] })} />
    </Statement>
  );
}

function AcceptRisk({ id, line, assessment, offered }: SignedWayProps & { readonly offered: readonly string[] }): ReactElement {
  const place = placeOf(id, line.result.id, 'risk');
  const { statement, vulnerabilities, packages, askedBy, control, until, everyRelease } = useTyped(place);
  const people = useRosterPeople();
  const seat = useSeat((state) => state.seat);
  const names = split(vulnerabilities);
  const { draft } = assessment;
  const whole = names.length > 0 && askedBy !== '' && statement.trim() !== '' && control.trim() !== '' && /^\d{4}-\d\d-\d\d$/.test(until);
  const toggle = (name: string): void => type(place, { vulnerabilities: (names.includes(name) ? names.filter((one) => one !== name) : [...names, name]).join(', ') });
  return (
    <Statement
      id={id} place={place} line={line} assessment={assessment} about="risk" label="Why it may stay" verb={`Accept ${counted(names.length, 'finding')} until ${until === '' ? 'then' : until}`}
      written={whole ? { kind: 'risk', release: everyRelease ? null : draft.version, vulnerabilities: names, packages: split(packages), askedBy, reason: statement.trim(), compensatingControl: control.trim(), until: `${until}T23:59:59Z`, policyFile: draft.policyFile } : null}
    >
      <fieldset className={styles['choices']}>
        <legend className={controls['label']}>Medium findings</legend>
        {offered.map((name) => <label key={name} className={controls['choice']}><input type="checkbox" checked={names.includes(name)} onChange={() => toggle(name)} /><span dir="auto">{name}</span></label>)}
      </fieldset>
      <Text label="What is accepted, by the names of the reports, separated by commas" value={vulnerabilities} onChange={(value) => type(place, { vulnerabilities: value })} />
      <Text label="Only in these packages, if any, separated by commas" value={packages} onChange={(value) => type(place, { packages: value })} />
      <Field label="Who asked for it">
        {(field) => (
          <select id={field} className={controls['input']} value={askedBy} data-testid="risk-asker" onChange={(event) => type(place, { askedBy: event.target.value })}>
            <option value="">Choose somebody else than who signs</option>
            {people.filter((person) => person.id !== seat?.person.id).map((person) => <option key={person.id} value={person.id}>{person.name}</option>)}
          </select>
        )}
      </Field>
      <Text label="What is done instead" value={control} onChange={(value) => type(place, { control: value })} testId="risk-control" />
      <Field label="Until the end of this day, UTC">{(field) => <input id={field} className={controls['input']} type="date" value={until} data-testid="risk-until" onChange={(event) => type(place, { until: event.target.value })} />}</Field>
      <label className={controls['choice']}><input type="checkbox" checked={everyRelease} onChange={(event) => type(place, { everyRelease: event.target.checked })} />For every release until then, not only {draft.version}</label>
    </Statement>
  );
}

/** The words, who signs, and the one button of a statement. */
function Statement({ id, place, line, assessment, about, label, verb, written, children }: SignedWayProps & {
  readonly place: string; readonly about: Saying; readonly label: string; readonly verb: string; readonly written: Input<'statement.sign'>['statement'] | null; readonly children: ReactNode;
}): ReactElement {
  const { statement } = useTyped(place);
  const { signing, errors, said } = useAttesting();
  const { signer, field, clear } = useSigner();
  const { may, words } = useWhoMay(id, assessment, about, line);
  const wordsId = useId();
  const record = said[place];
  if (record !== undefined) return <p className={styles['done']} role="status" data-testid="attested">Signed, recorded as {record}. The release is being judged with it.</p>;
  const error = errors[place];
  return (
    <form
      className={styles['form']}
      aria-label={label}
      data-testid={`statement-${about}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (written !== null && may && signer !== null) void say(id, place, assessment, written, signer).then(clear);
      }}
    >
      {words}
      {children}
      <div className={controls['field']}>
        <label className={controls['label']} htmlFor={wordsId}>{label}</label>
        <textarea id={wordsId} className={controls['input']} rows={2} maxLength={4_000} dir="auto" value={statement} data-testid="attest-statement" onChange={(event) => type(place, { statement: event.target.value })} />
      </div>
      {field}
      {error === undefined ? null : <ErrorPanel error={error} />}
      <div className={styles['buttons']}><Button type="submit" kind="primary" disabled={written === null || !may || signer === null || signing !== null} testId={`sign-${about}`}>{verb}</Button></div>
    </form>
  );
}

function Choices({ legend, offered, place }: { readonly legend: string; readonly offered: readonly string[]; readonly place: string }): ReactElement {
  const { files } = useTyped(place);
  return (
    <fieldset className={styles['choices']}>
      <legend className={controls['label']}>{legend}</legend>
      {offered.map((file) => (
        <label key={file} className={controls['choice']}>
          <input type="checkbox" checked={files.includes(file)} onChange={() => type(place, { files: files.includes(file) ? files.filter((one) => one !== file) : [...files, file] })} />
          <span className={styles['path']} title={file}>{file}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Field({ label, children }: { readonly label: string; readonly children: (id: string) => ReactNode }): ReactElement {
  const id = useId();
  return <div className={controls['field']}><label className={controls['label']} htmlFor={id}>{label}</label>{children(id)}</div>;
}

function Text({ label, value, onChange, testId }: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void; readonly testId?: string }): ReactElement {
  return <Field label={label}>{(id) => <input id={id} className={controls['input']} dir="auto" value={value} data-testid={testId} onChange={(event) => onChange(event.target.value)} />}</Field>;
}

/** What is offered is chosen at first; what somebody took off stays off. */
function useOffered(place: string, offered: readonly string[]): void {
  useEffect(() => {
    if (!isBegun(place)) type(place, { files: [...offered] });
  }, [place, offered]);
}

function useRosterPeople(): NonNullable<Output<'roster.read'>['held']>['people'] {
  const [people, setPeople] = useState<NonNullable<Output<'roster.read'>['held']>['people']>([]);
  useEffect(() => {
    client.call('roster.read', {}).then(({ held }) => setPeople((held?.people ?? []).filter(({ status }) => status === 'active')), () => undefined);
  }, []);
  return people;
}

/** Reports of this line that name no commit, where they lie. */
function unboundFiles({ result }: AssessedLine, { evidence, draft }: Assessment): string[] {
  if (result.status !== 'needs-person') return [];
  const digests = new Set(result.evidence.map(({ sha256 }) => sha256));
  return evidence.filter(({ sha256, commit, problem }) => commit === null && problem === null && sha256 !== null && digests.has(sha256)).map((file) => locationOf(file, draft.outputs.length));
}

const SCANS: ReadonlySet<string> = new Set(['sast-scans', 'dast-scans', 'dependency-scans', 'critical-high-remediated', 'medium-documented']);
const DOCUMENTS: ReadonlySet<string> = new Set(['openvex', 'csaf', 'cyclonedx']);

/** Files that take findings of this line away, and count only by signature; null where the line is no scan or is green. */
function takingAway({ result, findings }: AssessedLine, { evidence, draft }: Assessment): string[] | null {
  if (!SCANS.has(result.id) || result.status === 'passed' || result.remedy === null) return null;
  const suppressedIn = findings.filter(({ severity }) => severity?.includes('suppressed') === true).flatMap((finding) => finding.evidence?.split(', ') ?? []);
  return evidence.filter(({ kind, path, problem }) => problem === null && (DOCUMENTS.has(kind) || suppressedIn.includes(path))).map((file) => locationOf(file, draft.outputs.length));
}

/** Names of the medium findings that are left, as the reports have them. */
function mediumIn({ result, findings }: AssessedLine): string[] {
  if (result.status !== 'failed') return [];
  return [...new Set(findings.filter(({ severity }) => severity?.startsWith('medium') === true).map(({ title }) => title.split(': ')[0]?.split(', ')[0] ?? title))];
}

function split(text: string): string[] {
  return text.split(',').map((one) => one.trim()).filter((one) => one !== '');
}
