import { readFile } from 'node:fs/promises';
import { validateXML } from 'xmllint-wasm';

/** Versions whose XML schema was published. */
const VERSIONS: ReadonlySet<string> = new Set(['1.0', '1.1', '1.2', '1.3', '1.4', '1.5', '1.6', '1.7']);
/** Pages of 64 KiB: libxml2 reads the document as a stream, and may not take more than this. */
const MAX_PAGES = 4096;
const MAX_ERRORS = 100;

/**
 * What the published XML schema of a document's own version finds wrong; empty when it is valid (CycloneDX 1.0 to 1.7).
 * libxml2 runs as WebAssembly, which has no file and no network. The document's reader has refused entities before.
 */
export async function validateSbomXml(text: string, version: string): Promise<string[]> {
  if (!VERSIONS.has(version)) return [`there is no XML schema for CycloneDX ${version.slice(0, 20)}`];
  const [schema, licences] = await Promise.all([schemaFile(`bom-${version}`), schemaFile('spdx')]);
  try {
    const { valid, errors } = await validateXML({
      xml: [{ fileName: 'bom.xml', contents: text }], schema: [{ fileName: 'bom.xsd', contents: schema }], preload: [{ fileName: 'spdx.SNAPSHOT.xsd', contents: licences }],
      stream: true, initialMemoryPages: 256, maxMemoryPages: MAX_PAGES,
    });
    if (valid) return [];
    const said = errors.slice(0, MAX_ERRORS).map(({ message, loc }) => `${loc === null ? '' : `line ${loc.lineNumber}: `}${plain(message)}`);
    return said.length > 0 ? said : ['it does not fit its schema'];
  } catch (cause) {
    return [`its schema could not be applied: ${(cause instanceof Error ? cause.message : String(cause)).split('\n')[0]?.slice(0, 200) ?? ''}`];
  }
}

/** libxml2 writes names with their namespace, which is the same everywhere in the document. */
function plain(message: string): string {
  return message.replaceAll(/\{https?:\/\/cyclonedx\.org\/schema\/[^}]{1,60}\}/g, '').replace(/^element (\S+): Schemas validity error : /, '').trim().slice(0, 300);
}

async function schemaFile(name: string): Promise<string> {
  const library = import.meta.resolve('@cyclonedx/cyclonedx-library/package.json');
  return readFile(new URL(`res/schema/${name}.SNAPSHOT.xsd`, library), 'utf8');
}
