import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { EvidenceLimits } from '../model/evidence.ts';
import { AppError } from '../model/errors.ts';
import { CHECK_IDS, type CheckId } from '../model/verdict.ts';
import { Policy, type PolicyLine } from './policy.ts';

/** The largest policy file that is read. */
export const MAX_POLICY_CHARACTERS = 1_000_000;

/**
 * Reads a policy file. Throws `policy-invalid` with the file, line and column of the first thing that is wrong.
 */
export function loadPolicy(text: string, file: string): Policy {
  if (text.length > MAX_POLICY_CHARACTERS) {
    throw invalid(file, 1, 1, `the file is larger than ${MAX_POLICY_CHARACTERS} characters`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, strict: true, uniqueKeys: true, merge: false });
  const first = document.errors[0];
  if (first !== undefined) {
    const at = lines.linePos(first.pos[0]);
    throw invalid(file, at.line, at.col, first.message.split('\n')[0] ?? 'this is not YAML');
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 20 });
  } catch (cause) {
    throw invalid(file, 1, 1, cause instanceof Error ? cause.message : 'this is not YAML', cause);
  }
  const parsed = Policy.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const at = lines.linePos(offsetOf(document, issue?.path ?? []));
  throw invalid(file, at.line, at.col, describe(issue), parsed.error);
}

/** The lines of the checklist in the policy's order (FORMATS §1). */
export function linesInOrder(policy: Policy): PolicyLine[] {
  const position = new Map<CheckId, number>(CHECK_IDS.map((id, index) => [id, index]));
  return [...policy.lines].sort((a, b) => (position.get(a.id) ?? 0) - (position.get(b.id) ?? 0));
}

/** What the policy lets a parser read. */
export function evidenceLimits(policy: Policy): EvidenceLimits {
  const { evidence_bytes, evidence_depth, evidence_kept } = policy.parameters;
  return { bytes: evidence_bytes.value, depth: evidence_depth.value, kept: evidence_kept.value };
}

function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const keys = path.slice(0, length);
    const node: unknown = length === 0 ? document.contents : document.getIn(keys, true);
    if (isNode(node) && node.range != null) return node.range[0];
  }
  return 0;
}

function describe(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return 'the policy is not of the form that is read';
  const place = issue.path.map(String).join('.');
  return place === '' ? issue.message : `${place}: ${issue.message}`;
}

function invalid(file: string, line: number, column: number, what: string, cause?: unknown): AppError {
  return new AppError('policy-invalid', `${file}:${line}:${column}: ${what}`, {
    hint: 'docs/policy-files.md describes every field.',
    details: { file, line, column },
    cause,
  });
}
