import { z } from 'zod';
import { EvidenceKind, Severity } from '../model/evidence.ts';
import { ByteSize, CalendarDate, RelativePath } from '../model/primitives.ts';
import { EmergencyCriterion } from '../model/records/emergency.ts';
import { CheckId, CHECK_IDS } from '../model/verdict.ts';
import { checkStepLines, STEP_LINES } from './step-lines.ts';

/**
 * The lines that only a person can know. A policy file may not turn any other line into one that is
 * attested: nobody waves through what a machine could judge (FORMATS §3).
 */
export const PERSON_LINES: ReadonlySet<CheckId> = new Set<CheckId>([
  'penetration-test', 'compliance-notified', 'monitoring-configured', 'cto-approval', 'ciso-approval',
  'deployment-scheduled', 'rollback-plan', 'qa-automated-checks', 'qa-release-notes', 'qa-changelog',
  'qa-api-documentation', 'qa-staging-tested', 'qa-no-critical-issues',
]);

const Role = z.string().regex(/^[a-z][a-z0-9-]*$/, 'a role is lower-case words joined by "-"');
const Glob = z.string().min(1).max(512);
const Section = z.string().regex(/^\d+(?:\.\d+)*$/, 'a section is a number such as "3.1"');

/** Shown to a person exactly as it is run, so it holds nothing that does not show: no control and no direction characters. */
const CommandText = z.string().min(1).max(4096).regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+$/, 'a command is one line of plain text');
const CommandName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a name is lower-case words joined by "-"');
const MIB = 1024 * 1024;

/** A command that makes evidence for a line (docs/run-checks-here.md). It comes from a policy file only, never from a repository. */
const Command = z.strictObject({
  name: CommandName,
  /** One shell string, run by /bin/sh. */
  run: CommandText,
  /** Where in the repository. */
  folder: z.union([z.literal('.'), RelativePath]).default('.'),
  /** The commit's files for which it is offered; every commit where it is left out. */
  when: z.array(Glob).min(1).optional(),
  /** What installs its tools from a cache, without a network. */
  prepare: CommandText.optional(),
  /** Folders of this machine that it may read, each as `/cache/NAME`. */
  caches: z.array(z.strictObject({ name: CommandName, folder: z.string().max(4096).regex(/^(?:\/|~\/)[^\0]+$/, 'a cache is an absolute folder, or one of "~/"') })).max(16).default([]),
  /** The files that it makes and that become evidence. */
  writes: z.array(Glob).max(64).default([]),
  /** What prints the version of its tool. */
  version: CommandText.optional(),
  seconds: z.number().int().min(1).max(4 * 60 * 60).default(900),
  output_bytes: z.number().int().min(1024).max(256 * MIB).default(8 * MIB),
  processes: z.number().int().min(8).max(32_768).default(512),
  /** Of each process. */
  memory_bytes: z.number().int().min(64 * MIB).max(256 * 1024 * MIB).default(4 * 1024 * MIB),
  /** What it may add to the disk. */
  disk_bytes: z.number().int().min(MIB).max(256 * 1024 * MIB).default(4 * 1024 * MIB),
});
export type PolicyCommand = z.infer<typeof Command>;

const Line = z.strictObject({
  id: CheckId,
  section: Section,
  /** The clause, word for word. */
  words: z.string().min(1),
  applies: z.enum(['always', 'major', 'security', 'never']),
  /** Why a line never applies; asked for only where `applies` is `never`. */
  why: z.string().min(1).optional(),
  judged_by: z.enum(['machine', 'attestation', 'approval']),
  /** Who may attest or approve. */
  roles: z.array(Role),
  /** What the person is asked. */
  question: z.string().min(1).optional(),
  /** Commands that make its evidence on this machine. */
  commands: z.array(Command).min(1).max(16).optional(),
});

/** A parameter says where it comes from: a section of the policy, or `house` where the policy does not give it. */
const parameter = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({
    value,
    source: z.string().regex(/^(?:house|§\d+(?:\.\d+)*)$/, 'a source is "house" or a section such as "§3.2"'),
    meaning: z.string().min(1),
  });

const ByteLimit = z.number().int().min(1).max(512 * 1024 * 1024);

export const SUITES = ['unit', 'integration', 'end-to-end', 'regression'] as const;
export const Suite = z.enum(SUITES);
export type Suite = z.infer<typeof Suite>;

