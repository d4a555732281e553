import type { WithdrawnList } from '../model/withdrawn.ts';
import type { SignatureCheck } from './openpgp.ts';

export const WITHDRAWN_FILE = 'withdrawn.json';

/** A list of withdrawn releases as it lies beside artifacts. */
export interface ReadWithdrawn {
  readonly file: string;
  /** null where it says that it is such a list and cannot be read as one. */
  readonly list: WithdrawnList | null;
  /** null where no signature lies beside it. */
  readonly check: SignatureCheck | null;
}

/**
 * Says, where a list names a file by its digest, that it was withdrawn; null where it does not. A list that nobody is proved to have
 * signed is believed too: who can put it there could take the artifact away as well, and a release that was taken back in
 * earnest must not pass because its list lost its signature.
 */
export function withdrawnAs({ file, list, check }: ReadWithdrawn, sha256: string | null): string | null {
  if (list === null) return `${file} says that it is the list of withdrawn releases, and cannot be read as one.`;
  const named = list.releases.find(({ artifacts }) => artifacts.some((artifact) => artifact.sha256 === sha256));
  if (named === undefined || sha256 === null) return null;
  const good = check?.signatures.find(({ status }) => status === 'good');
  const signed = good === undefined ? 'no good signature over the list by a known key was found' : `the list is signed by ${good.user ?? ''} ${good.primary ?? good.fingerprint ?? ''}`.replaceAll(/\s+/g, ' ');
  return `${named.withdrawn_by} (${named.role}) withdrew ${named.release} at ${named.withdrawn_at}: ${named.reason.replace(/[.\s]+$/, '')}. By ${file}; ${signed}.`;
}
