import type { VexStatement } from '../../model/evidence.ts';
import { instantOf, OPAQUE, UnusableEvidence, type JsonFormat } from '../format.ts';
import { elements, has, member, objectsIn, text, type JsonObject } from '../json.ts';

/** Groups of `product_status` (CSAF 2.0 §3.2.3.9) and what they say. */
const GROUPS: readonly (readonly [string, VexStatement['status']])[] = [
  ['known_not_affected', 'not-affected'], ['known_affected', 'affected'], ['first_affected', 'affected'], ['last_affected', 'affected'],
  ['fixed', 'fixed'], ['first_fixed', 'fixed'], ['under_investigation', 'under-investigation'],
];

/** A CSAF 2.0 or 2.1 document, security advisory or VEX alike. It takes nothing away by itself (FORMATS §2). */
export const csaf: JsonFormat = {
  syntax: 'json',
  kind: 'csaf',
  looksLike: (value) => has(member(value, 'document'), 'csaf_version'),
  read: (value, limits) => {
    const document = member(value, 'document');
    const version = text(member(document, 'csaf_version'));
    if (version !== '2.0' && version !== '2.1') throw new UnusableEvidence('unsupported-version', `CSAF ${version?.slice(0, 20) ?? 'without a version'} is not read; 2.0 and 2.1 are`);
    const listed = objectsIn(member(value, 'vulnerabilities') ?? [], 'vulnerabilities').flatMap(statementsOf);
    const tracking = member(document, 'tracking');
    const engine = member(member(tracking, 'generator'), 'engine');
    const name = text(member(engine, 'name'));
    return {
      ...OPAQUE,
      content: { type: 'vex', statements: listed.slice(0, limits.kept), total: listed.length },
      tool: name === null ? null : { name: name.slice(0, 300), version: text(member(engine, 'version'))?.slice(0, 300) ?? null },
      produced: instantOf(member(tracking, 'current_release_date')),
    };
  },
};

function statementsOf(vulnerability: JsonObject): VexStatement[] {
  const names = [text(member(vulnerability, 'cve')), ...elements(member(vulnerability, 'ids')).map((id) => text(member(id, 'text')))].flatMap((name) => name ?? []).slice(0, 50);
  const status = member(vulnerability, 'product_status');
  const [flag] = elements(member(vulnerability, 'flags'));
  const [threat] = elements(member(vulnerability, 'threats'));
  return GROUPS.flatMap(([group, means]) => {
    const products = elements(member(status, group)).flatMap((product) => text(product) ?? []);
    if (products.length === 0) return [];
    return [{ vulnerabilities: names, products: products.slice(0, 1_000), status: means, justification: text(member(flag, 'label')), statement: text(member(threat, 'details'))?.slice(0, 1_000) ?? null }];
  });
}
