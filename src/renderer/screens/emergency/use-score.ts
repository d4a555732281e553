import { useEffect, useState } from 'react';
import type { ScoredOrRefused } from '../../../core/contract/cvss-calls.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { client, shownError } from '../../core-client.ts';

const PAUSE_MS = 120;

/** What a vector comes to, as the core scores it; null while it is being scored, and of an empty one. */
export function useScore(vector: string): { readonly scored: ScoredOrRefused | null; readonly error: AppError | null } {
  const [held, setHeld] = useState<{ readonly of: string; readonly scored: ScoredOrRefused | null; readonly error: AppError | null }>({ of: '', scored: null, error: null });
  const asked = vector.trim();
  useEffect(() => {
    if (asked === '') return undefined;
    let current = true;
    const timer = window.setTimeout(() => {
      client.call('cvss.score', { vectors: [asked] }).then(
        ({ scores }) => current && setHeld({ of: asked, scored: scores[0] ?? null, error: null }),
        (cause: unknown) => current && setHeld({ of: asked, scored: null, error: shownError(cause) }),
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [asked]);
  return held.of === asked && asked !== '' ? held : { scored: null, error: null };
}
