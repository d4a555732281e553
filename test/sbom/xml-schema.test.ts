import { expect, test } from 'vitest';
import { validateSbomXml } from '../../src/main/adapters/sbom-xml-schema.ts';

const bom = (version: string, inside: string): string => `<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/${version}" version="1"><components>${inside}</components></bom>`;
const COMPONENT = '<component type="library"><name>left</name><version>1.0.0</version><licenses><license><id>MIT</id></license></licenses><purl>pkg:npm/left@1.0.0</purl></component>';

test.each(['1.0', '1.1', '1.2', '1.3', '1.4', '1.5', '1.6', '1.7'])('CycloneDX %s as XML is held against its own schema', async (version) => {
  // 1.0 asks of every component whether it was modified.
  const component = version === '1.0' ? COMPONENT.replace('</purl>', '</purl><modified>false</modified>') : COMPONENT;
  expect(await validateSbomXml(bom(version, component), version)).toEqual([]);
  expect(await validateSbomXml(bom(version, component.replace('<name>left</name>', '')), version)).toEqual([expect.stringMatching(/name/)]);
  expect((await validateSbomXml(bom(version, component.replace('>MIT<', '>No such licence<')), version)).join('; ')).toMatch(/No such licence/);
});

test('a version without a schema, another version’s document and no XML at all are not valid', async () => {
  expect(await validateSbomXml(bom('1.6', COMPONENT), '2.0')).toEqual(['there is no XML schema for CycloneDX 2.0']);
  expect(await validateSbomXml(bom('1.6', COMPONENT), '1.5')).not.toEqual([]);
  expect(await validateSbomXml('<bom', '1.6')).not.toEqual([]);
});
