import { useEffect, useState } from 'react';

/** The SHA-256 of a text as it stands in this window; null until it is worked out, and where the window cannot. */
export function useDigestOf(text: string | null): string | null {
  const [digest, setDigest] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    setDigest(null);
    // A page that was not loaded safely has no `subtle`, whatever its type says.
    const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle;
    if (text === null || subtle === undefined) return undefined;
    subtle.digest('SHA-256', new TextEncoder().encode(text)).then(
      (bytes) => !gone && setDigest([...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [text]);
  return digest;
}
