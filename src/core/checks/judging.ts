import type { EvidenceItem, EvidenceKind } from '../model/evidence.ts';
import type { EvidenceRef, Verdict, VerdictFinding } from '../model/verdict.ts';
import type { Facts } from './check.ts';

/** The digest and place of a piece of evidence; a file that could not be hashed is named in the summary instead. */
export function refsOf(items: readonly EvidenceItem[]): EvidenceRef[] {
  return items.flatMap(({ file }) => (file.sha256 === null ? [] : [{ path: file.path, sha256: file.sha256 }]));
}

export function ofKinds(items: readonly EvidenceItem[], kinds: readonly EvidenceKind[]): EvidenceItem[] {
  return items.filter(({ file }) => kinds.includes(file.kind));
}

export interface Wanted {
  /** What is looked for, in words: "a JUnit report of integration tests". */
  readonly what: string;
  readonly remedy: string;
}

/**
 * Judges reports by whether they are there, readable and of this commit (FORMATS §2), and only then by what they say.
 * A report that cannot be read, contradicts itself, names no commit or names another commit never passes.
 */
export function judgeReports(
  reports: readonly EvidenceItem[],
  facts: Facts,
  wanted: Wanted,
  judge: (ofThisCommit: readonly EvidenceItem[]) => Verdict,
): Verdict {
  if (reports.length === 0) return missing([wanted.what], wanted.remedy);

  const usable = reports.filter(({ file }) => file.problem === null);
  const bound = usable.filter(({ commit }) => commit === facts.commit);
  const judged = bound.length > 0 ? judge(bound) : null;
  if (judged?.status === 'failed') return judged;

  const unreadable = reports.filter(({ file }) => file.problem !== null);
  if (unreadable.length > 0) return unjudgeable(unreadable);

  const unbound = usable.filter(({ commit }) => commit === null);
  if (unbound.length > 0) return asksForBinding(unbound, facts);

  const foreign = usable.filter(({ commit }) => commit !== null && commit !== facts.commit);
  if (judged === null) return stale(foreign, facts, wanted);
  if (foreign.length === 0) return judged;
  return { ...judged, summary: `${judged.summary}; ${counted(foreign.length, 'report')} of another commit left out` };
}

/** Asks for what binds files to this commit, or says that they are of another or not what was bound; null where they are this one's. */
export function bindingFault(items: readonly EvidenceItem[], facts: Facts, remedy: string): Verdict | null {
  // Of a file that nobody has to read, any other problem says nothing.
  const disputed = items.filter(({ file: { problem } }) => problem?.code === 'changed-since-manifest' || problem?.code === 'binding-disagrees');
  if (disputed.length > 0) return { ...unjudgeable(disputed), remedy };
  const unbound = items.filter(({ commit }) => commit === null);
  if (unbound.length > 0) return asksForBinding(unbound, facts);
  const foreign = items.filter(({ commit }) => commit !== facts.commit);
  return foreign.length > 0 ? stale(foreign, facts, { what: '', remedy }) : null;
}

export function missing(needs: readonly string[], remedy: string, evidence: readonly EvidenceRef[] = []): Verdict {
  return { status: 'missing', needs, summary: `No evidence: ${needs.join('; ')}`, remedy, evidence };
}

export function passed(summary: string, evidence: readonly EvidenceRef[]): Verdict {
  return { status: 'passed', summary, remedy: null, evidence };
}

export function failed(
  summary: string,
  remedy: string,
  evidence: readonly EvidenceRef[],
  findings: readonly VerdictFinding[] = [],
): Verdict {
  return { status: 'failed', summary, remedy, evidence, findings };
}

function unjudgeable(items: readonly EvidenceItem[]): Verdict {
  const said = items.map(({ file }) => `${file.path}: ${file.problem?.message ?? 'could not be read'}`);
  return {
    status: 'broken',
    error: said.join('; '),
    summary: `Could not be judged: ${said.join('; ')}`,
    remedy: 'Write the report again with its tool, and bind it to the commit with `countersign manifest`.',
    evidence: refsOf(items),
  };
}

function asksForBinding(items: readonly EvidenceItem[], facts: Facts): Verdict {
  const names = items.map(({ file }) => file.path).join(', ');
  return {
    status: 'needs-person',
    question: `Was ${names} made from commit ${facts.commit.slice(0, 12)}?`,
    roles: [],
    summary: `${names} ${items.length === 1 ? 'names' : 'name'} no commit, so ${items.length === 1 ? 'it proves' : 'they prove'} nothing about this one`,
    remedy: `Let CI write evidence-manifest.json beside its reports: countersign manifest DIR --commit ${facts.commit}`,
    evidence: refsOf(items),
  };
}

function stale(items: readonly EvidenceItem[], facts: Facts, wanted: Wanted): Verdict {
  const commits = [...new Set(items.flatMap(({ commit }) => (commit === null ? [] : [commit])))];
  return {
    status: 'stale',
    commits,
    summary: `Evidence is of another commit (${commits.map((commit) => commit.slice(0, 7)).join(', ')}, not ${facts.commit.slice(0, 7)})`,
    remedy: wanted.remedy,
    evidence: refsOf(items),
  };
}

/** How bad a verdict is for its line; a line with several parts is as good as its worst. */
const WORST_FIRST: readonly Verdict['status'][] = [
  'failed', 'broken', 'missing', 'stale', 'needs-person', 'accepted', 'passed', 'not-applicable',
];

/** Joins the parts of one line: the worst rules, every part is said, all evidence is kept. */
export function joined(parts: readonly [Verdict, ...Verdict[]]): Verdict {
  const worst = parts.reduce((a, b) => (WORST_FIRST.indexOf(b.status) < WORST_FIRST.indexOf(a.status) ? b : a));
  const evidence = new Map(parts.flatMap((part) => part.evidence.map((ref) => [`${ref.path}\0${ref.sha256}`, ref] as const)));
  const whole = { summary: parts.map(({ summary }) => summary).join('; '), evidence: [...evidence.values()] };
  // What is told one by one is told of every part that is as bad.
  if (worst.status === 'failed') return { ...worst, ...whole, findings: parts.flatMap((part) => (part.status === 'failed' ? part.findings : [])) };
  if (worst.status === 'missing') return { ...worst, ...whole, needs: parts.flatMap((part) => (part.status === 'missing' ? part.needs : [])) };
  return { ...worst, ...whole };
}

/** "1 report", "3 reports". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
