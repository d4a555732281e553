import { z } from 'zod';
import { parseJson } from '../evidence/json.ts';
import { AppError } from '../model/errors.ts';

/** The files of an OCI image layout, wherever they lie; paths are relative, with `/`. */
export interface ImageFiles {
  /** Where it lies, as a person named it. */
  readonly place: string;
  /** A small file whole; null where there is none. Errors: `too-large`, `outside-folder`, `environment`. */
  readonly document: (path: string) => Promise<Uint8Array | null>;
  /** SHA-256 and size of a file as they come out now; null where there is none. */
  readonly digest: (path: string) => Promise<{ readonly sha256: string; readonly size: number } | null>;
}

/** Which image of several. */
export interface ImageChoice {
  /** `os/architecture` or `os/architecture/variant`. */
  readonly platform: string | null;
  /** Of a manifest or an index, as `sha256:…`. */
  readonly digest: string | null;
}

/** An image whose every blob was read and is what its manifest says. */
export interface CheckedImage {
  readonly digest: string;
  readonly mediaType: string;
  readonly platform: string | null;
  readonly manifest: Uint8Array;
  /** Blobs below the manifest, and their bytes. */
  readonly blobs: number;
  readonly bytes: number;
}

const Platform = z.looseObject({ os: z.string(), architecture: z.string(), variant: z.string().optional() });
const Descriptor = z.looseObject({ mediaType: z.string(), digest: z.string(), size: z.number().int().min(0), platform: Platform.optional() });
type Descriptor = z.infer<typeof Descriptor>;
const Index = z.looseObject({ schemaVersion: z.literal(2), mediaType: z.string().optional(), manifests: z.array(Descriptor).max(1_000) });
const Manifest = z.looseObject({ schemaVersion: z.literal(2), mediaType: z.string().optional(), config: Descriptor, layers: z.array(Descriptor).max(1_000) });

const INDEX_TYPES: ReadonlySet<string> = new Set(['application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json']);
const MANIFEST_TYPES: ReadonlySet<string> = new Set(['application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json']);
/** Indexes within indexes; more make sense to nobody. */
const MAX_DEPTH = 4;

/**
 * Finds the one image that is meant and reads all that belongs to it: every manifest, configuration and layer is held
 * against its digest and size (OCI image-spec, "image-layout" and "descriptor"). Errors: `malformed`, `bad-input` where
 * the choice names none or several, `verification-failed` with the blob that is missing or is another.
 */
export async function readImage(files: ImageFiles, choice: ImageChoice): Promise<CheckedImage> {
  if ((await files.document('oci-layout')) === null) throw await noLayout(files);
  const index = Index.safeParse(await json(files, 'index.json'));
  if (!index.success) throw malformed(files, 'index.json');
  const chosen = await choose(files, distinct(index.data.manifests), choice);
  const seen = new Map<string, number>();
  const manifest = await verifyTree(files, chosen, seen, 0);
  const blobs = [...seen].filter(([digest]) => digest !== chosen.digest);
  return { digest: chosen.digest, mediaType: chosen.mediaType, platform: await platformOf(files, chosen), manifest, blobs: blobs.length, bytes: blobs.reduce((sum, [, size]) => sum + size, 0) };
}

/** A digest alone; an index without a choice is signed itself, as it names all of its images. */
async function choose(files: ImageFiles, top: readonly Descriptor[], { platform, digest }: ImageChoice): Promise<Descriptor> {
  if (digest === null && platform === null) {
    const [only] = top;
    if (only !== undefined && top.length === 1) return only;
    throw notOne(files, top, top.length === 0 ? 'It holds no image.' : `It holds ${top.length} images.`);
  }
  const all = distinct([...top, ...(await Promise.all(top.filter(({ mediaType }) => INDEX_TYPES.has(mediaType)).map((one) => childrenOf(files, one)))).flat()]);
  const fitting: Descriptor[] = [];
  for (const one of all) {
    if (digest !== null && one.digest !== digest) continue;
    if (platform !== null && (await platformOf(files, one)) !== platform) continue;
    fitting.push(one);
  }
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  throw notOne(files, fitting.length === 0 ? all : fitting, fitting.length === 0 ? 'It holds no such image.' : `${fitting.length} of its images are such.`);
}

async function childrenOf(files: ImageFiles, descriptor: Descriptor): Promise<Descriptor[]> {
  const index = Index.safeParse(parsed(await blob(files, descriptor)));
  if (!index.success) throw malformed(files, pathOf(descriptor));
  return index.data.manifests;
}

/** As the descriptor says, or else the configuration of the image; null for an index. */
async function platformOf(files: ImageFiles, descriptor: Descriptor): Promise<string | null> {
  if (descriptor.platform !== undefined) return platformText(descriptor.platform);
  if (!MANIFEST_TYPES.has(descriptor.mediaType)) return null;
  const manifest = Manifest.safeParse(parsed(await blob(files, descriptor)));
  if (!manifest.success) return null;
  const config = Platform.safeParse(parsed(await blob(files, manifest.data.config)));
  return config.success ? platformText(config.data) : null;
}

function platformText({ os, architecture, variant }: z.infer<typeof Platform>): string {
  return [os, architecture, ...(variant === undefined || variant === '' ? [] : [variant])].join('/');
}

