import { commitOf, instantOf, OPAQUE, type Reading, type XmlFormat, type XmlReader } from '../format.ts';
import { plainPurl } from '../purl.ts';
import { COMMIT_PROPERTIES } from './cyclonedx.ts';

const NAMESPACE = /^https?:\/\/cyclonedx\.org\/schema\/bom\/(\d+\.\d+)$/;

/** CycloneDX XML, 1.0 to 1.7: counted at the top level; no schema is applied to it, and that is said. */
export const cyclonedxXml: XmlFormat = {
  syntax: 'xml',
  kind: 'cyclonedx',
  looksLike: (root, attributes) => /^(?:[\w.-]+:)?bom$/.test(root) && versionOf(attributes) !== null,
  start: () => new BomReader(),
};

function versionOf(attributes: Readonly<Record<string, string>>): string | null {
  for (const [name, value] of Object.entries(attributes)) {
    const version = /^xmlns(?::|$)/.test(name) ? NAMESPACE.exec(value.trim())?.[1] : undefined;
    if (version !== undefined) return version;
  }
  return null;
}

const SUBJECT = 'bom/metadata/component';

class BomReader implements XmlReader {
  readonly #path: string[] = [];
  readonly #commits = new Set<string>();
  #specVersion = '';
  #components = 0;
  #purls = 0;
  #hashed = 0;
  #licensed = 0;
  readonly #packages = new Set<string>();
  #purl = '';
  #subject: { name: string; version: string } | null = null;
  #tool: { name: string; version: string } | null = null;
  #tools = 0;
  #time = '';
  #property = '';
  #value = '';

  open(qualified: string, attributes: Readonly<Record<string, string>>): void {
    const name = qualified.slice(qualified.indexOf(':') + 1);
    if (this.#path.length === 0) this.#specVersion = versionOf(attributes) ?? '';
    this.#path.push(name);
    const path = this.#path.join('/');
    if (name === 'purl') this.#purl = '';
    if (path === 'bom/components/component/hashes') this.#hashed += 1;
    if (path === 'bom/components/component/licenses') this.#licensed += 1;
    if (path === 'bom/components/component') this.#components += 1;
    else if (path === SUBJECT) this.#subject = { name: '', version: '' };
    else if (path === 'bom/metadata/tools/tool' || path === 'bom/metadata/tools/components/component') {
      this.#tools += 1;
      this.#tool ??= { name: '', version: '' };
    } else if (name === 'property') {
      this.#property = attributes['name'] ?? '';
      this.#value = '';
    }
  }

  text(piece: string): void {
    const path = this.#path.join('/');
    const part = piece.slice(0, 300);
    if (path.endsWith('/component/purl')) this.#purl += part;
    else if (path === 'bom/metadata/timestamp') this.#time += part;
    else if (path === `${SUBJECT}/name` && this.#subject !== null) this.#subject.name += part;
    else if (path === `${SUBJECT}/version` && this.#subject !== null) this.#subject.version += part;
    else if (this.#tool !== null && this.#tools === 1 && /^bom\/metadata\/tools\/(?:tool|components\/component)\/name$/.test(path)) this.#tool.name += part;
    else if (this.#tool !== null && this.#tools === 1 && /^bom\/metadata\/tools\/(?:tool|components\/component)\/version$/.test(path)) this.#tool.version += part;
    else if (path.endsWith('/property')) this.#value += part;
  }

  close(qualified: string): void {
    const path = this.#path.join('/');
    this.#path.pop();
    if (path === 'bom/components/component/purl') this.#purls += 1;
    if (path.endsWith('/component/purl') && path.startsWith('bom/components/')) {
      const purl = plainPurl(this.#purl.trim());
      if (purl !== null) this.#packages.add(purl);
    }
    if (!qualified.endsWith('property') || !COMMIT_PROPERTIES.has(this.#property) || !path.startsWith('bom/metadata/')) return;
    const commit = commitOf(this.#value);
    if (commit !== null) this.#commits.add(commit);
  }

  read(): Reading {
    const subject = this.#subject;
    const tool = this.#tool;
    return {
      ...OPAQUE,
      content: {
        type: 'sbom', specVersion: this.#specVersion, components: this.#components, purls: this.#purls, hashed: this.#hashed, licensed: this.#licensed,
        packages: [...this.#packages].sort(), statements: [], schemaErrors: null,
        subject: subject === null ? null : { name: subject.name.trim() || null, version: subject.version.trim() || null },
      },
      counts: { components: this.#components },
      tool: tool === null || tool.name.trim() === '' ? null : { name: tool.name.trim().slice(0, 300), version: tool.version.trim().slice(0, 300) || null },
      produced: instantOf(this.#time.trim()),
      commits: [...this.#commits],
    };
  }
}
