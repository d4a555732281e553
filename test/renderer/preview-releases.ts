import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AssessedLine, Assessment, SavedRelease } from '../../src/core/contract/contract.ts';
import type { Artifact, Commit, ReleaseDraft, ReleaseStep } from '../../src/core/model/release.ts';
import type { CheckId, CheckResult, Status } from '../../src/core/model/verdict.ts';
import { loadPolicy } from '../../src/core/policy/load-policy.ts';
import { judgementOf } from './preview-lines.ts';

const POLICY_FILE = new URL('../../resources/policies/gq-ssdlc-008.yaml', import.meta.url);
const policy = loadPolicy(readFileSync(POLICY_FILE, 'utf8'), 'gq-ssdlc-008.yaml');

/** The instant at which every preview happens, so that two runs give the same pictures. */
export const NOW = '2026-03-02T21:44:09Z';

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
export const commitId = (text: string): string => createHash('sha1').update(text).digest('hex');
export const minutesBefore = (minutes: number): string => `${new Date(Date.parse(NOW) - minutes * 60_000).toISOString().slice(0, 19)}Z`;

const AUTHORS = [
  ['Ana García Núñez', 'ana@ghostquant.example'], ['Jörg Weiß', 'joerg@ghostquant.example'], ['王小明', 'xiaoming@ghostquant.example'],
  ['Наталья Иванова', 'natalia@ghostquant.example'], ['مريم الحداد', 'maryam@ghostquant.example'], ['dependabot[bot]', 'support@forge.example'],
] as const;

const SUBJECTS = [
  'Bound the order book snapshot before it is decoded', 'feat(router): weigh venues by fill ratio over the last hour', 'Merge pull request #412 from feature/venue-weights',
  'fix!: refuse a price with more decimals than the instrument has', 'Security: rotate the webhook secret on every reconnect (CVE-2026-10231)',
  'Aktualisiere die Übersetzungen für die Auftragsmaske', '修复夜间批处理中的时区错误', 'Bump fast-xml-parser from 4.2.4 to 4.5.3',
  `${'Explain at length, in one very long subject line that nobody should write but somebody always does, why the risk engine is asked twice, '.repeat(2).trim()} end`,
  'docs: <b>not markup</b> & "quotes" & <img src=x onerror=alert(1)>',
];

function commitsOf(version: string, count: number): Commit[] {
  return Array.from({ length: count }, (_, index) => {
    const [name, email] = AUTHORS[index % AUTHORS.length] ?? AUTHORS[0];
    const subject = SUBJECTS[index % SUBJECTS.length] ?? '';
    const merge = subject.startsWith('Merge');
    return {
      id: commitId(`${version}/${index}`), parents: merge ? [commitId('a'), commitId('b')] : [commitId('a')],
      author: { name, email }, committer: { name, email }, coAuthors: index % 9 === 4 ? ['Priya Raghunathan <priya@ghostquant.example>'] : [],
      time: minutesBefore(180 + index * 431), subject,
      reviews: merge ? [{ kind: 'merge-commit', who: 'Jörg Weiß', pullRequest: 412 }]
        : index % 3 === 0 ? [{ kind: 'reviewed-by', who: 'Priya Raghunathan', pullRequest: null }] : [],
      securityMarks: subject.startsWith('Security') ? ['CVE-2026-10231'] : [],
    };
  });
}

const SIGNATURES = ['good', 'none', 'expired', 'bad', 'unknown-key', 'revoked'] as const;

function artifactsOf(version: string, count: number): Artifact[] {
  return Array.from({ length: count }, (_, index) => {
    const name = index === 0 ? `ghostquant-${version}.tar.gz` : index === 1 ? `ghostquant-${version}-py3-none-manylinux_2_28_x86_64.whl`
      : index === 2 ? `ghostquant-${version}-with-a-name-that-goes-on-for-rather-longer-than-any-column-is-wide-on-any-screen.container.tar` : `part-${String(index).padStart(4, '0')}.bin`;
    const signature = count > 100 ? 'none' : SIGNATURES[index % SIGNATURES.length] ?? 'none';
    return {
      path: index % 4 === 3 ? `dist/parts/${name}` : name, name, size: 1_048_576 * (index + 1) * 37 + 4_812 * index, sha256: digest(`${version}/${name}`),
      signature, signer: signature === 'none' || signature === 'unknown-key' ? null : 'Release Signing Key <release@ghostquant.example>',
      checksum: index % 3 === 0 ? 'matches' : index % 3 === 1 ? 'none' : 'differs',
      location: `/srv/build/outputs/${name}`, coveredBy: index < 2 ? ['sbom.cdx.json'] : [], changed: index % 4 === 0 ? 'changed' : index % 4 === 1 ? 'new' : 'same',
    };
  });
}

