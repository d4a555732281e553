import { Version } from '@cyclonedx/cyclonedx-library/Spec';

const VERSIONS: readonly string[] = Object.values(Version);
const MAX_ERRORS = 20;
type Validate = (text: string) => Promise<unknown>;
const validators = new Map<string, Validate>();

/**
 * What the published JSON schema of a document's own version finds wrong; empty when it is valid (CycloneDX 1.2 to
 * the newest that is known). A version that is not known is one error: it is not taken for valid.
 */
export async function validateSbom(text: string): Promise<string[]> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    return [`not JSON: ${cause instanceof Error ? cause.message : ''}`];
  }
  const version: unknown = typeof document === 'object' && document !== null && 'specVersion' in document ? document.specVersion : null;
  if (typeof version !== 'string' || !VERSIONS.includes(version) || version === '1.0' || version === '1.1') {
    return [`there is no JSON schema for CycloneDX ${typeof version === 'string' ? version.slice(0, 20) : 'without a version'}`];
  }
  const found = await (await validatorOf(version as Version))(text);
  return Array.isArray(found) ? found.slice(0, MAX_ERRORS).map(describe) : found === null ? [] : [String(found)];
}

/** The validator and its schema library are loaded only where something is to be validated: loading takes longer than most commands. */
async function validatorOf(version: Version): Promise<Validate> {
  const known = validators.get(version);
  if (known !== undefined) return known;
  const { JsonStrictValidator } = await import('@cyclonedx/cyclonedx-library/Validation');
  const validator = new JsonStrictValidator(version);
  const validate: Validate = (text) => validator.validate(text);
  validators.set(version, validate);
  return validate;
}

function describe(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { instancePath, message } = error as { instancePath?: unknown; message?: unknown };
  return `${typeof instancePath === 'string' && instancePath !== '' ? instancePath : 'the document'} ${typeof message === 'string' ? message : 'does not fit the schema'}`;
}
