import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const OCI = 'application/vnd.oci.image';

export interface BlobDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os: string; readonly architecture: string };
}

/** An OCI image layout that is written by hand, blob by blob. */
export class OciLayout {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    mkdirSync(join(path, 'blobs/sha256'), { recursive: true });
    writeFileSync(join(path, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  }

  blob(mediaType: string, content: Uint8Array | string): BlobDescriptor {
    const bytes = Buffer.from(content);
    const hex = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(this.blobPath(`sha256:${hex}`), bytes);
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  }

  blobPath(digest: string): string {
    return join(this.path, 'blobs/sha256', digest.replace('sha256:', ''));
  }

  /** An image of layers that are real tars; gives its manifest. */
  image(architecture = 'amd64', files: readonly string[] = ['one\n', 'two\n']): BlobDescriptor {
    const layers = files.map((content, at) => {
      const folder = join(this.path, '..', `layer-${architecture}-${at}`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `file-${at}`), content);
      return execFileSync('tar', ['--create', '--directory', folder, '--mtime=@0', '.']);
    });
    const config = this.blob(`${OCI}.config.v1+json`, JSON.stringify({
      architecture, os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${createHash('sha256').update(layer).digest('hex')}`) }, history: layers.map(() => ({ created_by: 'a test' })),
    }));
    const manifest = { schemaVersion: 2, mediaType: `${OCI}.manifest.v1+json`, config, layers: layers.map((layer) => this.blob(`${OCI}.layer.v1.tar`, layer)) };
    return { ...this.blob(manifest.mediaType, JSON.stringify(manifest)), platform: { os: 'linux', architecture } };
  }

  index(...manifests: readonly BlobDescriptor[]): BlobDescriptor {
    return this.blob(`${OCI}.index.v1+json`, JSON.stringify({ schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests }));
  }

  holds(...manifests: readonly BlobDescriptor[]): this {
    writeFileSync(join(this.path, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
    return this;
  }

  /** All of it as one tar. */
  tar(): string {
    const path = `${this.path}.tar`;
    execFileSync('tar', ['--create', '--format=ustar', '--file', path, '--directory', this.path, '.']);
    return path;
  }
}
