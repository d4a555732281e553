import { useEffect, useRef } from 'react';

/** What a key does; it returns false where it does nothing here. */
export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => boolean | void>>;

/**
 * Single keys of a screen: never while one types, never with a modifier, never under a dialog. The frame's own are
 * heard `first`, whichever was mounted before the other, so that "g r" goes to Releases and checks nothing again.
 */
export function useKeys(map: KeyMap, first = false): void {
  const latest = useRef(map);
  useEffect(() => {
    latest.current = map;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('dialog[open]') !== null) return;
      const act = latest.current[event.key];
      if (act !== undefined && act(event) !== false) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown, first);
    return () => window.removeEventListener('keydown', onKeyDown, first);
  }, [first]);
}

/** Whether a key goes into a text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox' && target.type !== 'radio';
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}
