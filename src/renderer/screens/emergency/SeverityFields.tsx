import type { ReactElement } from 'react';
import type { ScoredOrRefused } from '../../../core/contract/cvss-calls.ts';
import type { EmergencyTerms } from '../../../core/contract/emergency-calls.ts';
import { Choice } from '../deployment/fields.tsx';
import { CvssField } from './CvssField.tsx';
import { choiceIn, hoursInWords, severityFrom, type DecidedSeverity, type SeverityChoice } from './emergency-words.ts';
import { useScore } from './use-score.ts';

interface SeverityTyped {
  readonly severity: string;
  readonly vector: string;
}

/** Asks how bad it is: by a CVSS vector, or in words. `decided` is what that comes to. */
export function useSeverityFields({ severity, vector }: SeverityTyped, terms: EmergencyTerms, change: (some: Partial<SeverityTyped>) => void): { readonly decided: DecidedSeverity; readonly field: ReactElement } {
  const { scored, error } = useScore(vector);
  const choice = choiceIn(severity);
  const options: (readonly [SeverityChoice, string])[] = [
    ['vector', byVector(scored, terms)],
    ['critical', `Critical: to be deployed within ${hoursInWords(terms.hours.critical)} of the detection`],
    ['high', `High: within ${hoursInWords(terms.hours.high)} of the detection`],
    ['unknown', `Not known yet: the shortest clock runs, ${hoursInWords(terms.hours.unknown)}`],
  ];
  return {
    decided: severityFrom(choice, vector, scored, terms.scores),
    field: (
      <>
        <CvssField
          vector={vector} scored={scored} error={error}
          // A vector that is given decides, until somebody says otherwise in words.
          onChange={(next) => change({ vector: next, ...(next.trim() !== '' && choice === 'unknown' ? { severity: 'vector' } : next.trim() === '' && choice === 'vector' ? { severity: 'unknown' } : {}) })}
        />
        <Choice label="Severity (§10.3)" options={options} value={choice} onChange={(next) => change({ severity: next })} testId="severity" />
      </>
    ),
  };
}

function byVector(scored: ScoredOrRefused | null, { scores }: EmergencyTerms): string {
  const rule = `${scores.critical.toFixed(1)} and more is critical, ${scores.high.toFixed(1)} and more high`;
  if (scored === null || 'error' in scored) return `As the CVSS vector scores: ${rule}`;
  const becomes = scored.base >= scores.critical ? 'critical' : scored.base >= scores.high ? 'high' : 'no deadline in the policy';
  return `As the CVSS vector scores: ${scored.base.toFixed(1)}, ${becomes}`;
}
