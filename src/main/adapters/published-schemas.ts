import type { EvidenceItem } from '../../core/model/evidence.ts';
import { validateSbomDocument } from '../../core/sbom/validate-sbom.ts';
import { validateApiDescription } from './openapi-schema.ts';
import { validateSbomXml } from './sbom-xml-schema.ts';

/**
 * An item with what the published schema of its own version finds wrong in it: CycloneDX as JSON and XML, OpenAPI and
 * Swagger. `document` is what was parsed; undefined where the file is XML.
 */
export async function heldAgainstItsSchema(item: EvidenceItem, document: unknown, text: () => string): Promise<EvidenceItem> {
  const { content, file: { kind } } = item;
  if (content.type === 'sbom' && kind === 'cyclonedx') {
    const schemaErrors = document === undefined ? await validateSbomXml(text(), content.specVersion) : await validateSbomDocument(document);
    return { ...item, content: { ...content, schemaErrors } };
  }
  // The rules that its reader knows say the same in plainer words; the schema is asked where they are kept.
  if (content.type === 'api' && content.faults.length === 0 && document !== undefined) {
    return { ...item, content: { ...content, faults: await validateApiDescription(document, content.specVersion) } };
  }
  return item;
}
