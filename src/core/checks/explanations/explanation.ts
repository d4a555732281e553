import type { EvidenceKind } from '../../model/evidence.ts';
import type { CheckId } from '../../model/verdict.ts';
import type { Policy } from '../../policy/policy.ts';

/** A small piece of evidence, as its tool writes it. */
export interface Sample {
  /** What the console takes it for. */
  readonly kind: EvidenceKind;
  readonly name: string;
  readonly text: string;
}

/** One way in which a line can be shown to hold. */
export interface AcceptedEvidence {
  readonly what: string;
  /** Kinds of report (FORMATS §2); empty where it is no report: the repository itself, or a person's signed word. */
  readonly kinds: readonly EvidenceKind[];
  /** Exact command lines, one tool each. */
  readonly make: readonly string[];
  /** One for each kind, as far as it is a text of readable length. */
  readonly samples: readonly Sample[];
  /** A sample of what is no report, such as a section of the CHANGELOG. */
  readonly example?: string;
}

/** What a line accepts and what turns it green; `countersign explain` and the evidence drawer show it. */
export interface Explanation {
  readonly accepts: readonly AcceptedEvidence[];
  readonly green: string;
  /** Parameters of the policy file that bear on it. */
  readonly rules: readonly (keyof Policy['parameters'])[];
}

/** The command line with which a person signs their word on a line. */
export function attest(check: CheckId, more = ''): string {
  return `countersign attest ${check} --repo REPO --release v1.1.0 --statement WORDS --key FINGERPRINT${more === '' ? '' : ` ${more}`}`;
}