function evidenceOf(commit: string, count: number): Assessment['evidence'] {
  const base = { folder: '/srv/build/outputs', produced: minutesBefore(96), problem: null } as const;
  const known: Assessment['evidence'] = [
    { ...base, path: 'junit/unit.xml', sha256: digest('junit/unit.xml'), size: 482_113, kind: 'junit', tool: { name: 'pytest', version: '8.3.4' }, counts: { tests: 1284, failures: 0, errors: 0, skipped: 11 }, binding: 'manifest', commit },
    { ...base, path: 'coverage.json', sha256: digest('coverage.json'), size: 91_204, kind: 'coverage-py', tool: { name: 'coverage.py', version: '7.6.10' }, counts: { lines: { covered: 18_211, total: 20_402 }, branches: { covered: 4_100, total: 5_020 } }, binding: 'manifest', commit },
    { ...base, path: 'bandit-report.json', sha256: digest('bandit-report.json'), size: 20_113, kind: 'bandit', tool: { name: 'Bandit', version: null }, counts: { findings: { critical: 0, high: 2, medium: 3, low: 14, info: 0, unknown: 0 } }, binding: 'in-report', commit },
    { ...base, path: 'npm-audit.json', sha256: digest('npm-audit.json'), size: 8_113, kind: 'npm-audit', tool: { name: 'npm', version: '11.6.0' }, counts: { findings: { critical: 1, high: 0, medium: 4, low: 2, info: 0, unknown: 1 } }, binding: 'none', commit: null, produced: null },
    { ...base, path: 'junit/e2e-from-last-week.xml', sha256: digest('junit/e2e-from-last-week.xml'), size: 12_000, kind: 'junit', tool: { name: 'Playwright', version: '1.51' }, counts: { tests: 61, failures: 0, errors: 0, skipped: 0 }, binding: 'in-report', commit: commitId('older'), produced: minutesBefore(60 * 24 * 8) },
    { ...base, path: 'sbom.cdx.json', sha256: digest('sbom.cdx.json'), size: 1_204_113, kind: 'cyclonedx', tool: { name: 'countersign', version: '0.1.0' }, counts: { components: 412 }, binding: 'manifest', commit },
    { ...base, path: 'sast/semgrep.sarif', sha256: digest('sast/semgrep.sarif'), size: 4_812, kind: 'sarif', tool: null, counts: null, binding: 'none', commit: null, produced: null, problem: { code: 'truncated', message: 'The report ends at byte 4,812, inside "runs[0].results".' } },
    { ...base, path: 'notes/отчёт о нагрузочных испытаниях.xlsx', sha256: digest('xlsx'), size: 88_120, kind: 'unrecognised', tool: null, counts: null, binding: 'none', commit: null, produced: null, problem: { code: 'unrecognised', message: 'Nothing in this file says which report it is.' } },
  ];
  if (count <= known.length) return known.slice(0, count);
  return [...known, ...Array.from({ length: count - known.length }, (_, index): Assessment['evidence'][number] => ({
    ...base, path: `junit/shard-${index}.xml`, sha256: digest(`shard${index}`), size: 20_000 + index, kind: 'junit',
    tool: { name: 'vitest', version: '5.1.1' }, counts: { tests: 40, failures: 0, errors: 0, skipped: 0 }, binding: 'manifest', commit,
  }))];
}

const STEP_TITLES = ['Release planning', 'Pre-deployment verification', 'Build pipeline execution', 'Staging deployment',
  'Production deployment approval', 'Production deployment', 'Post-deployment verification', 'Rollback (if needed)'];

