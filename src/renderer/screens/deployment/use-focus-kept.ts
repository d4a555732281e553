import { useEffect, useRef, type RefObject } from 'react';

/** Where an act took its own form away, and the focus with it, what it led to takes the focus; `led` is what changes then, and null until it is known. */
export function useFocusKept<Place extends HTMLElement>(led: string | null, next: string): RefObject<Place | null> {
  const place = useRef<Place>(null);
  const before = useRef(led);
  useEffect(() => {
    if (led === null || before.current === led) return;
    const known = before.current !== null;
    before.current = led;
    if (known && (document.activeElement === null || document.activeElement === document.body)) place.current?.querySelector<HTMLElement>(next)?.focus();
  }, [led, next]);
  return place;
}
