import { useSyncExternalStore } from 'react';

/** Whether the window is at most so many pixels wide, as its zoom has them. */
export function useIsNarrow(most: number): boolean {
  const query = `(max-width: ${most}px)`;
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', changed);
      return () => media.removeEventListener('change', changed);
    },
    () => window.matchMedia(query).matches,
  );
}