function stepsAt(current: number, state: ReleaseStep['state'] = 'current'): ReleaseStep[] {
  return STEP_TITLES.map((title, index) => ({
    number: index + 1, title, state: index < current ? 'done' : index === current ? state : 'ahead',
    note: index > 4 ? 'Nothing recorded yet' : index < current ? `${index + 3} of ${index + 3} lines green` : `${Math.max(0, 4 - index)} of ${index + 4} lines green`,
    lines: index > 4 ? 0 : index + 4,
  }));
}

/** What a preview release holds, by how many rows. */
interface Shape { readonly commits: number; readonly artifacts: number; readonly evidence: number; readonly green: boolean; readonly types: ReleaseDraft['declared'] }
const SHAPES: Readonly<Record<string, Shape>> = {
  'v1.1.0': { commits: 38, artifacts: 3, evidence: 8, green: false, types: ['minor'] },
  'v2.0.0-rc.1': { commits: 3_000, artifacts: 3_000, evidence: 3_000, green: false, types: ['major'] },
  'v1.0.5': { commits: 0, artifacts: 0, evidence: 0, green: true, types: [] },
};

export function assessmentOf(draft: ReleaseDraft, at: string = NOW): Assessment {
  const shape = SHAPES[draft.version] ?? { commits: 12, artifacts: 4, evidence: 5, green: false, types: draft.declared };
  const commit = commitId(`${draft.version}/head`);
  const lines: AssessedLine[] = policy.lines.map((line) => {
    const judged = judgementOf(line.id, shape.green, commit, shape.artifacts > 100);
    const result: CheckResult = {
      id: line.id, section: line.section, status: judged.status, summary: judged.summary, remedy: judged.remedy,
      evidence: judged.evidence.map((path) => ({ path, sha256: digest(path) })), authority: judged.status === 'accepted' ? 'unproved' : 'machine',
    };
    return {
      result, words: line.words, appliesTo: line.applies === 'always' ? null : line.applies, judgedBy: line.judged_by === 'machine' ? 'machine' : 'person',
      attestableBy: line.judged_by === 'attestation' ? line.roles : [], approvedBy: line.judged_by === 'approval' ? line.roles : [], findings: judged.findings, findingsTotal: judged.findingsTotal,
      needs: judged.needs, question: judged.status === 'needs-person' ? (line.question ?? judged.summary) : null,
    };
  });
  const results = lines.map(({ result }) => result);
  return {
    draft,
    report: {
      v: 1, release: draft.version, types: { declared: draft.declared, derived: shape.types, effective: [...new Set([...draft.declared, ...shape.types, 'security' as const])] },
      policyDigest: digest('policy'), rosterDigest: null, at, gate: 'closed', authority: 'unproved', results, subjectDigest: digest(`subject ${draft.version}`), digest: digest(`report ${draft.version}`),
    },
    range: {
      commit, from: shape.commits === 38 ? 'tag' : 'head', branch: 'main', since: shape.commits === 0 ? null : { name: 'v1.0.4', commit: commitId('v1.0.4') },
      shallow: shape.commits === 3_000, bare: false, dirty: shape.commits === 38, total: shape.commits, commits: commitsOf(draft.version, shape.commits),
    },
    artifacts: artifactsOf(draft.version, shape.artifacts), evidence: evidenceOf(commit, shape.evidence), lines,
    sections: policy.sections.map(({ section, title }) => ({ section, title, lines: policy.lines.filter((line) => line.section === section).map(({ id }) => id) })),
    standing: standingOf(draft, lines, shape.commits),
    steps: shape.green ? stepsAt(4) : stepsAt(1, 'blocked'),
    emergency: null, planDigest: shape.commits === 38 ? digest(`plan ${draft.version}`) : null,
    deciders: shape.commits === 0 ? [] : [
      { id: 'ines', name: 'Ines Security', roles: ['ciso'], authored: null }, { id: 'cleo', name: 'Cleo Chief', roles: ['cto'], authored: null },
      { id: 'xiaoming', name: '王小明', roles: ['ciso', 'security-architect'], authored: commitId(`${draft.version}/2`) }, { id: 'rita', name: 'Rita Release', roles: ['release-manager'], authored: null },
    ],
    policy: { digest: digest('policy'), file: 'gq-ssdlc-008.yaml (built in)', id: policy.policy.id, title: policy.policy.title, version: policy.policy.version },
    recorded: null, difference: null,
  };
}

