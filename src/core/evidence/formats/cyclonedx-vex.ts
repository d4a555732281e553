import type { VexStatement } from '../../model/evidence.ts';
import { elements, member, text } from '../json.ts';

/** `analysis.state` of a vulnerability (CycloneDX 1.4 and later, "impactAnalysisState") and what it says. */
const STATES: ReadonlyMap<string, VexStatement['status']> = new Map([
  ['resolved', 'fixed'], ['resolved_with_pedigree', 'fixed'], ['exploitable', 'affected'], ['in_triage', 'under-investigation'], ['false_positive', 'not-affected'], ['not_affected', 'not-affected'],
]);

/** What a document says of vulnerabilities in its components; one without an analysis says nothing. It takes nothing away by itself. */
export function vexOf(document: unknown, kept: number): VexStatement[] {
  const purls = purlsByReference(document);
  return elements(member(document, 'vulnerabilities')).slice(0, kept).flatMap((vulnerability): VexStatement[] => {
    const analysis = member(vulnerability, 'analysis');
    const status = STATES.get(text(member(analysis, 'state')) ?? '');
    if (status === undefined) return [];
    const names = [text(member(vulnerability, 'id')), ...elements(member(vulnerability, 'references')).map((reference) => text(member(reference, 'id')))];
    const affected = elements(member(vulnerability, 'affects')).flatMap((target) => text(member(target, 'ref')) ?? []);
    return [{
      vulnerabilities: names.flatMap((name) => name ?? []).slice(0, 50), products: affected.slice(0, 1_000).map((reference) => purls.get(reference) ?? reference), status,
      justification: text(member(analysis, 'justification')), statement: text(member(analysis, 'detail'))?.slice(0, 1_000) ?? null,
    }];
  });
}

function purlsByReference(document: unknown): Map<string, string> {
  const found = new Map<string, string>();
  for (const component of elements(member(document, 'components'))) {
    const reference = text(member(component, 'bom-ref'));
    const purl = text(member(component, 'purl'));
    if (reference !== null && purl !== null) found.set(reference, purl);
  }
  return found;
}
