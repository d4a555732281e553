import { z } from 'zod';
import { parseJson } from '../evidence/json.ts';
import { AppError } from '../model/errors.ts';

/** The name of an image as a registry knows it, in its full form: `docker.io/library/busybox:1.36`. */
export interface ImageReference {
  readonly full: string;
  /** Its repository without the registry's name: `library/busybox`. */
  readonly repository: string;
  /** Where the reference itself names the manifest; null where it has a tag. */
  readonly digest: string | null;
}

const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

/**
 * Writes a reference out in full as Docker does (distribution/reference, "normalized named"). Without a tag or a
 * digest it would name whatever is newest, so that it is refused. Error: `bad-input`.
 */
export function readReference(text: string): ImageReference {
  const [, named = '', tag, digest] = /^(.+?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(text) ?? [];
  const first = named.split('/')[0] ?? '';
  const hasRegistry = named.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  const registry = hasRegistry ? first : 'docker.io';
  const path = hasRegistry ? named.slice(first.length + 1) : named;
  const known = registry === 'index.docker.io' ? 'docker.io' : registry;
  const repository = known === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  const isName = /^[A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?$/.test(known) && repository.length <= 255 && repository.split('/').every((part) => COMPONENT.test(part));
  if (!isName || (tag === undefined && digest === undefined)) {
    throw new AppError('bad-input', `"${text}" does not name one image.`, { hint: 'Write it with its tag or digest, such as registry.example.com/team/product:1.1.0', details: { reference: text } });
  }
  return { full: `${known}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`, repository, digest: digest ?? null };
}

/** The container signature of containers/image ("atomic-signature"); `critical` holds exactly this, `optional` anything. */
const Payload = z.strictObject({
  critical: z.strictObject({
    type: z.literal('atomic container signature'),
    image: z.strictObject({ 'docker-manifest-digest': z.string() }),
    identity: z.strictObject({ 'docker-reference': z.string() }),
  }),
  optional: z.looseObject({ creator: z.string().optional(), timestamp: z.number().int().optional() }).nullable(),
});

/** What a container signature claims: which manifest goes by which name. */
export interface ImageClaim {
  readonly digest: string;
  readonly reference: string;
  readonly creator: string | null;
  /** Seconds since 1970, as the signer's clock had it. */
  readonly timestamp: number | null;
}

/** The JSON that is signed. */
export function writePayload({ digest, reference, creator, timestamp }: ImageClaim): string {
  return JSON.stringify({
    critical: { identity: { 'docker-reference': reference }, image: { 'docker-manifest-digest': digest }, type: 'atomic container signature' },
    optional: { ...(creator === null ? {} : { creator }), ...(timestamp === null ? {} : { timestamp }) },
  });
}

/** No container signature comes near this; as large as the text that is taken of one. */
export const MAX_PAYLOAD_BYTES = 64 * 1024;

/**
 * Reads what was signed; null where it is no container signature. A name that stands twice in it could be read in two
 * ways, so that it must come to the same text again.
 */
export function readPayload(data: Uint8Array): ImageClaim | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(data);
    const parsed = Payload.safeParse(parseJson(text, 16));
    if (!parsed.success || countOfNames(text) !== countOfMembers(parsed.data)) return null;
    const { critical, optional } = parsed.data;
    return { digest: critical.image['docker-manifest-digest'], reference: critical.identity['docker-reference'], creator: optional?.creator ?? null, timestamp: optional?.timestamp ?? null };
  } catch {
    return null;
  }
}

/** How many members a JSON text writes: strings that a colon follows. */
function countOfNames(text: string): number {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon !== undefined).length;
}

/** How many members its value has. */
function countOfMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const members = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, member: unknown) => sum + countOfMembers(member), members);
}
