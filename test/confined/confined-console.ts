import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandRun } from '../../src/core/contract/policy-calls.ts';
import type { Envelope } from '../../src/core/contract/envelope.ts';
import type { PolicyCommand } from '../../src/core/policy/policy.ts';
import { confinementProblem } from '../../src/main/adapters/confined/run-confined.ts';
import { compose, type Core } from '../../src/main/compose.ts';
import { temporaryFolder, TestRepository } from '../support/repository.ts';

const POLICY = join(import.meta.dirname, '../../resources/policies/gq-ssdlc-008.yaml');

/** Why nothing can be confined on this machine; where it is set, the tests that run something are skipped and say so. */
export const CANNOT = confinementProblem();
if (CANNOT !== null) process.stderr.write(`Skipped, as commands cannot be confined here: ${CANNOT.message} ${CANNOT.hint ?? ''}\n`);

type GivenCommand = Partial<PolicyCommand> & Pick<PolicyCommand, 'run'>;

/** A console with a repository and a policy file that names one command, for as long as a test lasts. */
export class ConfinedConsole {
  readonly folder = temporaryFolder('confined');
  readonly repository = new TestRepository(join(this.folder.path, 'repository'));
  readonly home: string;
  readonly out = join(this.folder.path, 'out');
  readonly policy = join(this.folder.path, 'policy.yaml');
  readonly core: Core;
  output = '';
  readonly #before = new Set(temporaryRuns());

  constructor(home?: string) {
    this.home = home ?? join(this.folder.path, 'home');
    mkdirSync(this.home, { recursive: true });
    writeFileSync(join(this.home, 'log.key'), 'PRIVATE KEY OF THE LOG');
    this.core = compose({ shell: 'test', home: this.home });
    this.core.listen((name, payload) => {
      if (name === 'command.output') this.output += (payload as { text: string }).text;
    });
  }

  /** Writes the policy file with this one command for unit tests. */
  offer(command: GivenCommand): this {
    const text = readFileSync(POLICY, 'utf8').replaceAll(/\n {4}commands:\n(?: {6}.*\n)+/g, '\n');
    const line = /( {2}- id: unit-tests\n(?: {4}.*\n)+)/.exec(text)?.[1] ?? '';
    const json = JSON.stringify([{ name: 'here', seconds: 60, ...command }]);
    writeFileSync(this.policy, text.replace(line, `${line}    commands: ${json}\n`));
    return this;
  }

  async list(): Promise<Envelope> {
    return this.core.dispatch('command.list', { repo: this.repository.path, version: 'v1.0.0', policyFile: this.policy }, { shell: 'test' });
  }

  /** Looks at the command, says yes to it, and runs it. */
  async attempt(more: Readonly<Record<string, unknown>> = {}): Promise<Envelope> {
    const listed = await this.list();
    if (!listed.ok) return listed;
    const { policy, commit } = listed.value as { policy: { digest: string }; commit: string };
    return this.core.dispatch('command.run', {
      repo: this.repository.path, version: 'v1.0.0', policyFile: this.policy, check: 'unit-tests', name: 'here', out: this.out,
      confirmed: true, withoutRoster: true, expected: { policyDigest: policy.digest, commit }, task: 'run', ...more,
    }, { shell: 'test' });
  }

  async run(): Promise<CommandRun> {
    const envelope = await this.attempt();
    if (!envelope.ok) throw new Error(`${envelope.error.code}: ${envelope.error.message}\n${this.output}`);
    return envelope.value as CommandRun;
  }

  /** Temporary folders that runs of this test left. */
  left(): string[] {
    return temporaryRuns().filter((name) => !this.#before.has(name));
  }

  async close(): Promise<void> {
    await this.core.close();
    this.folder.remove();
  }
}

function temporaryRuns(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`countersign-run-${process.pid}-`));
}

/** Command lines of every process of this machine that hold a mark. */
export function processesWith(mark: string): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return line.includes(mark) && Number(pid) !== process.pid ? [line] : [];
    } catch {
      return [];
    }
  });
}
