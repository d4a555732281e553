import type { Ajv as AjvType, ErrorObject, ValidateFunction } from 'ajv';
import { holdsEachOnce } from '../../core/sbom/unique-items.ts';

/** Versions whose schema was published, by what a description calls itself. */
const VERSIONS: readonly string[] = ['2.0', '3.0', '3.1', '3.2'];
/** As many faults as are told: one wrong word makes several branches of a schema not fit. */
const MAX_FAULTS = 5;
/** Words of a schema that only say that what they choose between did not fit. */
const BRANCHING: ReadonlySet<string> = new Set(['oneOf', 'anyOf', 'allOf', 'if', 'not']);
const compiled = new Map<string, Promise<ValidateFunction>>();

/**
 * What the published JSON schema of a description's own version finds wrong; empty when it is valid (Swagger 2.0,
 * OpenAPI 3.0 to 3.2). A version without a published schema is one fault: it is not taken for valid.
 */
export async function validateApiDescription(document: unknown, specVersion: string): Promise<string[]> {
  const version = VERSIONS.find((known) => specVersion === known || specVersion.startsWith(`${known}.`) || specVersion.startsWith(`${known}-`));
  if (version === undefined) return [`there is no schema for OpenAPI ${specVersion.slice(0, 20)}`];
  const validate = await validatorOf(version);
  return validate(document) ? [] : faultsOf(validate.errors ?? []);
}

/** The deepest places: what holds them does not fit only because they do not. */
function faultsOf(errors: readonly ErrorObject[]): string[] {
  const depth = ({ instancePath }: ErrorObject): number => instancePath.split('/').length;
  const deepest = errors.reduce((most, error) => Math.max(most, depth(error)), 0);
  const there = errors.filter((error) => depth(error) === deepest);
  const telling = there.filter((error) => !BRANCHING.has(error.keyword) && (error.params as { missingProperty?: unknown }).missingProperty !== '$ref');
  const said = (telling.length > 0 ? telling : there).map((error) => `${placeOf(error.instancePath)} ${wordsOf(error)}`.slice(0, 400));
  const faults = [...new Set(said)].slice(0, MAX_FAULTS);
  return faults.length > 0 ? faults : ['it does not fit its schema'];
}

/** A JSON pointer, as RFC 6901 §4 reads it. */
function placeOf(pointer: string): string {
  return pointer === '' ? 'the description' : pointer.slice(1).split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).join(' › ');
}

function wordsOf({ message, params }: ErrorObject): string {
  const field: unknown = (params as Record<string, unknown>).additionalProperty ?? (params as Record<string, unknown>).unevaluatedProperty;
  return typeof field === 'string' ? `has a field "${field.slice(0, 100)}", which the specification does not have there` : (message ?? 'does not fit the schema');
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
  const schema = await schemaFile(version);
  // Nothing is fetched for a reference, and the published schemas themselves are not checked.
  const ajv = await validatorFor(version, { strict: false, addUsedSchema: false, validateSchema: false, validateFormats: false });
  // The library compares each item of a list with every other, which takes minutes where there are 50,000.
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', error: { message: 'must NOT have duplicate items' },
    validate: (wanted: boolean, items: readonly unknown[]) => !wanted || holdsEachOnce(items),
  });
  return ajv.compile(schema);
}

/** Swagger 2.0 and OpenAPI 3.0 are described in draft 4 of JSON Schema, the later ones in 2020-12. */
async function validatorFor(version: string, options: object): Promise<AjvType> {
  if (version === '2.0' || version === '3.0') {
    const { default: Draft4 } = await import('ajv-draft-04');
    return new (Draft4 as unknown as new (options: object) => AjvType)(options);
  }
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  return new Ajv2020(options);
}

/** The files that the library ships, as they were published, imported as modules. */
async function schemaFile(version: string): Promise<Record<string, unknown>> {
  const library = import.meta.resolve('@seriousme/openapi-schema-validator/package.json');
  const { default: schema } = (await import(new URL(`schemas/v${version}/schema.json`, library).href, { with: { type: 'json' } })) as { default: Record<string, unknown> };
  return schema;
}
