import { Check, Copy } from 'lucide-react';
import { useEffect, useState, type ReactElement } from 'react';
import styles from './controls.module.css';

/** Copies a text whole; what was copied is named for those who do not see the icon. */
export function CopyButton({ text, what, label }: { readonly text: string; readonly what: string; readonly label?: string }): ReactElement {
  const [state, setState] = useState<'ready' | 'copied' | 'refused'>('ready');
  useEffect(() => {
    if (state === 'ready') return undefined;
    const timer = window.setTimeout(() => setState('ready'), 2000);
    return () => window.clearTimeout(timer);
  }, [state]);
  const said = state === 'copied' ? `Copied ${what}` : state === 'refused' ? `Could not copy ${what}` : `Copy ${what}`;
  return (
    <button
      type="button"
      className={styles['copy']}
      aria-label={said}
      title={said}
      onClick={(event) => {
        event.stopPropagation();
        void copyText(text).then((copied) => setState(copied ? 'copied' : 'refused'));
      }}
    >
      {state === 'copied' ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
      {label === undefined ? null : <span>{state === 'copied' ? 'Copied' : label}</span>}
    </button>
  );
}

/** Asks for the clipboard, and falls back on a selection where a shell forbids it. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'unseen';
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    return copied;
  }
}
