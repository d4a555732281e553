import { FolderOpen } from 'lucide-react';
import { useId, useState, type DragEvent, type ReactElement } from 'react';
import { pathsOf, shownError } from '../core-client.ts';
import { notify } from '../frame/notice-store.ts';
import { Button } from './Button.tsx';
import controls from './controls.module.css';
import { FolderDialog } from './FolderDialog.tsx';

interface PathFieldProps {
  readonly label: string;
  /** The group's own title says it already. */
  readonly labelUnseen?: boolean;
  readonly hint?: string;
  readonly value: string;
  readonly choose: 'folder' | 'file';
  readonly error?: string | null;
  readonly placeholder?: string;
  readonly testId?: string;
  readonly onChange: (path: string) => void;
  /** The path is meant: Enter, a choice, or a drop. */
  readonly onCommit?: (path: string) => void;
}

/** A path that is typed, chosen in the window, or dropped; never the bytes. */
export function PathField({ label, labelUnseen = false, hint, value, choose, error = null, placeholder, testId, onChange, onCommit }: PathFieldProps): ReactElement {
  const id = useId();
  const [choosing, setChoosing] = useState(false);
  const drop = usePathDrop((paths) => {
    const [path] = paths;
    if (path === undefined) return;
    onChange(path);
    onCommit?.(path);
  });
  const take = (path: string): void => {
    setChoosing(false);
    onChange(path);
    onCommit?.(path);
  };
  return (
    <div className={`${controls['field'] ?? ''} ${drop.over ? controls['dropping'] ?? '' : ''}`} {...drop.handlers}>
      <label className={labelUnseen ? 'unseen' : controls['label']} htmlFor={id}>{label}</label>
      <div className={controls['inputRow']}>
        <input
          id={id}
          data-testid={testId}
          className={`${controls['input'] ?? ''} ${controls['path'] ?? ''}`}
          value={value}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={error !== null}
          aria-describedby={`${id}-about`}
          title={value}
          onChange={(event) => onChange(event.target.value)}
          onBlur={() => value !== '' && onCommit?.(value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onCommit?.(value);
          }}
        />
        <Button onClick={() => setChoosing(true)} aria-label={`Choose ${label.toLowerCase()}`}>
          <FolderOpen aria-hidden="true" />
          Choose
        </Button>
      </div>
      <div id={`${id}-about`}>
        {error === null ? hint === undefined ? null : <p className={controls['hint']}>{hint}</p> : <p className={controls['wrong']}>{error}</p>}
      </div>
      {choosing ? <FolderDialog title={`Choose ${label.toLowerCase()}`} choose={choose} start={value === '' ? null : value} onChoose={take} onClose={() => setChoosing(false)} /> : null}
    </div>
  );
}

/** Dropped files and folders, as paths. */
export function usePathDrop(onPaths: (paths: readonly string[]) => void): {
  readonly over: boolean;
  readonly handlers: { readonly onDragOver: (event: DragEvent) => void; readonly onDragLeave: () => void; readonly onDrop: (event: DragEvent) => void };
} {
  const [over, setOver] = useState(false);
  return {
    over,
    handlers: {
      onDragOver: (event) => {
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: () => setOver(false),
      onDrop: (event) => {
        event.preventDefault();
        setOver(false);
        pathsOf([...event.dataTransfer.files]).then(
          (paths) => {
            if (paths.length > 0) onPaths(paths);
            else notify({ tone: 'failed', text: 'This shell does not say where a dropped file lies. Type its path, or choose it.', address: null });
          },
          (cause: unknown) => notify({ tone: 'failed', text: shownError(cause).message, address: null }),
        );
      },
    },
  };
}
