import type { Ajv as AjvType, ValidateFunction } from 'ajv';
import { holdsEachOnce } from './unique-items.ts';

/** Versions that were published with a JSON schema; 1.0 and 1.1 were XML alone. */
const VERSIONS: readonly string[] = ['1.2', '1.3', '1.4', '1.5', '1.6', '1.7'];
/** Schemas that those of the versions refer to. */
const SHARED: readonly string[] = ['spdx', 'jsf-0.82', 'cryptography-defs'];
const compiled = new Map<string, Promise<ValidateFunction>>();

/**
 * What the published JSON schema of a document's own version finds wrong; empty when it is valid (CycloneDX 1.2 to
 * 1.7). A version that is not known is one error: it is not taken for valid.
 */
export async function validateSbom(text: string): Promise<string[]> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    return [`not JSON: ${cause instanceof Error ? cause.message : ''}`];
  }
  return validateSbomDocument(document);
}

/** As `validateSbom`, of a document that is parsed already. */
export async function validateSbomDocument(document: unknown): Promise<string[]> {
  const version: unknown = typeof document === 'object' && document !== null && Object.hasOwn(document, 'specVersion') ? (document as { specVersion: unknown }).specVersion : null;
  if (typeof version !== 'string' || !VERSIONS.includes(version)) {
    return [`there is no JSON schema for CycloneDX ${typeof version === 'string' ? version.slice(0, 20) : 'without a version'}`];
  }
  const validate = await validatorOf(version);
  if (validate(document)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath === '' ? 'the document' : instancePath.slice(0, 200)} ${message ?? 'does not fit the schema'}`);
}

function validatorOf(version: string): Promise<ValidateFunction> {
  const known = compiled.get(version);
  if (known !== undefined) return known;
  const validator = compile(version);
  compiled.set(version, validator);
  return validator;
}

/** The schema library is loaded only where something is to be validated: loading takes longer than most commands. */
async function compile(version: string): Promise<ValidateFunction> {
  const [{ Ajv }, { default: addFormats }, schema, ...shared] = await Promise.all([
    import('ajv'), import('ajv-formats'), schemaFile(`bom-${version}`), ...SHARED.map(schemaFile),
  ]);
  // Annotations such as `meta:enum` are none of JSON Schema's own words; nothing is fetched for a reference.
  // Nor are the published schemas themselves checked, nor their code made smaller, which is most of the time.
  const ajv: AjvType = new Ajv({ strict: false, addUsedSchema: false, validateSchema: false, inlineRefs: false, code: { optimize: false } });
  (addFormats as unknown as (ajv: AjvType) => void)(ajv);
  ajv.addFormat('idn-email', /^[^\s@]{1,200}@[^\s@]{1,255}$/u);
  // As CycloneDX's own tools have it: the published documents break the letter of RFC 3987.
  ajv.addFormat('iri-reference', true);
  // The library compares each item of a list with every other, which takes minutes where there are 50,000.
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', error: { message: 'must NOT have duplicate items' },
    validate: (wanted: boolean, items: readonly unknown[]) => !wanted || holdsEachOnce(items),
  });
  for (const [index, one] of shared.entries()) ajv.addSchema(one, `http://cyclonedx.org/schema/${SHARED[index] ?? ''}.SNAPSHOT.schema.json`);
  return ajv.compile(schema);
}

/** The files that the library ships, imported as modules: the core opens no file itself. */
async function schemaFile(name: string): Promise<Record<string, unknown>> {
  const library = import.meta.resolve('@cyclonedx/cyclonedx-library/package.json');
  const { default: schema } = (await import(new URL(`res/schema/${name}.SNAPSHOT.schema.json`, library).href, { with: { type: 'json' } })) as { default: Record<string, unknown> };
  return schema;
}
