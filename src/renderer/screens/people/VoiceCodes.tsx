import { Printer } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import type { Output } from '../../../core/contract/types.ts';
import type { Roster } from '../../../core/model/roster.ts';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { PathField } from '../../components/PathField.tsx';
import { Screen, Section } from '../../components/Screen.tsx';
import { counted } from '../../components/wording.ts';
import { useConsole } from '../../frame/status-store.ts';
import { Choice, Text } from './form-parts.tsx';
import { codesArePrinted, makeCodes, usePeople } from './people-store.ts';
import styles from './voice-codes.module.css';

const USUAL = 10;
const MOST = 50;

/** Single-use codes for somebody, by which they are known on the telephone (FORMATS §7). */
export function MakeCodes({ roster }: { readonly roster: Roster }): ReactElement {
  const { codesOf, codesError, working } = usePeople();
  const home = useConsole((state) => state.status?.home ?? null);
  const [count, setCount] = useState(String(USUAL));
  const [replace, setReplace] = useState(false);
  const [file, setFile] = useState('');
  const [out, setOut] = useState('');
  const person = roster.people.find(({ id }) => id === codesOf);
  const ready = person !== undefined && /^[1-9]\d?$/.test(count) && Number(count) <= MOST && out.trim() !== '' && !working;
  return (
    <Section title="Voice codes" aside="Each is read aloud once, in an emergency, and burnt by that.">
      <form
        className={styles['form']}
        aria-label="Voice codes"
        data-testid="make-codes"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void makeCodes({ person: person.id, count: Number(count), replace, file: file.trim() === '' ? null : file.trim(), out: out.trim() });
        }}
      >
        <p>The codes are shown once, to be printed, and kept nowhere: the roster holds only what they are checked by. Make them where the person whose they are sits beside you, and hand over the paper.</p>
        <div className={styles['fields']}>
          <Choice label="Whose" value={codesOf ?? ''} options={roster.people.filter(({ status }) => status === 'active').map(({ id, name }) => [id, name])} onChange={(id) => usePeople.setState({ codesOf: id === '' ? null : id })} testId="codes-who" />
          <Text label="How many" hint={`Up to ${MOST}; one more is made for duress.`} type="number" value={count} onChange={setCount} testId="codes-count" />
        </div>
        {person === undefined || person.voice_codes.length === 0 ? null : (
          <label className={controls['choice']}><input type="checkbox" checked={replace} onChange={() => setReplace(!replace)} data-testid="codes-replace" />Strike out the {counted(person.voice_codes.length, 'code')} that {person.name} has</label>
        )}
        <PathField label="Proposed version to go on with, if any" hint={`A file of version ${roster.version + 1} that nobody signed yet; the codes are put into it.`} choose="file" value={file} onChange={setFile} />
        <PathField label="File to write" hint={`Such as ${home ?? ''}/roster-${roster.version + 1}.json. Nothing that is there is overwritten.`} choose="file" value={out} onChange={setOut} testId="codes-out" />
        {codesError === null ? null : <ErrorPanel error={codesError} />}
        <div className={styles['acts']}>
          <Button type="submit" kind="primary" disabled={!ready} testId="make-codes-button">{working ? 'Making them …' : 'Make voice codes'}</Button>
          <Button kind="quiet" onClick={() => usePeople.setState({ open: null, codesOf: null, codesError: null })}>Close</Button>
        </div>
      </form>
    </Section>
  );
}

/** The codes, this once: a page that is printed, and gone when one leaves it. */
export function CodeSheet({ made: { name, codes, version } }: { readonly made: Output<'roster.makeVoiceCodes'> }): ReactElement {
  const usual = codes.filter(({ duress }) => !duress);
  return (
    <Screen
      narrow
      title={`Voice codes of ${name}`}
      lead={`They count once version ${version} of the roster is in force, which the administrators sign.`}
      actions={<Button kind="primary" onClick={() => window.print()} testId="print-codes"><Printer aria-hidden="true" />Print this page</Button>}
    >
      <p className={styles['once']} role="status">This page is shown once. The codes are kept nowhere else: print it before you leave it.</p>
      <p>Keep it where nobody else reads it. In an emergency whoever calls you asks for the next code by its name. Read its six words, and cross it out: it counts once.</p>
      <ol className={styles['codes']} data-testid="codes">
        {usual.map(({ id, words }) => <li key={id}><span className={styles['box']} aria-hidden="true" /><b>{id}</b><span className={styles['words']}>{words.join(' ')}</span></li>)}
      </ol>
      <section className={styles['duress']} aria-label="Under duress">
        <h2>If somebody forces you</h2>
        <p>Read this one in place of the one that you are asked for. It is taken like any other, nothing that is said on the telephone gives it away, and the approval opens nothing. Cut it off and keep it apart: whoever finds both knows which it is.</p>
        <ol className={styles['codes']} data-testid="duress-code">{codes.filter(({ duress }) => duress).map(({ id, words }) => <li key={id}><span className={styles['box']} aria-hidden="true" /><b>{id}</b><span className={styles['words']}>{words.join(' ')}</span></li>)}</ol>
      </section>
      <div className={styles['acts']}><Button onClick={() => void codesArePrinted()} testId="codes-printed">It is on paper: sign version {version}</Button></div>
    </Screen>
  );
}
