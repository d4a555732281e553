import { z } from 'zod';
import { AppError } from '../model/errors.ts';
import { delimiterOf } from './csv.ts';
import { readTable } from './deployment-table.ts';

/** A deployment as production itself lists it. */
export interface ListedDeployment {
  /** How production calls it, or its place in the file. */
  readonly id: string;
  readonly version: string;
  readonly environment: string | null;
  /** RFC 3339 UTC. */
  readonly at: string;
  /** False where production says that it failed. */
  readonly succeeded: boolean;
}

export type DeploymentFormat = 'json-lines' | 'csv' | 'kubernetes' | 'github' | 'octopus';

const MAX_LISTED = 100_000;

/** Offsets are understood; a time without one is refused, because it could be anybody's. */
const Instant = z.string().regex(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/, 'a time with its offset, such as 2026-01-31T12:00:00Z').refine((text) => !Number.isNaN(Date.parse(text)), 'this date or time does not exist');
const Name = z.string().trim().min(1).max(500);

/** A line of ours, or of a script that writes what it knows. */
const Line = z.looseObject({ release_version: Name.optional(), version: Name.optional(), deployment_date: Instant.optional(), deployed_at: Instant.optional(), deployment_environment: Name.optional(), environment: Name.optional(), deployment_id: Name.optional(), id: z.union([Name, z.number()]).optional(), deployment_status: Name.optional(), status: Name.optional() })
  .refine((line) => (line.release_version ?? line.version) !== undefined, 'release_version is missing')
  .refine((line) => (line.deployment_date ?? line.deployed_at) !== undefined, 'deployment_date is missing');

/** `kubectl get replicasets --output json`: a replica set is made for each version that is rolled out. */
const Kubernetes = z.looseObject({
  kind: z.enum(['List', 'ReplicaSetList', 'DeploymentList']),
  items: z.array(z.looseObject({
    metadata: z.looseObject({ name: Name, namespace: Name.optional(), creationTimestamp: Instant, labels: z.record(z.string(), z.string()).optional() }),
    spec: z.looseObject({ template: z.looseObject({ spec: z.looseObject({ containers: z.array(z.looseObject({ image: Name })).min(1) }) }) }),
  })),
});

/** `GET /repos/OWNER/REPO/deployments`. */
const GitHub = z.array(z.looseObject({ id: z.number(), ref: Name, environment: Name, created_at: Instant, state: Name.optional() }));

/** Octopus Deploy's deployments, with the version of each release beside its id. */
const Octopus = z.looseObject({ Items: z.array(z.looseObject({ Id: Name, Created: Instant, ReleaseVersion: Name.optional(), EnvironmentName: Name.optional(), EnvironmentId: Name, State: Name.optional(), Changes: z.array(z.looseObject({ Version: Name })).optional() })) });

const FAILED = new Set(['failure', 'failed', 'error', 'canceled', 'cancelled', 'timedout']);

/** Reads production's own list, of whichever kind it is. Errors: `malformed`, `too-large`, each naming file and place. */
export function readDeployments(text: string, file: string): { readonly format: DeploymentFormat; readonly deployments: readonly ListedDeployment[] } {
  const whole = parsed(text);
  const read = whole !== undefined ? readWhole(whole, text, file) : (readCsvTable(text, file) ?? { format: 'json-lines' as const, deployments: readLines(text, file) });
  if (read.deployments.length > MAX_LISTED) throw new AppError('too-large', `${file} lists more than ${MAX_LISTED} deployments.`, { hint: 'Split it by time.', details: { path: file } });
  return read;
}

/** A table, which begins with a line of names; null where it is none. */
function readCsvTable(text: string, file: string): { readonly format: DeploymentFormat; readonly deployments: readonly ListedDeployment[] } | null {
  const table = text.replace(/^\uFEFF/, '').replace(/^(?:[ \t]*\r?\n)+/, (blank) => blank.replaceAll(/[^\n]/g, ''));
  const delimiter = /^\n*[[{]/.test(table) ? null : delimiterOf(table.replace(/^\n+/, ''));
  return delimiter === null ? null : { format: 'csv', deployments: readTable(table, delimiter, file, MAX_LISTED) };
}

function readWhole(value: unknown, text: string, file: string): { readonly format: DeploymentFormat; readonly deployments: readonly ListedDeployment[] } {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isObject && 'items' in value) {
    const { items } = parse(Kubernetes, value, file);
    return { format: 'kubernetes', deployments: items.map(({ metadata, spec }) => ({ id: metadata.name, version: metadata.labels?.['app.kubernetes.io/version'] ?? tagOf(spec.template.spec.containers[0]?.image ?? ''), environment: metadata.namespace ?? null, at: utc(metadata.creationTimestamp), succeeded: true })) };
  }
  if (isObject && 'Items' in value) {
    const { Items } = parse(Octopus, value, file);
    return { format: 'octopus', deployments: Items.map((one) => ({ id: one.Id, version: one.ReleaseVersion ?? one.Changes?.[0]?.Version ?? one.Id, environment: one.EnvironmentName ?? one.EnvironmentId, at: utc(one.Created), succeeded: succeeded(one.State) })) };
  }
  if (Array.isArray(value)) {
    return { format: 'github', deployments: parse(GitHub, value, file).map((one) => ({ id: String(one.id), version: one.ref.replace(/^refs\/tags\//, ''), environment: one.environment, at: utc(one.created_at), succeeded: succeeded(one.state) })) };
  }
  return { format: 'json-lines', deployments: readLines(text, file) };
}

function readLines(text: string, file: string): ListedDeployment[] {
  const listed: ListedDeployment[] = [];
  for (const [at, line] of text.replace(/^\uFEFF/, '').split('\n').entries()) {
    if (line.trim() === '') continue;
    const value = parsed(line);
    if (value === undefined) throw new AppError('malformed', `${file}:${at + 1}: This is not JSON.`, { hint: 'Write one JSON object a line, or a table (CSV) whose first line names its columns, or give the export of kubectl, GitHub or Octopus as it is.', details: { path: file, line: at + 1 } });
    const one = parse(Line, value, `${file}:${at + 1}`);
    listed.push({
      id: String(one.deployment_id ?? one.id ?? `line ${at + 1}`), version: one.release_version ?? one.version ?? '', environment: one.deployment_environment ?? one.environment ?? null,
      at: utc(one.deployment_date ?? one.deployed_at ?? ''), succeeded: succeeded(one.deployment_status ?? one.status),
    });
  }
  return listed;
}

/** The tag of an image's name; its digest where it has no tag. A registry's port is no tag. */
function tagOf(image: string): string {
  const [name = '', digest] = image.split('@');
  return /:([^/:]+)$/.exec(name)?.[1] ?? digest ?? image;
}

export function succeeded(state: string | undefined): boolean {
  return state === undefined || !FAILED.has(state.toLowerCase());
}

export function utc(text: string): string {
  return new Date(text).toISOString().replace('.000Z', 'Z');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, place: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.map(String).join('.') ?? '';
  throw new AppError('malformed', `${place}: ${path === '' ? '' : `${path}: `}${issue?.message ?? 'it is no list of deployments'}`, { details: { path: place } });
}
