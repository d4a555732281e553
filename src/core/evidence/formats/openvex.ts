import type { VexStatement } from '../../model/evidence.ts';
import { instantOf, OPAQUE, type JsonFormat } from '../format.ts';
import { elements, member, objectsIn, text, type JsonObject } from '../json.ts';

const STATUSES: ReadonlyMap<string, VexStatement['status']> = new Map([
  ['not_affected', 'not-affected'], ['affected', 'affected'], ['fixed', 'fixed'], ['under_investigation', 'under-investigation'],
]);

/** OpenVEX 0.0.1 to 0.2.0: statements about vulnerabilities in products. It takes nothing away by itself (FORMATS §2). */
export const openvex: JsonFormat = {
  syntax: 'json',
  kind: 'openvex',
  looksLike: (value) => [member(value, '@context'), ...elements(member(value, '@context'))].some((context) => /^https?:\/\/openvex\.dev\/ns\b/.test(text(context) ?? '')),
  read: (value, limits) => {
    const listed = objectsIn(member(value, 'statements') ?? [], 'statements');
    return {
      ...OPAQUE,
      content: { type: 'vex', statements: listed.slice(0, limits.kept).flatMap(statementOf), total: listed.length },
      tool: toolOf(text(member(value, 'tooling'))),
      produced: instantOf(member(value, 'last_updated')) ?? instantOf(member(value, 'timestamp')),
    };
  },
};

function statementOf(statement: JsonObject): VexStatement[] {
  const status = STATUSES.get(text(member(statement, 'status')) ?? '');
  if (status === undefined) return [];
  const vulnerability = member(statement, 'vulnerability');
  return [{
    vulnerabilities: [text(vulnerability), text(member(vulnerability, 'name')), ...elements(member(vulnerability, 'aliases')).map(text)].flatMap((name) => name ?? []).slice(0, 50),
    products: elements(member(statement, 'products')).flatMap((product) => text(product) ?? text(member(product, '@id')) ?? []).slice(0, 1_000),
    status, justification: text(member(statement, 'justification')), statement: (text(member(statement, 'impact_statement')) ?? text(member(statement, 'action_statement')))?.slice(0, 1_000) ?? null,
  }];
}

function toolOf(tooling: string | null): { name: string; version: string | null } | null {
  return tooling === null || tooling === '' ? null : { name: tooling.slice(0, 300), version: null };
}