const ScanRule = z.strictObject({
  name: z.string().min(1),
  /** Files in the commit that call for this scan. */
  when: z.array(Glob).min(1),
  /** Reports that are accepted for it. */
  kinds: z.array(EvidenceKind).min(1),
  /** Tools whose SARIF counts; every tool's where this is left out. */
  tools: z.array(Glob).min(1).optional(),
});

/** How long attachments of a class are kept, and when they may be withheld; the first class that fits an attachment is its class. */
const RetentionClass = z.strictObject({
  class: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'a class is lower-case words joined by "-"'),
  /** null is for good. */
  years: z.number().int().min(1).max(1_000).nullable(),
  /** `any-time`: because of whose data it is, it may go before its time. */
  erase: z.enum(['when-due', 'any-time']),
  /** Of entries of these types only. */
  events: z.array(z.string().min(1).max(64)).min(1).optional(),
  /** With such names only. */
  names: z.array(Glob).min(1).optional(),
});

/** Defaults of house rules that came later than the first policy files, which need not name them. */
const LATER = {
  attachment_max_bytes: { value: { taken: 256 * MIB, published: 4 * 1024 * MIB - 1 }, source: 'house', meaning: 'The largest attachment that a sync takes in, and the largest that it publishes (the largest file that FAT holds), in bytes.' },
  retention_classes: {
    value: [
      { class: 'personal-data', years: 1, erase: 'any-time' as const, names: ['*personal-data*', '*.{wav,mp3,m4a,ogg,opus}'] },
      { class: 'personal-data', years: 1, erase: 'any-time' as const, events: ['pipeline_access'] },
      { class: 'release-evidence', years: 7, erase: 'when-due' as const },
    ],
    source: 'house', meaning: 'How long attachments are kept, by class: the first that fits an attachment by the type of its entry and by its name.',
  },
  planning_roles: { value: ['release-manager'], source: 'house', meaning: 'Who may plan a release, hand it on, take a stop back and give it up; the CTO may do the last two as well.' },
  deployment_roles: { value: ['devops', 'devops-lead', 'release-manager', 'on-call'], source: 'house', meaning: 'Who may deploy to production with authority.' },
  emergency_roles: { value: ['cto', 'ciso', 'on-call'], source: '§10.2', meaning: 'Who may declare an emergency, which is deployed outside a maintenance window.' },
  emergency_sla_hours: { value: { critical: 24, high: 72, unknown: 24 }, source: '§10.3', meaning: 'In how many hours after its detection an emergency patch is to be deployed, by severity; what is not known yet runs the shortest clock, which is a house rule, and so is that it counts from the detection.' },
  emergency_at_risk_percent: { value: 75, source: 'house', meaning: 'After which share of its time, in percent, the deadline of an emergency is at risk.' },
  emergency_lines: {
    value: ['high-risk-reviewed', 'regression-tests', 'sast-scans', 'dast-scans', 'artifacts-signed', 'artifacts-checksummed', 'qa-staging-tested', 'cto-approval', 'ciso-approval', 'deployment-scheduled'] as CheckId[],
    source: '§10.2', meaning: 'Which lines of the checklist an emergency patch has to meet before it is deployed; the others are skipped, and owed afterwards. That the artifacts are signed all the same is a house rule.',
  },
  emergency_step_roles: {
    value: { 'review': ['security-architect'], 'development-test': ['senior-developer', 'security-architect', 'on-call', 'devops', 'qa'], 'qa-test': ['qa'], 'production-verified': ['qa'] },
    source: '§10.2', meaning: 'Who reviews the patch, says that it was tested in development, tests it, and verifies it in production.',
  },
  emergency_key_roles: { value: ['cto', 'ciso', 'security-architect', 'devops-lead'], source: 'house', meaning: 'Who may set a release key aside for emergencies, two of them together.' },
  emergency_can_wait: { value: ['affected', 'unrelated'] as ('affected' | 'unrelated')[], source: 'house', meaning: 'What an emergency asks for that holds up none of its steps, and is owed afterwards: which versions are affected, and that nothing unrelated is in the patch.' },
  emergency_unrelated: { value: 'flagged' as const, source: 'house', meaning: 'Whether commits of a patch that name no emergency, by a trailer “Emergency: ID” or in their subject, are flagged until its review names each of them, or taken as they are.' },
  emergency_rolled_back: { value: 'meets' as const, source: 'house', meaning: 'Whether a rollback in place of a patch meets its deadline, or only the patch does.' },
  expedited_testing_hours: { value: { least: 1, most: 2 }, source: '§10.2', meaning: 'How many hours the expedited test of an emergency patch takes.' },
  ratification_hours: { value: 24, source: 'house', meaning: 'In how many hours an approval by word is to be ratified by signature.' },
  call_witness_hours: { value: 24, source: 'house', meaning: 'In how many hours whoever was on the line signs that they heard it.' },
  post_mortem_hours: { value: 48, source: '§10.2', meaning: 'In how many hours after the deployment of an emergency patch its post-mortem is held; from when it counts is a house rule.' },
  external_notices: {
    value: [] as { notice: string; words: string; hours: number; criteria: EmergencyCriterion[]; roles: string[] }[],
    source: 'house', meaning: 'Who outside is to be told of an emergency, and in how many hours after its detection: regulators, customers. Empty: nobody is named.',
  },
  canary_stages: { value: [{ percent: 10, minutes: 60 }, { percent: 50, minutes: 60 }, { percent: 100, minutes: 0 }], source: '§9.3.2', meaning: 'The stages of a canary deployment, and how long each is watched before the next.' },
  monitoring_hours: { value: 24, source: '§2', meaning: 'How many hours a deployment or a rollback is watched.' },
  monitoring_roles: { value: ['qa', 'devops', 'devops-lead', 'on-call'], source: 'house', meaning: 'Who may close the watch over a deployment or a rollback.' },
  environment_configuration: {
    value: [
      { environment: 'development', settings: { DEBUG: 'True', LOG_LEVEL: 'DEBUG' } },
      { environment: 'staging', settings: { DEBUG: 'False', LOG_LEVEL: 'INFO' } },
      { environment: 'production', settings: { DEBUG: 'False', LOG_LEVEL: 'WARNING' } },
    ],
    source: '§8.2', meaning: 'What an environment is configured with; the file of the target is compared with it.',
  },
  rollback_roles: { value: ['cto'], source: '§9.2', meaning: 'Who decides on a rollback.' },
  rollback_slower_percent: { value: 50, source: '§9.1', meaning: 'How much slower, in percent, calls for a rollback.' },
  step_lines: { value: STEP_LINES, source: 'house', meaning: 'Which lines of the checklist have to be green before a step of a release is done (policy §2).' },
  root_cause_days: { value: 5, source: 'house', meaning: 'How many days the analysis of the root cause has, where nobody says otherwise.' },
  erasure_roles: { value: ['compliance', 'ciso'], source: 'house', meaning: 'Who may withhold an attachment, and place and lift a legal hold.' },
  approvers_minimum: { value: 1, source: 'house', meaning: 'How many different people have to approve, for each approval that a release asks for.' },
  fewer_types_roles: { value: ['cto', 'ciso', 'security-architect'], source: 'house', meaning: 'Who may sign that a release is not of a type that is derived for it, where somebody else asked.' },
  withdrawal_roles: { value: ['cto', 'ciso', 'release-manager'], source: 'house', meaning: 'Who may withdraw a release.' },
};

