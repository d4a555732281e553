/** A file as it stands in the room. */
interface Shown {
  readonly name: string;
  readonly sha256: string;
}

/** What one line that came by a second route (a build's printout, the telephone) comes to beside the files here. */
export type Heard = { readonly line: string } & (
  | { readonly state: 'matches'; readonly name: string }
  /** The digits so far are the beginning of one file's digest. */
  | { readonly state: 'so-far'; readonly name: string; readonly digits: number }
  /** Of no file here: where it parts from the nearest, counted from 1. */
  | { readonly state: 'differs'; readonly name: string | null; readonly at: number }
  /** A whole digest under a name that no file here has. */
  | { readonly state: 'not-here'; readonly name: string; readonly sha256: string }
  | { readonly state: 'unreadable' }
);

const LENGTH = 64;

/** Compares as it is typed: lines of `sha256sum`, or digits alone, in groups if one likes. */
export function compareHeard(text: string, files: readonly Shown[]): Heard[] {
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== '').map((line) => ({ line, ...heardOf(line, files) }));
}

type State<One = Heard> = One extends unknown ? Omit<One, 'line'> : never;

function heardOf(line: string, files: readonly Shown[]): State {
  const [, listed, name] = /^\\?([0-9a-f]{64})[ *]+(\S.*)$/is.exec(line) ?? [];
  if (listed !== undefined && name !== undefined) return named(listed.toLowerCase(), name, files);
  const [, tagged, digest] = /^SHA256 \((.+)\) = ([0-9a-f]{64})$/is.exec(line) ?? [];
  if (tagged !== undefined && digest !== undefined) return named(digest.toLowerCase(), tagged, files);
  if (!/^[0-9a-f\s:.-]+$/i.test(line)) return { state: 'unreadable' };
  const digits = line.replaceAll(/[^0-9a-f]/gi, '').toLowerCase();
  return digits.length > LENGTH || digits === '' ? { state: 'unreadable' } : unnamed(digits, files);
}

function named(sha256: string, name: string, files: readonly Shown[]): State {
  const base = name.split('/').at(-1) ?? name;
  const file = files.find((one) => one.name === base);
  if (file === undefined) return { state: 'not-here', name: base, sha256 };
  return file.sha256 === sha256 ? { state: 'matches', name: base } : { state: 'differs', name: base, at: common(sha256, file.sha256) + 1 };
}

function unnamed(digits: string, files: readonly Shown[]): State {
  const file = files.find(({ sha256 }) => sha256.startsWith(digits));
  if (file === undefined) return { state: 'differs', name: null, at: Math.max(0, ...files.map(({ sha256 }) => common(digits, sha256))) + 1 };
  return digits.length === LENGTH ? { state: 'matches', name: file.name } : { state: 'so-far', name: file.name, digits: digits.length };
}

function common(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}
