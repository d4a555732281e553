import { parse as parseYaml } from 'yaml';
import { AppError } from '../model/errors.ts';
import type { Artifact } from '../model/release.ts';

/** Files that go with artifacts and are none. */
const BESIDE = /(?:\.(?:asc|sig|gpg|sha256)|^(?:SHA256SUMS|evidence-manifest\.json))$/;

/** One artifact of a target, held against what was signed. */
export interface TargetLine {
  readonly name: string;
  /** What lies on the target; null where nothing of that name does. */
  readonly found: string | null;
  /** What was signed for this release; null where nothing of that name was. */
  readonly signed: string | null;
  /** Why it is not good, as a clause; null where it is. */
  readonly fault: string | null;
}

/**
 * What lies on a target, line by line (policy §5.1.3, "checksums verified before deployment"): each artifact there is one
 * that was signed for the release with this digest, its signature is good here, and none is left out.
 */
export function targetLines(target: ReadonlyMap<string, string>, signed: ReadonlyMap<string, string>, artifacts: readonly Pick<Artifact, 'name' | 'sha256' | 'signature'>[]): TargetLine[] {
  const listed = artifactsOf(target);
  const there = [...listed].map(([name, found]): TargetLine => {
    const recorded = signed.get(name) ?? null;
    return { name, found, signed: recorded, fault: faultOf(name, found, recorded, artifacts) };
  });
  const absent = [...signed].filter(([name]) => !listed.has(name)).map(([name, sha256]): TargetLine => ({ name, found: null, signed: sha256, fault: `${name} was signed for this release and is not on the target` }));
  return [...there, ...absent];
}

/** What is wrong with what lies on a target; nothing where every line of it is good. */
export function targetFaults(lines: readonly TargetLine[]): string[] {
  return [...(lines.every(({ found }) => found === null) ? ['the target has no artifact'] : []), ...lines.flatMap(({ fault }) => fault ?? [])];
}

function faultOf(name: string, found: string, recorded: string | null, artifacts: readonly Pick<Artifact, 'name' | 'sha256' | 'signature'>[]): string | null {
  if (recorded === null) return `${name} on the target was not signed for this release`;
  if (recorded !== found) return `${name} on the target is ${found.slice(0, 12)}, and ${recorded.slice(0, 12)} was signed`;
  const here = artifacts.find((artifact) => artifact.name === name && artifact.sha256 === found);
  if (here === undefined) return `${name} is not among the outputs, so its signature cannot be verified here`;
  return here.signature === 'good' ? null : `the signature of ${name} is ${here.signature}`;
}

/** Artifacts of a target, by the last part of their names. */
export function artifactsOf(target: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...target].map(([path, sha256]) => [path.slice(path.lastIndexOf('/') + 1), sha256] as const).filter(([name]) => !BESIDE.test(name)));
}

/** What a configuration file has otherwise than the policy says of its environment (§8.2). Error: `malformed`. */
export function configurationDifferences(text: string, file: string, expected: Readonly<Record<string, string>>): string[] {
  const found = settingsOf(text, file);
  return Object.entries(expected).flatMap(([name, value]) => {
    const is = found.get(name);
    if (is === undefined) return [`${name} is not set, and should be ${value}`];
    return same(is, value) ? [] : [`${name} is ${is.slice(0, 100)}, and should be ${value}`];
  });
}

/** `True`, `true` and `1` say the same; other words are compared without case. */
function same(one: string, other: string): boolean {
  const plain = (value: string): string => ({ 1: 'true', yes: 'true', on: 'true', 0: 'false', no: 'false', off: 'false' })[value.toLowerCase()] ?? value.toLowerCase();
  const isSwitch = /^(?:true|false)$/i.test(other);
  return isSwitch ? plain(one) === plain(other) : one.toLowerCase() === other.toLowerCase();
}

/** Names and values of a dotenv, YAML or JSON file; of nested ones the names with their path, joined by `.` or `_`. */
function settingsOf(text: string, file: string): ReadonlyMap<string, string> {
  if (/\.(?:json|ya?ml)$/i.test(file)) return flattened(parsed(text, file));
  const settings = new Map<string, string>();
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, name, value = ''] = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name === undefined) throw new AppError('malformed', `${file}, line ${index + 1}: this is not NAME=VALUE.`, { details: { path: file, line: index + 1 } });
    settings.set(name, unquoted(value));
  }
  return settings;
}

function unquoted(value: string): string {
  const quoted = /^(["'])(.*?)\1\s*(?:#.*)?$/.exec(value);
  return quoted?.[2] ?? value.replace(/\s+#.*$/, '').trim();
}

function parsed(text: string, file: string): unknown {
  try {
    return parseYaml(text, { maxAliasCount: 20 }) as unknown;
  } catch (cause) {
    throw new AppError('malformed', `${file} cannot be read: ${cause instanceof Error ? cause.message.split('\n')[0] ?? '' : ''}`, { details: { path: file }, cause });
  }
}

const DEEPEST = 8;

function flattened(value: unknown, path: readonly string[] = [], into = new Map<string, string>()): Map<string, string> {
  if (typeof value === 'object' && value !== null && path.length < DEEPEST) {
    for (const [name, inner] of Object.entries(value)) flattened(inner, [...path, name], into);
  } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    const last = path.at(-1) ?? '';
    for (const name of new Set([path.join('.'), path.join('_'), last, last.toUpperCase()])) if (!into.has(name)) into.set(name, String(value));
  }
  return into;
}
