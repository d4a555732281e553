import { useEffect, useRef, type RefObject } from 'react';

/** Where an act took its own form away, and the focus with it, what it led to takes the focus; `led` is what changes then. */
export function useFocusKept<Place extends HTMLElement>(led: string, next: string): RefObject<Place | null> {
  const place = useRef<Place>(null);
  const before = useRef(led);
  useEffect(() => {
    if (before.current === led) return;
    before.current = led;
    if (document.activeElement === null || document.activeElement === document.body) place.current?.querySelector<HTMLElement>(next)?.focus();
  }, [led, next]);
  return place;
}
