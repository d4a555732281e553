import { explanations } from '../checks/explanations/registry.ts';
import type { Explanation } from '../checks/explanations/explanation.ts';
import type { Handlers } from '../contract/serve.ts';
import type { ExplainedLine } from '../contract/policy-calls.ts';
import { linesInOrder } from '../policy/load-policy.ts';
import type { Policy, PolicyLine } from '../policy/policy.ts';
import type { PolicyInForce } from '../workflow/assess-release.ts';

export interface ExplainPorts {
  readonly readPolicy: (file: string | null) => Promise<PolicyInForce>;
}

/** What each line of the policy asks, accepts, and turns green on; the same text for command line and window. */
export function explainHandlers(ports: ExplainPorts): Pick<Handlers, 'policy.explain'> {
  return {
    'policy.explain': async ({ check, policyFile }) => {
      const { policy, file } = await ports.readPolicy(policyFile);
      const lines = linesInOrder(policy).filter(({ id }) => check === null || id === check);
      return {
        policy: { id: policy.policy.id, title: policy.policy.title, version: policy.policy.version, file },
        lines: lines.map((line) => explained(line, explanations[line.id], policy)),
      };
    },
  };
}

function explained(line: PolicyLine, { accepts, green, rules }: Explanation, policy: Policy): ExplainedLine {
  const { id, section, words, applies, why, judged_by, roles, question, commands = [] } = line;
  return {
    id, section, sectionTitle: policy.sections.find((known) => known.section === section)?.title ?? '', words,
    applies: applies === 'never' ? (why ?? 'Never') : APPLIES[applies], judgedBy: judged_by, roles: [...roles], question: question ?? null, green,
    accepts: accepts.map(({ what, kinds, make, samples, example }) => ({
      what, kinds: [...kinds], make: [...make], samples: [...samples.map(({ kind, name, text }) => ({ kind, name, text })), ...(example === undefined ? [] : [{ kind: null, name: null, text: example }])],
    })),
    rules: rules.map((name) => ({ name, value: shownValue(policy.parameters[name].value), source: policy.parameters[name].source, meaning: policy.parameters[name].meaning })),
    commands: commands.map(({ name, run, folder }) => ({ name, run, folder })),
    errata: policy.errata.filter((erratum) => erratum.section === section).map(({ words: clause, instead, why: reason }) => ({ words: clause, instead, why: reason })),
  };
}

const APPLIES: Readonly<Record<'always' | 'major' | 'security', string>> = { always: 'Every release', major: 'Major releases', security: 'Security patches' };

/** A parameter as one line a value. */
function shownValue(value: unknown): string[] {
  if (Array.isArray(value)) return value.map((entry) => shownEntry(entry));
  return [shownEntry(value)];
}

function shownEntry(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) return String(entry);
  return Object.values(entry).map((part: unknown) => (Array.isArray(part) ? part.join(', ') : String(part))).join(': ');
}