/** A release policy as data; its digest is what a roster signs (FORMATS §5). */
export const Policy = z
  .strictObject({
    v: z.literal(1),
    policy: z.strictObject({
      id: z.string().min(1), title: z.string().min(1), version: z.string().min(1), effective: CalendarDate,
    }),
    sections: z.array(z.strictObject({ section: Section, title: z.string().min(1) })),
    roles: z.array(Role).min(1),
    lines: z.array(Line),
    parameters: z.strictObject({
      coverage_minimum_percent: parameter(z.number().min(0).max(100)),
      coverage_counts: parameter(z.enum(['lines', 'lines-and-branches'])),
      test_suites: parameter(z.array(z.strictObject({ suite: Suite, match: z.array(Glob).min(1) })).min(1)),
      test_suites_otherwise: parameter(Suite),
      sast_scans: parameter(z.array(ScanRule).min(1)),
      sast_fails_at: parameter(z.array(Severity).min(1)),
      dependency_scans: parameter(z.array(ScanRule).min(1)),
      dependency_fails_at: parameter(z.array(Severity).min(1)),
      vulnerability_data_days: parameter(z.number().int().min(1).max(3_660)),
      dast_tools: parameter(z.array(Glob).min(1)),
      dast_fails_at: parameter(z.array(Severity).min(1)),
      medium_risk_roles: parameter(z.array(Role).min(1)),
      linters: parameter(z.array(ScanRule).min(1)),
      changelog_files: parameter(z.array(Glob).min(1)),
      release_notes_files: parameter(z.array(Glob).min(1)),
      release_notes_minimum_words: parameter(z.number().int().min(1).max(10_000)),
      api_files: parameter(z.array(Glob).min(1)),
      /** Files that only a repository with a web API has. */
      web_api_files: parameter(z.array(Glob)),
      performance_baselines: parameter(z.array(Glob).min(1)),
      performance_tolerance_percent: parameter(z.number().min(0).max(1000)),
      /** Where a repository says who owns which files; the first that is there counts. */
      code_owner_files: parameter(z.array(Glob)),
      code_owners: parameter(z.enum(['shown', 'required'])),
      review_trailers: parameter(z.enum(['never', 'signed-by-another', 'committed-by-another', 'always'])),
      high_risk_files: parameter(z.array(z.strictObject({ name: z.string().min(1), match: z.array(Glob).min(1) }))),
      penetration_test_days: parameter(z.number().int().min(1).max(3_660)),
      high_risk_roles: parameter(z.array(Role).min(1)),
      migration_files: parameter(z.array(z.strictObject({ name: z.string().min(1), match: z.array(Glob).min(1) })).min(1)),
      staging_suites: parameter(z.array(Glob).min(1)),
      configuration_files: parameter(z.array(Glob).min(1)),
      configuration_documents: parameter(z.array(Glob)),
      environment_readers: parameter(z.array(Glob).min(1)),
      environment_declared: parameter(z.array(Glob).min(1)),
      /** Names that every machine has, or that a tool sets itself. */
      environment_ignored: parameter(z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/))),
      secret_inventory_files: parameter(z.array(Glob).min(1)),
      secret_rotation_days: parameter(z.number().int().min(1).max(3660)),
      monitoring_files: parameter(z.array(Glob)),
      sbom_lock_files: parameter(z.array(Glob)),
      artifact_files: parameter(z.array(Glob)),
      stored_files: parameter(z.array(Glob).min(1)),
      evidence_bytes: parameter(z.object({ default: ByteLimit }).catchall(ByteLimit)),
      evidence_depth: parameter(z.number().int().min(8).max(10_000)),
      evidence_kept: parameter(z.number().int().min(1).max(1_000_000)),
      attachment_max_bytes: parameter(z.strictObject({ taken: ByteSize, published: ByteSize })).default(LATER.attachment_max_bytes),
      retention_classes: parameter(z.array(RetentionClass).max(200)).default(LATER.retention_classes),
      erasure_roles: parameter(z.array(Role).min(1)).default(LATER.erasure_roles),
      approvers_minimum: parameter(z.number().int().min(1).max(16)).default(LATER.approvers_minimum),
      fewer_types_roles: parameter(z.array(Role).min(1)).default(LATER.fewer_types_roles),
      withdrawal_roles: parameter(z.array(Role).min(1)).default(LATER.withdrawal_roles),
      planning_roles: parameter(z.array(Role).min(1)).default(LATER.planning_roles),
      deployment_roles: parameter(z.array(Role).min(1)).default(LATER.deployment_roles),
      emergency_roles: parameter(z.array(Role).min(1)).default(LATER.emergency_roles),
      emergency_sla_hours: parameter(z.strictObject({ critical: z.number().gt(0).max(8_760), high: z.number().gt(0).max(8_760), unknown: z.number().gt(0).max(8_760) })).default(LATER.emergency_sla_hours),
      emergency_at_risk_percent: parameter(z.number().min(1).max(99)).default(LATER.emergency_at_risk_percent),
      emergency_lines: parameter(z.array(CheckId).min(1)).default(LATER.emergency_lines),
      emergency_step_roles: parameter(z.strictObject({ 'review': z.array(Role).min(1), 'development-test': z.array(Role).min(1), 'qa-test': z.array(Role).min(1), 'production-verified': z.array(Role).min(1) })).default(LATER.emergency_step_roles),
      emergency_key_roles: parameter(z.array(Role).min(1)).default(LATER.emergency_key_roles),
      emergency_can_wait: parameter(z.array(z.enum(['affected', 'unrelated']))).default(LATER.emergency_can_wait),
      emergency_unrelated: parameter(z.enum(['flagged', 'as-they-are'])).default(LATER.emergency_unrelated),
      emergency_rolled_back: parameter(z.enum(['meets', 'does-not-meet'])).default(LATER.emergency_rolled_back),
      expedited_testing_hours: parameter(z.strictObject({ least: z.number().min(0).max(8_760), most: z.number().gt(0).max(8_760) })).default(LATER.expedited_testing_hours),
      ratification_hours: parameter(z.number().gt(0).max(8_760)).default(LATER.ratification_hours),
      call_witness_hours: parameter(z.number().gt(0).max(8_760)).default(LATER.call_witness_hours),
      post_mortem_hours: parameter(z.number().gt(0).max(8_760)).default(LATER.post_mortem_hours),
      external_notices: parameter(z.array(z.strictObject({
        notice: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a notice is lower-case words joined by "-"'), words: z.string().min(1).max(200), hours: z.number().gt(0).max(8_760), criteria: z.array(EmergencyCriterion).min(1), roles: z.array(Role).min(1),
      })).max(20)).default(LATER.external_notices),
      canary_stages: parameter(z.array(z.strictObject({ percent: z.number().gt(0).max(100), minutes: z.number().int().min(0).max(10_080) })).min(1).max(20)).default(LATER.canary_stages),
      monitoring_hours: parameter(z.number().min(0).max(8_760)).default(LATER.monitoring_hours),
      monitoring_roles: parameter(z.array(Role).min(1)).default(LATER.monitoring_roles),
      environment_configuration: parameter(z.array(z.strictObject({ environment: z.string().min(1).max(64), settings: z.record(z.string().min(1).max(200), z.string().max(1_000)) }))).default(LATER.environment_configuration),
      rollback_roles: parameter(z.array(Role).min(1)).default(LATER.rollback_roles),
      rollback_slower_percent: parameter(z.number().min(0).max(10_000)).default(LATER.rollback_slower_percent),
      step_lines: parameter(z.array(z.strictObject({ step: z.number().int().min(1).max(8), lines: z.array(CheckId).min(1) })).max(8)).default(LATER.step_lines),
      root_cause_days: parameter(z.number().int().min(1).max(365)).default(LATER.root_cause_days),
    }),
    errata: z.array(z.strictObject({
      section: Section, words: z.string().min(1), instead: z.string().min(1), why: z.string().min(1),
    })),
  })
  .superRefine((policy, context) => {
    const seen = new Set<string>();
    for (const [index, line] of policy.lines.entries()) {
      const at = (field: string, message: string): void =>
        context.addIssue({ code: 'custom', message, path: ['lines', index, field] });
      if (seen.has(line.id)) at('id', `the line "${line.id}" stands here a second time`);
      seen.add(line.id);
      if (!policy.sections.some(({ section }) => section === line.section)) {
        at('section', `section ${line.section} is not in the list of sections`);
      }
      if (line.judged_by !== 'machine' && !PERSON_LINES.has(line.id)) {
        at('judged_by', `"${line.id}" can be judged by a machine, so nobody may attest it`);
      }
      if (line.judged_by === 'machine' && line.roles.length > 0) at('roles', 'a line that a machine judges names no roles');
      if (line.judged_by !== 'machine' && line.roles.length === 0) at('roles', 'a line that a person answers names at least one role');
      if (line.judged_by !== 'machine' && line.question === undefined) at('question', 'a line that a person answers has a question');
      if (line.applies === 'never' && line.why === undefined) at('why', 'a line that never applies says why');
      if (line.judged_by !== 'machine' && line.commands !== undefined) at('commands', 'a line that a person answers has no commands');
      const names = (line.commands ?? []).map(({ name }) => name);
      if (new Set(names).size < names.length) at('commands', 'two commands of a line have one name');
      for (const role of line.roles) if (!policy.roles.includes(role)) at('roles', `the role "${role}" is not in the list of roles`);
    }
    const absent = CHECK_IDS.filter((id) => !seen.has(id));
    checkStepLines(policy.parameters.step_lines.value, context);
    if (absent.length > 0) {
      context.addIssue({ code: 'custom', message: `lines that are not there: ${absent.join(', ')}`, path: ['lines'] });
    }
  });
export type Policy = z.infer<typeof Policy>;
export type PolicyLine = Policy['lines'][number];
