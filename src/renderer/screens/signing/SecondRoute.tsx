import { useId, type ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { StatusSign } from '../../components/StatusSign.tsx';
import { counted } from '../../components/wording.ts';
import type { Heard } from './second-route.ts';
import styles from './room.module.css';

interface SecondRouteProps {
  readonly text: string;
  readonly heard: readonly Heard[];
  readonly disabled: boolean;
  readonly onChange: (text: string) => void;
  /** Covers an artifact that is not here by its digest alone. */
  readonly onCover: (name: string, sha256: string) => void;
}

/** A field for digests that came by another way than the files, compared as they are typed. */
export function SecondRoute({ text, heard, disabled, onChange, onCover }: SecondRouteProps): ReactElement {
  const id = useId();
  return (
    <div className={styles['second']}>
      <label className={controls['label']} htmlFor={id}>Digest that came by a second route</label>
      <p id={`${id}-hint`} className={controls['hint']}>From the build’s printout or the telephone: digits alone, or lines of sha256sum. It is compared as you type.</p>
      <textarea id={id} className={styles['heardField']} aria-describedby={`${id}-hint`} rows={Math.min(6, Math.max(2, text.split('\n').length))} spellCheck={false} autoComplete="off" value={text} disabled={disabled} data-testid="second-route" onChange={(event) => onChange(event.target.value)} />
      {heard.length === 0 ? null : (
        <ul className={styles['heard']} aria-live="polite" data-testid="heard">
          {heard.map((one, index) => <HeardLine key={`${index} ${one.line}`} heard={one} disabled={disabled} onCover={onCover} />)}
        </ul>
      )}
    </div>
  );
}

const SIGNS = { 'matches': 'passed', 'so-far': 'stale', 'differs': 'failed', 'not-here': 'missing', 'unreadable': 'broken' } as const;

function HeardLine({ heard, disabled, onCover }: { readonly heard: Heard; readonly disabled: boolean; readonly onCover: SecondRouteProps['onCover'] }): ReactElement {
  return (
    <li className={styles['heardLine']} data-state={heard.state}>
      <StatusSign status={SIGNS[heard.state]} silent />
      <span>{heardWords(heard)}</span>
      {heard.state === 'not-here' ? <Button disabled={disabled} onClick={() => onCover(heard.name, heard.sha256)}>Cover it by its digest alone</Button> : null}
    </li>
  );
}

function heardWords(heard: Heard): string {
  switch (heard.state) {
    case 'matches': return `The same as ${heard.name} here.`;
    case 'so-far': return `So far as ${heard.name}: ${counted(heard.digits, 'digit')} of 64.`;
    case 'differs': return heard.name === null ? `Of no file here: it parts from the nearest at digit ${heard.at}.` : `${heard.name} here has another digest: they part at digit ${heard.at}.`;
    case 'not-here': return `${heard.name} is not among the files here.`;
    case 'unreadable': return `“${heard.line.slice(0, 40)}” is no SHA-256.`;
  }
}