export function draftOf(version: string): ReleaseDraft {
  return { version, declared: SHAPES[version]?.types ?? [], repo: '/srv/repositories/ghostquant', outputs: ['/srv/build/outputs'], since: null, policyFile: null };
}

export function tallyOf(results: readonly { readonly id: CheckId; readonly status: Status }[]): Record<string, number> {
  const tally: Record<string, number> = {};
  for (const { status } of results) tally[status] = (tally[status] ?? 0) + 1;
  return tally;
}

/** Releases as the workspace keeps them; the last one was never judged. */
export function savedReleases(): SavedRelease[] {
  const saved = Object.keys(SHAPES).map((version, index): SavedRelease => {
    const { report, steps } = assessmentOf(draftOf(version));
    return {
      id: version, draft: draftOf(version), savedAt: minutesBefore(45 + index * 3_000),
      last: { at: minutesBefore(12 + index * 2_900), gate: 'closed', authority: 'unproved', tally: tallyOf(report.results), steps },
    };
  });
  return [...saved, { id: 'v0.9.0', draft: draftOf('v0.9.0'), savedAt: minutesBefore(90_000), last: null }];
}

/** What the signing room shows beyond the verdicts. */
function standingOf({ version }: ReleaseDraft, lines: readonly AssessedLine[], commits: number): Assessment['standing'] {
  const green = (is: (line: AssessedLine) => boolean): CheckId[] => lines.filter(is).map(({ result }) => result.id);
  return {
    green: {
      machine: green(({ result, judgedBy }) => result.status === 'passed' && judgedBy === 'machine'),
      people: green(({ result, judgedBy }) => result.status === 'passed' && judgedBy === 'person'),
      accepted: green(({ result }) => result.status === 'accepted'),
      notApplicable: green(({ result }) => result.status === 'not-applicable'),
    },
    takenAway: version === 'v1.1.0' ? [{ path: 'openvex.json', by: 'Sven Architect', statement: 'The vulnerable parser is never reached: input is length-checked before it.', record: `${'log.example.com/console'}#311` }] : [],
    accepted: version === 'v1.1.0' ? [{ vulnerabilities: ['CVE-2026-31337'], by: 'Ines Security', askedBy: 'rolf', until: '2027-02-01T00:00:00Z', why: 'Only reachable from the staging network until the proxy is replaced.', record: 'log.example.com/console#312' }] : [],
    claims: [
      { what: 'The files to sign and their digests', basis: 'recomputed', words: 'Every byte was read and hashed here.' },
      { what: 'The commits since the last release', basis: 'recomputed', words: 'Read from the repository here.' },
      { what: 'That the files were built from 1f2e3d4c5b6a', basis: 'trusted', words: 'The manifest of the outputs says so; nothing here builds them again.' },
      { what: 'What changed since the last release', basis: 'unchecked', words: 'This archive holds no signing of it to compare with.' },
    ],
    ages: [
      { what: 'roster', name: 'ghostquant 4', since: '2026-03-02T09:00:00Z', until: '2027-03-01T00:00:00Z', words: '' },
      { what: 'revocations', name: 'Revocations of keys', since: '2026-03-02T09:00:00Z', until: null, words: 'known as far as the roster’s certificates carry them' },
      { what: 'policy', name: 'GQ-SSDLC-008 1.0', since: null, until: null, words: 'gq-ssdlc-008.yaml (built in)' },
      { what: 'vulnerability-data', name: 'No scan says how old its data is', since: null, until: null, words: 'an empty or old database finds nothing' },
    ],
    authors: commits === 0 ? [] : [{ name: 'Release Manager', email: 'release@example.com', commits: 3 }, { name: 'Ada Developer', email: 'ada@example.com', commits: commits - 3 }],
  };
}
