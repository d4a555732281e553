import { lstat, stat } from 'node:fs/promises';
import { platform, userInfo } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mayErase } from '../core/approval/may-erase.ts';
import { NO_STATEMENTS } from '../core/approval/read-statements.ts';
import { entryId } from '../core/archive/entry-id.ts';
import type { RecordParts } from '../core/archive/entry.ts';
import { serve, type Emit } from '../core/contract/serve.ts';
import type { Payload, EventName } from '../core/contract/types.ts';
import type { Policy } from '../core/policy/policy.ts';
import { evidenceLimits, loadPolicy, MAX_POLICY_CHARACTERS } from '../core/policy/load-policy.ts';
import { validateSbom } from '../core/sbom/validate-sbom.ts';
import { decisionHandlers } from '../core/service/administrators-revoke.ts';
import { withoutKeys } from '../core/roster/revocations.ts';
import { heldAgainst } from '../core/signing/revoked-by-administrators.ts';
import { approvalHandlers } from '../core/service/approval-handlers.ts';
import { archiveHandlers } from '../core/service/archive-handlers.ts';
import { attachmentHandlers } from '../core/service/attachment-handlers.ts';
import { newestSeen } from '../core/service/archive-port.ts';
import { cardHandlers } from '../core/service/card-handlers.ts';
import { checkRunHandlers } from '../core/service/check-run-handlers.ts';
import { consoleHandlers } from '../core/service/console-handlers.ts';
import { boardHandlers } from '../core/service/deployment-board.ts';
import { cvssHandlers } from '../core/service/cvss-handlers.ts';
import { setAsideHandlers } from '../core/service/set-aside-key.ts';
import { verbalHandlers } from '../core/service/verbal-handlers.ts';
import { emergencyHandlers } from '../core/service/emergency-handlers.ts';
import { deploymentHandlers } from '../core/service/deployment-handlers.ts';
import type { DeploymentPorts } from '../core/service/deployment-ports.ts';
import { takeInHandlers } from '../core/service/take-in-deployments.ts';
import { metricsHandlers } from '../core/service/metrics-handlers.ts';
import { recordedArtifacts } from '../core/service/recorded-artifacts.ts';
import { rollbackHandlers } from '../core/service/rollback-handlers.ts';
import { planHandlers } from '../core/service/plan-handlers.ts';
import { actReader } from '../core/service/read-acts.ts';
import { expeditedIn } from '../core/service/read-expedited.ts';
import { situationOf, type WorkflowPorts } from '../core/service/workflow-ports.ts';
import { planInForce } from '../core/workflow/plan.ts';
import { keyHandlers } from '../core/service/key-handlers.ts';
import { exploreHandlers } from '../core/service/explore-handlers.ts';
import { explainHandlers } from '../core/service/explain-handlers.ts';
import { evidenceHandlers } from '../core/service/evidence-handlers.ts';
import { instant, releaseHandlers, type ReleasePorts } from '../core/service/release-handlers.ts';
import { noDrills } from '../core/service/drill-handlers.ts';
import { doctorHandlers } from '../core/service/doctor-handlers.ts';
import { imageHandlers } from '../core/service/image-handlers.ts';
import { rosterHandlers } from '../core/service/roster-handlers.ts';
import { beforeTheSeat, seatHandlers } from '../core/service/seat-handlers.ts';
import { seatKeeper } from '../core/service/seat.ts';
import { storeHandlers } from '../core/service/store-artifacts.ts';
import { statementHandlers } from '../core/service/statement-handlers.ts';
import { signedStatements } from '../core/service/signed-statements.ts';
import { logKeyHandlers } from '../core/service/log-key-handlers.ts';
import { repairHandlers } from '../core/service/repair-handlers.ts';
import { reconcileHandlers } from '../core/service/reconcile-handlers.ts';
import { composeHandlers } from '../core/service/compose-handlers.ts';
import { proofHandlers } from '../core/service/proof-handlers.ts';
import { witnessHandlers } from '../core/service/witness-handlers.ts';
import { watchReminders } from '../core/service/watch-reminders.ts';
import { withdrawHandlers, withdrawnReleases } from '../core/service/withdraw-handlers.ts';
import { withdrawnAs, type ReadWithdrawn } from '../core/signing/withdrawn.ts';
import { signingHandlers } from '../core/service/signing-handlers.ts';
import type { EntryRef } from '../core/model/archive.ts';
import { AppError } from '../core/model/errors.ts';
import type { RosterInForce } from '../core/model/roster.ts';
import { verifyFolderHandlers } from '../core/service/verify-folder-handlers.ts';
import type { Keyring } from '../core/openpgp/keyring.ts';
import { heldKeys, inTurn, type KeySource, type OpenPgp } from '../core/signing/openpgp.ts';
import { assessRelease, type PolicyInForce, type WorkContext } from '../core/workflow/assess-release.ts';
import { sha256Of } from '../core/workflow/canonical.ts';
import { browseFiles } from './adapters/browse-files.ts';
import { createConfinedRunner } from './adapters/confined/run-check.ts';
import { readTarget } from './adapters/deployment-target.ts';
import { watchedFiles } from './adapters/watched-folder.ts';
import { listEvidence, readDocument, writeManifest } from './adapters/evidence-folder.ts';
import { openRepository } from './adapters/git/open-repository.ts';
import { gitVersion } from './adapters/git/run-git.ts';
import { readCardFacts } from './adapters/gpg/card-facts.ts';
import { readCard } from './adapters/gpg/card-status.ts';
import { createGpg } from './adapters/gpg/gpg.ts';
import { secondOpinion, userKeys } from './adapters/gpg/second-opinion.ts';
import { signMessage } from './adapters/gpg/sign-message.ts';
import { gnupgFolder } from './adapters/gpg/gnupg-folder.ts';
import { liesIn } from './adapters/lies-in.ts';
import { createHasher } from './adapters/hashing.ts';
import { bugReporter, ensureHome, homeFolder } from './adapters/home-folder.ts';
import { createLocalKeys } from './adapters/local-keys/local-keys.ts';
import { writeFiles } from './adapters/local-keys/write-files.ts';
import { confinementProblem } from './adapters/confined/run-confined.ts';
import { examiner } from './adapters/doctor/examine.ts';
import { openImage } from './adapters/image/image-files.ts';
import { messageOf, readSignatureMessage, writeSignature } from './adapters/image/signature-message.ts';
import { createVerifier, readKeyringFile } from './adapters/openpgp/verifier.ts';
import { findArtifacts } from './adapters/output-artifacts.ts';
import { suggestOutputs } from './adapters/output-folders.ts';
import { namedFolder, readableFolder } from './adapters/archive-files.ts';
import { readSignedChecksums } from './adapters/signed-checksums.ts';
import { signAs } from './adapters/sign-as.ts';
import { repeatedly } from './adapters/repeatedly.ts';
import { systemKeyring } from './adapters/keystore/system-keyring.ts';
import { keptCertificates } from './adapters/kept-certificates.ts';
import { keptIn } from './adapters/kept-text.ts';
import { keptPolicies } from './adapters/kept-policies.ts';
import { commitSigners } from './adapters/roster/commit-signers.ts';
import { rosterExchange } from './adapters/roster/exchange-rosters.ts';
import { MAX_ROSTER_BYTES, parseRoster } from './adapters/roster/read-signed-roster.ts';
import { armoredCertificates, rosterKeyring } from './adapters/roster/roster-keyring.ts';
import { signaturesBeside } from './adapters/roster/signatures-beside.ts';
import { textSignatures } from './adapters/roster/personal-signatures.ts';
import { whoseWord } from './adapters/roster/whose-word.ts';
import { archiveExists, openArchive, type Archive } from './adapters/sqlite/open-archive.ts';
import { logKeyPlace, moveLogKey } from './adapters/sqlite/log-key.ts';
import { repairArchive } from './adapters/sqlite/repair-archive.ts';
import { linesOf, readText, readWhole, writeText } from './adapters/text-files.ts';
import { verifyFile } from './adapters/verify-file.ts';
import { readWithdrawn } from './adapters/withdrawn-file.ts';
import { openPlace } from './adapters/stores/open-place.ts';
import { openReadBack } from './adapters/stores/read-back.ts';
import { workspaceFile } from './adapters/workspace-file.ts';
import { bootId } from './adapters/boot-id.ts';
import { practicePlace } from './adapters/drill/practice-place.ts';
import type { ComposeOptions, Core } from './core.ts';