/** Reads a manifest or an index with all below it, and gives its bytes. */
async function verifyTree(files: ImageFiles, descriptor: Descriptor, seen: Map<string, number>, depth: number): Promise<Uint8Array> {
  if (depth > MAX_DEPTH) throw malformed(files, pathOf(descriptor));
  const bytes = await blob(files, descriptor);
  seen.set(descriptor.digest, descriptor.size);
  const document = parsed(bytes);
  const [index, manifest] = [Index.safeParse(document), Manifest.safeParse(document)];
  // A document that can be read as both is two images under one digest (CVE-2021-41190).
  const isIndex = index.success && INDEX_TYPES.has(descriptor.mediaType);
  const said = index.data?.mediaType ?? manifest.data?.mediaType ?? descriptor.mediaType;
  if ((index.success && manifest.success) || said !== descriptor.mediaType) throw malformed(files, pathOf(descriptor));
  if (isIndex) {
    for (const child of distinct(index.data.manifests)) {
      if (INDEX_TYPES.has(child.mediaType) || MANIFEST_TYPES.has(child.mediaType)) await verifyTree(files, child, seen, depth + 1);
      else await verifyBlob(files, child, seen);
    }
    return bytes;
  }
  if (!manifest.success || !MANIFEST_TYPES.has(descriptor.mediaType)) throw malformed(files, pathOf(descriptor));
  await Promise.all(distinct([manifest.data.config, ...manifest.data.layers]).map((one) => verifyBlob(files, one, seen)));
  return bytes;
}

async function verifyBlob(files: ImageFiles, descriptor: Descriptor, seen: Map<string, number>): Promise<void> {
  const found = await files.digest(pathOf(descriptor));
  if (found === null) throw missing(files, descriptor);
  if (`sha256:${found.sha256}` !== descriptor.digest || found.size !== descriptor.size) throw altered(files, descriptor, found);
  seen.set(descriptor.digest, descriptor.size);
}

/** A small blob, held against its descriptor. */
async function blob(files: ImageFiles, descriptor: Descriptor): Promise<Uint8Array> {
  const path = pathOf(descriptor);
  const [bytes, found] = [await files.document(path), await files.digest(path)];
  if (bytes === null || found === null) throw missing(files, descriptor);
  if (`sha256:${found.sha256}` !== descriptor.digest || bytes.length !== descriptor.size) throw altered(files, descriptor, found);
  return bytes;
}

function pathOf({ digest }: Descriptor): string {
  const [, hex] = /^sha256:([0-9a-f]{64})$/.exec(digest) ?? [];
  if (hex === undefined) throw new AppError('malformed', `A digest of the image is ${JSON.stringify(digest.slice(0, 80))}; only sha256 is read.`);
  return `blobs/sha256/${hex}`;
}

function distinct(descriptors: readonly Descriptor[]): Descriptor[] {
  return descriptors.filter(({ digest }, at) => descriptors.findIndex((other) => other.digest === digest) === at);
}

async function json(files: ImageFiles, path: string): Promise<unknown> {
  const bytes = await files.document(path);
  if (bytes === null) throw malformed(files, path);
  return parsed(bytes);
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes), 64);
  } catch {
    return null;
  }
}

/** Archives of `docker save` before Docker 25 have no registry manifest, hence no digest that a registry would give. */
async function noLayout(files: ImageFiles): Promise<AppError> {
  if ((await files.document('manifest.json')) === null) {
    return new AppError('bad-input', `${files.place} is no image: it holds no oci-layout.`, { hint: 'Name an OCI image layout, a tar of one, or an archive of docker save.', details: { path: files.place } });
  }
  return new AppError('bad-input', `${files.place} is an archive of an older docker save: it holds no manifest as a registry would have it, so that there is no digest to sign.`, {
    hint: `Make a layout of it, and sign that: skopeo copy docker-archive:${files.place} oci-archive:image.oci.tar`, details: { path: files.place },
  });
}

function malformed({ place }: ImageFiles, path: string): AppError {
  return new AppError('malformed', `${path} of ${place} is missing, or is not what an image layout has there.`, { details: { path: place, file: path } });
}

function notOne({ place }: ImageFiles, offered: readonly Descriptor[], what: string): AppError {
  return new AppError('bad-input', `${place} does not say which image is meant. ${what}`, {
    hint: `Name one with --digest or --platform: ${offered.slice(0, 8).map(({ digest, platform }) => (platform === undefined ? digest : `${digest} (${platformText(platform)})`)).join(', ')}`,
    details: { path: place, images: offered.length },
  });
}

function missing({ place }: ImageFiles, { digest, mediaType }: Descriptor): AppError {
  return new AppError('verification-failed', `The blob ${digest} (${mediaType}) is missing from ${place}.`, { hint: 'An image is signed only when all of it is here.', details: { path: place, digest } });
}

function altered({ place }: ImageFiles, { digest, size }: Descriptor, found: { readonly sha256: string; readonly size: number }): AppError {
  return new AppError('verification-failed', `The blob ${digest} of ${place} was changed: its ${found.size} bytes have the SHA-256 ${found.sha256}, and ${size} bytes are asked for.`, {
    hint: 'Build or fetch the image again.', details: { path: place, digest, sha256: found.sha256 },
  });
}
