/** What an OpenPGP signature inside a commit is over, and the signature. */
export interface SignedCommit {
  readonly id: string;
  readonly payload: Buffer;
  readonly signature: string;
}

const HEADERS = ['gpgsig', 'gpgsig-sha256'];
const ARMOR = /^-----BEGIN PGP SIGNATURE-----/;

/**
 * Takes a commit object apart as git does to verify it: the signature header, whose further lines begin with a space, is
 * left out of what it signs. Null where it has no OpenPGP signature.
 */
export function signedCommitOf(id: string, object: Buffer): SignedCommit | null {
  // Latin-1 keeps every byte, so that the payload is exactly what was signed.
  const text = object.toString('latin1');
  const end = text.indexOf('\n\n');
  const kept: string[] = [];
  const signature: string[] = [];
  let inside: 'ours' | 'other' | null = null;
  for (const line of text.slice(0, end === -1 ? text.length : end).split('\n')) {
    const name = line.slice(0, Math.max(0, line.indexOf(' ')));
    if (HEADERS.includes(name)) inside = name === 'gpgsig' ? 'ours' : 'other';
    else if (!line.startsWith(' ')) inside = null;
    if (inside === null) kept.push(line);
    else if (inside === 'ours') signature.push(line.slice(line.startsWith(' ') ? 1 : name.length + 1));
  }
  if (!ARMOR.test(signature[0] ?? '')) return null;
  return { id, payload: Buffer.from(`${kept.join('\n')}${end === -1 ? '' : text.slice(end)}`, 'latin1'), signature: `${signature.join('\n')}\n` };
}