export type { ComposeOptions, Core } from './core.ts';

/** The built-in policy, beside the sources and inside the packaged app alike. */
const BUILT_IN_POLICY = fileURLToPath(new URL('../../resources/policies/gq-ssdlc-008.yaml', import.meta.url));

/** As in package.json; a test compares them. */
export const VERSION = '0.1.0';

/** Builds the core once, with the real adapters; the shells only carry calls to it. Nothing is opened before it is used. */
export function compose(options: ComposeOptions): Core {
  const home = options.home ?? homeFolder();
  const now = options.now ?? (() => new Date());
  const hasher = options.workers === undefined ? createHasher() : createHasher(options.workers.hash);
  // Threads of their own: one that waits for a PIN must not keep a release from being judged.
  const signers = options.workers === undefined ? createHasher() : createHasher(options.workers.hash);
  const keyring = options.practice === undefined ? systemKeyring(options.workers === undefined ? {} : { worker: options.workers.keyring }) : null;
  const word = whoseWord(home, now, async () => (archiveExists(home) ? archive() : null));
  const { roster, revoked: revokedKeys } = word;
  const verifier = createVerifier(hasher);
  const verify: OpenPgp['verify'] = async (request) => {
    const check = await verifier(request);
    return { ...check, signatures: heldAgainst(await revokedKeys(), check.signatures) };
  };
  const openpgp: OpenPgp = { ...createGpg(now), verify, userKeys, secondOpinion };
  const workspace = workspaceFile(home);
  const releaseKeys = (inForce: RosterInForce | null): KeySource => (inForce === null ? userKeys : inTurn(heldKeys(rosterKeyring([inForce.roster], 'release')), userKeys));
  const releaseKeyring = async (): Promise<Keyring | null> => {
    const inForce = await roster.inForce(instant(now()));
    return inForce === null ? null : rosterKeyring([inForce.roster], 'release');
  };
  const listeners = new Set<(name: string, payload: unknown) => void>();
  const emit: Emit = <Name extends EventName>(name: Name, payload: Payload<Name>) => {
    for (const listener of listeners) listener(name, payload);
  };

  let reminders: ReturnType<typeof watchReminders> | null = null;
  let opened: Promise<Archive> | null = null;
  const archive = (): Promise<Archive> => {
    opened ??= ensureHome(home).then(async () =>
      openArchive({
        home, now, keyring, boot: await bootId(), verifyPerson: word.verifyPerson, consoles: word.consoles,
        onChanged: (entries) => {
          word.forget();
          reminders?.changed();
          emit('archive.changed', { entries });
        },
        rules: {
          limits: async () => (await standingPolicy('look')).parameters.attachment_max_bytes.value,
          mayErase: async (entry) => {
            const inForce = await roster.inForce(instant(now()));
            return inForce !== null && mayErase(await word.judge(entryId(entry), now()), (await standingPolicy('decide')).parameters.erasure_roles.value);
          },
        },
        ...(options.practice === undefined ? {} : { origin: options.practice }),
        ...(options.workers === undefined ? {} : { verifyWorker: options.workers.verify }),
      }),
    );
    // A failure is not kept: the next call may find the disk writable again.
    opened.catch(() => {
      opened = null;
    });
    return opened;
  };

  const readPolicy = async (file: string | null): Promise<PolicyInForce> => {
    const path = file ?? options.policyFile ?? BUILT_IN_POLICY;
    const text = await readText(path, MAX_POLICY_CHARACTERS * 4);
    const name = path === BUILT_IN_POLICY ? 'gq-ssdlc-008.yaml (built in)' : path;
    return { policy: loadPolicy(text, path), digest: sha256Of(text), file: name };
  };
  const standingPolicy = async (use: 'look' | 'decide'): Promise<Policy> => {
    const { policy, digest, file } = await readPolicy((await workspace.read()).settings.policyFile);
    const inForce = use === 'look' ? null : await roster.inForce(instant(now()));
    // FORMATS §5: another policy may be looked at, and gives nobody authority.
    if (inForce !== null && !inForce.roster.policy_digests.includes(digest)) throw new AppError('not-permitted', `${file} is no policy that the roster in force names, so nothing is kept or erased by it.`, { hint: 'Choose the policy file of your organisation in the settings.', details: { digest } });
    return policy;
  };
  const list = (folder: string, limits: Parameters<typeof listEvidence>[1]['limits'], { signal, progress }: WorkContext): ReturnType<typeof listEvidence> =>
    listEvidence(folder, {
      limits, hasher, signal,
      progress: (item, done, total) => progress({ label: 'Reading the outputs', item, done, total, unit: 'files' }),
    });

  const readActs = actReader({ held: async () => (archiveExists(home) ? archive() : null), judge: word.judge, ground: word.ground });
  const rosterProblem = async (at: string): Promise<string | null> => (await roster.held(at))?.problem ?? null;
  const releasePorts: ReleasePorts = {
    openRepository, readPolicy, listEvidence: list, workspace, archive, now, suggestOutputs, version: VERSION,
    policies: { keep: async (digest, file) => keptPolicies(home).keep(digest, await readText(file ?? options.policyFile ?? BUILT_IN_POLICY, MAX_POLICY_CHARACTERS * 4)), find: (digest) => keptPolicies(home).find(digest) },
    findArtifacts: (folder, items, globs, inForce, at, signal) => findArtifacts(folder, items, globs, { verify: openpgp.verify, keys: releaseKeys(inForce), at: new Date(at) }, signal),
    readDocument,
    rosterInForce: roster.inForce, rosterProblem,
    commitSigners: async (repository, ids, inForce, at, signal) => commitSigners(repository, ids, withoutKeys(inForce, await revokedKeys()), at, signal),
    signedStatements: async (release, _inForce, at) => (archiveExists(home) ? signedStatements(await archive(), release, (id) => word.judge(id, new Date(at))) : NO_STATEMENTS),
    planOf: async (release, inForce, planners, at) => planInForce(await readActs({ release, types: ['release_plan'] }, inForce, at), release, planners, at),
    expedited: expeditedIn(readActs),
    recordedArtifacts: async (version) => (archiveExists(home) ? recordedArtifacts(await archive(), version) : null),
  };
  const seen = async (): Promise<EntryRef[]> => newestSeen(await archive());
  const append = async (draft: RecordParts): Promise<{ id: string }> => (await (await archive()).append([draft]))[0] as { id: string };

  const withdrawnIn = async (folder: string, keys: KeySource, at: Date, signal: AbortSignal): Promise<ReadWithdrawn | null> => {
    const inForce = await roster.inForce(instant(at));
    return readWithdrawn(folder, inForce === null ? keys : inTurn(heldKeys(rosterKeyring([inForce.roster], 'approve')), keys), at, openpgp.verify, signal);
  };
  /** What the archive here says of a file's release, where no list lies beside it. */
  const withdrawnHere = async (sha256: string): Promise<string | null> => {
    if (!archiveExists(home)) return null;
    const { policy } = await readPolicy((await workspace.read()).settings.policyFile);
    const releases = await withdrawnReleases(await archive(), (id) => word.judge(id, now()), policy.parameters.withdrawal_roles.value);
    const named = releases.find(({ artifacts }) => artifacts.some((one) => one.sha256 === sha256));
    return named === undefined ? null : `${named.withdrawn_by} (${named.role}) withdrew ${named.release} at ${named.withdrawn_at}: ${named.reason.replace(/[.\s]+$/, '')}. By the archive here (${named.record}).`;
  };
  const rosters = rosterExchange(home, now, word, archive);
  const keyPorts = { openpgp, local: createLocalKeys(join(home, 'keys'), now), now, archive, append, writeFiles, writeText, rosterProblem };
  const workflow: WorkflowPorts = {
    ...keyPorts, readActs, judge: word.judge, rosterInForce: word.inForceNow, openRepository, readText, seen,
    policyInForce: async (file) => readPolicy(file ?? (options.shell === 'cli' ? null : (await workspace.read()).settings.policyFile)),
  };

  const assessNow: DeploymentPorts['assess'] = async (draft, at, context) =>
    assessRelease(releasePorts, { ...draft, policyFile: draft.policyFile ?? (context.caller.shell === 'cli' ? null : (await workspace.read()).settings.policyFile) }, at, context);
  const deploying: DeploymentPorts = {
    ...workflow, archive, version: VERSION, assess: assessNow, baseName: basename, readBytes: readWhole, readDocument,
    readTarget: (path, limits, { signal, progress }) => readTarget(path, { limits, hasher, signal, progress: (item, done, total) => progress({ label: 'Hashing the target', item, done, total, unit: 'files' }) }),
  };

  const proofs = textSignatures('approve', 'release', 'admin');
  const seat = seatKeeper({ ...keyPorts, rosterInForce: word.inForceNow, origin: async () => (await archive()).origin, signersOf: (text, asc, inForce) => proofs(sha256Of(`${asc}${text}`), [asc], () => text, inForce, now()) });

  const handlers = {
    ...consoleHandlers({
      product: { version: VERSION, shell: options.shell, home, platform: platform(), node: process.version },
      archive, workspace, openpgp, gitVersion, browseFiles, now, heldRoster: roster.held, situation: (signal) => situationOf(workflow, null, null, signal),
    }),
    ...releaseHandlers(releasePorts),
    ...evidenceHandlers({
      readPolicy, listEvidence: list, openRepository, validateSbom, writeText,
      // A large library that nothing else needs: every command would wait for it.
      generateSbom: async (request) => (await import('../core/sbom/generate-sbom.ts')).generateSbom(request),
      writeManifest: (folder, request, { signal, progress }) =>
        writeManifest(folder, {
          ...request, hasher, signal,
          progress: (item: string, done: number, total: number) => progress({ label: 'Hashing', item, done, total, unit: 'files' }),
        }),
    }),
    ...signingHandlers({
      openpgp, archive, now, baseName: basename, certificates: keptCertificates(home), readCard,
      hasArchive: async () => archiveExists(home),
      readKeyring: readKeyringFile,
      releaseKeyring,
      signIntoFolder: (who, request) => signAs(who, request, { openpgp, hasher: signers, now }),
      verifyFile: (request) => verifyFile(openpgp, { ...request, at: now(), hash: (path) => hasher.hash(path, { signal: request.signal, onBytes: request.onBytes }).then(({ sha256 }) => sha256) }),
      hash: async (path) => (await hasher.hash(path)).sha256,
      sizeOf: (path) => stat(path).then(({ size }) => size, () => null),
      withdrawn: async (artifact, sha256, keys, signal) => {
        const beside = await withdrawnIn(dirname(resolve(artifact)), keys, now(), signal);
        return (beside === null ? null : withdrawnAs(beside, sha256)) ?? (await withdrawnHere(sha256));
      },
    }),
    ...keyHandlers(keyPorts),
    ...withdrawHandlers({ ...keyPorts, rosterInForce: word.inForceNow, readPolicy, seen, writeText, joined: join, judge: (id) => word.judge(id, now()) }),
    ...decisionHandlers({ ...keyPorts, rosterInForce: word.inForceNow, administratorsOf: word.administratorsOf, revokedKeys, readText, readSignatures: async (file) => Promise.all((await signaturesBeside(resolve(file))).map((path) => readText(path, 65_536))) }),
    ...statementHandlers({
      ...keyPorts, rosterInForce: word.inForceNow, openRepository, readPolicy, baseName: basename, seen,
      hash: async (path, signal) => (await hasher.hash(path, { signal })).sha256,
    }),
    ...approvalHandlers({ ...keyPorts, rosterInForce: word.inForceNow, seen, assess: assessNow }),
    ...planHandlers(workflow), ...deploymentHandlers(deploying), ...boardHandlers(workflow),
    ...metricsHandlers({ ...workflow, writeNew: async (folder, name, text) => ({ path: (await writeFiles(resolve(folder), [{ path: name, bytes: Buffer.from(text, 'utf8') }], false))[0]?.path ?? join(folder, name) }) }),
    ...cvssHandlers(),
    ...emergencyHandlers({ ...workflow, ...keptIn(archive) }),
    ...(options.drill ?? noDrills()),
    ...verbalHandlers(deploying),
    ...setAsideHandlers(workflow),
    ...takeInHandlers({ readActs, append, watchedFiles }),
    ...rollbackHandlers({
      ...deploying,
      artifactsIn: async (folder, { inForce: { policy }, roster: inForce, at }, context) => findArtifacts(folder, await list(folder, evidenceLimits(policy), context), policy.parameters.artifact_files.value, { verify: openpgp.verify, keys: releaseKeys(inForce), at: new Date(at) }, context.signal),
    }),
    ...doctorHandlers({
      ...examiner(home, gnupgFolder), gpgVersion: openpgp.version, gitVersion, readCard, confinementProblem, now,
      newestEntry: async () => (archiveExists(home) ? { time: (await (await archive()).list({ origin: null, event_type: null, release: null, offset: 0, limit: 1 })).entries[0]?.time ?? null } : null),
    }),
    ...verifyFolderHandlers({
      openpgp, now, certificates: keptCertificates(home), readKeyring: readKeyringFile, releaseKeyring, validateSbom, withdrawnIn, writeText, joined: join,
      openFolder: async (path) => ({ path: resolve(path), folder: await namedFolder(path), within: (inside) => readableFolder(join(resolve(path), inside)) }),
      hash: (path, signal) => hasher.hash(path, { signal }), sizeOf: (path) => stat(path).then(({ size }) => size, () => null),
      readSignedList: (path, keys, at, signal) => readSignedChecksums(path, { verify: openpgp.verify, keys, at }, signal),
    }),
    ...imageHandlers({
      openpgp, archive, now, baseName: basename, certificates: keptCertificates(home), readKeyring: readKeyringFile, releaseKeyring, revokedKeys, version: VERSION,
      openImage: (path, work) => openImage(path, { ...work, hasher }), signMessage, messageOf, readSignature: readSignatureMessage, writeSignature,
    }),
    ...rosterHandlers({
      ...keyPorts, readActs, rosterInForce: word.inForceNow, held: roster.held, kept: roster.kept, read: roster.read, lives: word.lives, adoptions: word.adoptions, baseName: basename,
      readDraft: async (file) => parseRoster(await readText(file, MAX_ROSTER_BYTES), file),
      adopt: async (file, digest, work) => {
        const taken = await roster.adopt(file, digest);
        await rosters.recordTaken(work);
        return taken;
      },
      adoptReceived: async (work) => {
        const refused = (await rosters.takeReceived(work)).findLast(({ outcome }) => outcome === 'refused');
        if (refused !== undefined) throw new AppError('not-permitted', refused.message, { hint: 'countersign roster show says what is held.' });
      },
      certificatesIn: async (file) => armoredCertificates(await readKeyringFile(file)),
      writeNew: async (path, text) => ({ path: (await writeFiles(dirname(resolve(path)), [{ path: basename(path), bytes: Buffer.from(text, 'utf8') }], false))[0]?.path ?? path }),
    }),
    ...seatHandlers(seat),
    ...storeHandlers({
      assess: assessNow, openPlace, openReadBack, append, seen, readText, now, joined: join, folderOf: dirname, hashOf: async (path, signal) => ((await lstat(path).catch(() => null))?.isFile() === true ? hasher.hash(path, { signal }) : null),
      bind: (folder, commit, from, { signal, progress }) => writeManifest(folder, { commit, run: from, hasher, signal, progress: (item, done, total) => progress({ label: 'Binding what was read back', item, done, total, unit: 'files' }) }),
      startedBy: async (caller) => (caller.shell === 'cli' ? null : (await seat.person())?.id) ?? userInfo().username.slice(0, 64),
    }),
    ...cardHandlers({ readCard, readFacts: readCardFacts, now, baseName: basename, hash: async (path) => (await hasher.hash(path)).sha256, archive, hasArchive: async () => archiveExists(home) }),
    ...explainHandlers({ readPolicy }),
    ...checkRunHandlers({
      openRepository, readPolicy, liesIn, heldRoster: roster.held, now,
      runner: createConfinedRunner({ hasher, secrets: () => [home, gnupgFolder()] }),
      output: (payload) => emit('command.output', payload),
      standingPolicy: async () => (await workspace.read()).settings.policyFile,
    }),
    ...witnessHandlers({ desk: async () => (await archive()).desk(), readText, writeText }),
    ...repairHandlers({ repair: async (from, work) => {
      (await opened?.catch(() => null))?.close();
      opened = null;
      return repairArchive({ home, from, keyring, ...(options.workers === undefined ? {} : { verifyWorker: options.workers.verify }) }, work);
    } }),
    ...attachmentHandlers({ ...keyPorts, rosterInForce: word.inForceNow, seen, policy: standingPolicy, desk: async () => (await archive()).attachments, localUser: () => userInfo().username.slice(0, 64) }),
    ...logKeyHandlers({ logKeyPlace: async () => logKeyPlace({ home, keyring }), moveLogKey: async (to) => moveLogKey({ home, keyring }, (await archive()).logKey, to) }),
    ...reconcileHandlers({ archive, consoles: word.consoles, readText }),
    ...composeHandlers({ archive, rosterInForce: word.inForceNow, judge: (id) => word.judge(id, now()), openRepository, readText, now }),
    ...proofHandlers({
      prove: async (id) => (await archive()).prove(id), witnessKeys: async () => (await (await archive()).desk()).book.keys(), writeFiles, readBytes: readWhole,
      hashIn: async (folder, name) => hasher.hash(join(folder, basename(name))).then(({ sha256 }) => sha256, () => null),
    }),
    ...exploreHandlers({ explorer: async () => (await archive()).explorer, prove: async (id) => (await archive()).prove(id) }),
    ...archiveHandlers({ archive, workspace, readText, linesOf, now, takeRosters: rosters.takeReceived }),
  };

  return {
    dispatch: beforeTheSeat(serve(handlers, emit, bugReporter(home)), seat),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    home,
    practice: practicePlace(home, async () => [await readPolicy(null), await readPolicy((await workspace.read()).settings.policyFile)]),
    remind: () => {
      reminders ??= watchReminders({
        ...keptIn(archive), append, every: repeatedly, now, situation: () => situationOf(workflow, null, null, new AbortController().signal), releases: async () => (await workspace.read()).releases,
        notify: (ended) => {
          emit('watch.ended', ended);
          options.notify?.(ended);
        },
      });
    },
    close: async () => {
      reminders?.stop();
      await Promise.all([hasher.close(), signers.close()]);
      (await opened?.catch(() => null))?.close();
    },
  };
}
