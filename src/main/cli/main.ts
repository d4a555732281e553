import { Command, CommanderError } from 'commander';
import { AppError, ERROR_CODES } from '../../core/model/errors.ts';
import { VERSION } from '../compose.ts';
import { archiveCommands } from './commands/archive.ts';
import { archiveKeyCommand } from './commands/archive-key.ts';
import { artifactCommands } from './commands/artifacts.ts';
import { attachmentCommands } from './commands/attachments.ts';
import { cardCommands } from './commands/cards.ts';
import { checkCommand } from './commands/check.ts';
import { evidenceCommands } from './commands/evidence.ts';
import { repairCommand } from './commands/repair.ts';
import { reconcileCommand } from './commands/reconcile.ts';
import { archiveSearchCommand } from './commands/archive-search.ts';
import { archiveProofCommands } from './commands/archive-proofs.ts';
import { syncCommand } from './commands/sync.ts';
import { witnessCommands } from './commands/witness.ts';
import { doctorCommand } from './commands/doctor.ts';
import { imageCommands } from './commands/image.ts';
import { explainCommand } from './commands/explain.ts';
import { keyCommands } from './commands/keys.ts';
import { runCheckCommand } from './commands/run-check.ts';
import { cvssCommand } from './commands/cvss.ts';
import { emergencyCommands } from './commands/emergency.ts';
import { deployCommands } from './commands/deploy.ts';
import { metricsCommand } from './commands/metrics.ts';
import { rollbackCommands } from './commands/rollback.ts';
import { releaseCommands } from './commands/release.ts';
import { rosterCommands } from './commands/roster.ts';
import { approvalCommands } from './commands/approvals.ts';
import { statementCommands } from './commands/statements.ts';
import { signingCommands } from './commands/signing.ts';
import { verifyFolderCommand } from './commands/verify-folder.ts';
import { sentenceOf } from './session.ts';

/** Exit codes of the command line (FORMATS §8). */
const USAGE = 2;
const INTERNAL = 4;

const program = new Command('countersign')
  .description('Judges a release from real evidence, signs it, and records it in a log that anyone can check.')
  .version(VERSION)
  .helpCommand(false)
  // A command's own --version names one of its versions.
  .enablePositionalOptions()
  .showHelpAfterError(false)
  .exitOverride()
  .configureOutput({ writeErr: () => undefined });

for (const add of [checkCommand, runCheckCommand, explainCommand, evidenceCommands, signingCommands, keyCommands, cardCommands, imageCommands, verifyFolderCommand, doctorCommand, rosterCommands, statementCommands, approvalCommands, releaseCommands, deployCommands, rollbackCommands, metricsCommand, cvssCommand, emergencyCommands, archiveCommands, archiveSearchCommand, archiveProofCommands, syncCommand, witnessCommands, reconcileCommand, repairCommand, attachmentCommands, archiveKeyCommand, artifactCommands]) add(program);
for (const command of allCommands(program)) {
  command.exitOverride().configureOutput({ writeErr: () => undefined });
}

try {
  if (process.argv.length <= 2) {
    process.stderr.write(program.helpInformation());
    process.exitCode = USAGE;
  } else {
    await program.parseAsync();
  }
} catch (cause) {
  process.exitCode = report(cause);
}

function report(cause: unknown): number {
  if (cause instanceof CommanderError) {
    if (cause.exitCode === 0) return 0;
    const message = cause.message.replace(/^error: /, '').split('\n')[0] ?? '';
    process.stderr.write(`countersign: ${message === '(outputHelp)' ? 'name a command' : message}. countersign --help lists the commands.\n`);
    return USAGE;
  }
  if (cause instanceof AppError) {
    process.stderr.write(`countersign: ${sentenceOf(cause)}\n`);
    return ERROR_CODES[cause.code].exit;
  }
  process.stderr.write(`countersign: something went wrong inside: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`);
  return INTERNAL;
}

function allCommands(of: Command): Command[] {
  return of.commands.flatMap((command) => [command, ...allCommands(command)]);
}
