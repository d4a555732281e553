import { InvalidArgumentError, type Command } from 'commander';
import type { EmergencyShown } from '../../../core/contract/emergency-calls.ts';
import { EmergencyCriterion, EmergencySeverity } from '../../../core/model/records/emergency.ts';
import { emergencyActCommands } from './emergency-acts.ts';
import { drillCommands } from './emergency-drill.ts';
import { verbalCommands } from './emergency-verbal.ts';
import { describeEmergency, describeStanding, describeWhole } from './emergency-words.ts';
import { JSON_FLAG, run, type AddCommands } from './run.ts';
import { signedBy, withKey, type WhoSigns } from './who-signs.ts';

interface Common extends WhoSigns { readonly json?: boolean }
interface Declared extends Common { readonly criterion: EmergencyCriterion; readonly reason: string; readonly detected: string; readonly saidBy?: string; readonly severity?: EmergencySeverity; readonly cvss?: string; readonly release?: string }

/** Emergencies (policy §10): declared with three answers, and where each stands against its deadline. */
export const emergencyCommands: AddCommands = (program) => {
  const emergency = program.command('emergency').description('an emergency patch (policy §10): declare, decide, do its steps, and where it stands');
  decided(emergency.command('declare').description('declare one by your signature: which criterion, what in one sentence, detected when; everything else can wait'))
    .requiredOption('--criterion <criterion>', `one of ${EmergencyCriterion.options.join(', ')} (policy §10.1)`, criterionOf)
    .requiredOption('--detected <time>', 'when it was detected (RFC 3339, UTC): the clock counts from there')
    .option('--said-by <name>', 'who said so, where you did not see it yourself')
    .option('--release <version>', 'the version that mends it, where it is known')
    .action((options: Declared) =>
      run(options, async (session) => {
        const declared = await session.call('emergency.declare', {
          ...(await signedBy(options)), criterion: options.criterion, reason: options.reason, detectedAt: options.detected, detectedSaidBy: options.saidBy ?? null, severity: options.severity ?? null, vector: options.cvss ?? null, release: options.release ?? null,
        });
        session.print(declared, () => describeEmergency(declared));
      }));
  decided(emergency.command('severity').description('raise or lower its severity by your signature; the clock never begins anew').argument('<emergency>', 'its id, or its record'))
    .action((named: string, options: Common & { readonly reason: string; readonly severity?: EmergencySeverity; readonly cvss?: string }) =>
      run(options, async (session) => {
        const shown = await session.call('emergency.severity', { emergency: named, ...(await signedBy(options)), severity: options.severity ?? null, vector: options.cvss ?? null, reason: options.reason });
        session.print(shown, () => describeEmergency(shown));
      }));
  withKey(emergency.command('release').description('name the version that mends it: it is deployed outside the maintenance window').argument('<emergency>', 'its id, or its record').argument('<version>'))
    .requiredOption('--reason <words>', 'why this one')
    .option(...JSON_FLAG)
    .action((named: string, version: string, options: Common & { readonly reason: string }) =>
      run(options, async (session) => {
        const shown = await session.call('emergency.release', { emergency: named, ...(await signedBy(options)), release: version, reason: options.reason });
        session.print(shown, () => describeEmergency(shown));
      }));
  emergency
    .command('status')
    .description('every emergency with its step and its time left, or one with all its steps, clocks and what is owed; exit 1 where a deadline of one that is not closed was missed')
    .argument('[emergency]', 'its id, or its record')
    .option(...JSON_FLAG)
    .action((named: string | undefined, options: { readonly json?: boolean }) =>
      run(options, async (session) => {
        const status = await session.call('emergency.status', { emergency: named ?? null });
        const details = await Promise.all(status.emergencies.filter(({ closed, mergedInto }) => named !== undefined || (closed === null && mergedInto === null)).map(async ({ record }) => session.call('emergency.detail', { emergency: record })));
        const [one] = named === undefined ? [] : details;
        const words = (shown: EmergencyShown): string => {
          const detail = details.find(({ emergency: { record } }) => record === shown.record);
          return detail === undefined ? describeEmergency(shown) : describeStanding(detail);
        };
        session.print(one ?? status, () => (one !== undefined ? describeWhole(one) : status.emergencies.length === 0 ? 'No emergency was declared.' : status.emergencies.map(words).join('\n')));
        session.finish(status.emergencies.some(({ sla, closed, mergedInto }) => sla.state === 'breached' && closed === null && mergedInto === null) ? 1 : 0);
      }));
  emergencyActCommands(emergency);
  verbalCommands(emergency);
  drillCommands(emergency);
};

function decided(command: Command): Command {
  return withKey(command)
    .requiredOption('--reason <words>', 'what is happening, in one sentence')
    .option('--severity <severity>', `one of ${EmergencySeverity.options.join(', ')}; unknown runs the shortest clock`, severityOf)
    .option('--cvss <vector>', 'a CVSS vector, which decides the severity')
    .option(...JSON_FLAG);
}

function criterionOf(value: string): EmergencyCriterion {
  const parsed = EmergencyCriterion.safeParse(value);
  if (!parsed.success) throw new InvalidArgumentError(`It is one of ${EmergencyCriterion.options.join(', ')}`);
  return parsed.data;
}

function severityOf(value: string): EmergencySeverity {
  const parsed = EmergencySeverity.safeParse(value);
  if (!parsed.success) throw new InvalidArgumentError(`It is one of ${EmergencySeverity.options.join(', ')}`);
  return parsed.data;
}
