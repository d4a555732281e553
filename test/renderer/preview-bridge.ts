import { folderVerification } from './preview-folder.ts';
import { setTimeout as later } from 'node:timers/promises';
import type { SigningKey } from '../../src/core/contract/contract.ts';
import type { CallContext, Handlers, Progress } from '../../src/core/contract/serve.ts';
import type { Output } from '../../src/core/contract/types.ts';
import { AppError } from '../../src/core/model/errors.ts';
import { attachmentsOf, forksIn, listEntries, logsOf, pathOf, searchEntries, showEntry, timelineIn } from './preview-archive.ts';
import { cvssHandlers } from '../../src/core/service/cvss-handlers.ts';
import { deploymentAnswers } from './preview-deployment.ts';
import { drillAnswers } from './preview-drill.ts';
import { emergencyAnswers } from './preview-emergency.ts';
import { heldRosterOf, peopleAnswers } from './preview-people.ts';
import { planAnswers } from './preview-plan.ts';
import { assessmentOf, commitId, digest, minutesBefore, NOW, savedReleases } from './preview-releases.ts';

/** `rich` has everything; `first` is a machine on which nothing was done yet; `broken` fails in every expected way. */
export type Scenario = 'rich' | 'first' | 'broken';

const ENTRIES = Number(process.env['PREVIEW_ENTRIES'] ?? 3_000);
const PRINT = '0F1E2D3C4B5A69788D1B2C3E4F5A6B7C8D9E0F1A';

const KEYS: SigningKey[] = [
  { fingerprint: PRINT, signing: PRINT, users: ['Release Signing Key <release@ghostquant.example>'], algorithm: 'ed25519', created: minutesBefore(60 * 24 * 200), expires: '2026-04-20T00:00:00Z', onCard: null, unusable: null },
  { fingerprint: 'A'.repeat(40), signing: 'A'.repeat(40), users: ['王小明 (card) <xiaoming@ghostquant.example>'], algorithm: 'rsa4096', created: minutesBefore(60 * 24 * 90), expires: null, onCard: 'D2760001240103040006123456780000', unusable: null },
  { fingerprint: 'B'.repeat(40), signing: null, users: ['Release Signing Key 2024 <release@ghostquant.example>'], algorithm: 'rsa3072', created: '2024-01-01T00:00:00Z', expires: '2025-01-01T00:00:00Z', onCard: null, unusable: 'expired' },
  { fingerprint: 'C'.repeat(40), signing: null, users: ['Encryption only <mail@ghostquant.example>'], algorithm: 'cv25519', created: '2025-01-01T00:00:00Z', expires: null, onCard: null, unusable: 'cannot-sign' },
];

/** Walks from nothing to all, at a pace that a person can see, and stops when it is cancelled. */
const ROTATIONS: Output<'keys.list'>['rotations'] = [
  { fingerprint: PRINT, due: '2026-04-20T00:00:00Z', daysLeft: 48, state: 'soon' },
  { fingerprint: 'A'.repeat(40), due: '2026-12-02T00:00:00Z', daysLeft: 275, state: 'later' },
];
const LOCAL: Output<'keys.list'>['local'] = [{
  fingerprint: 'E'.repeat(40), signing: 'E'.repeat(40), users: ['Night Shift <night@ghostquant.example>'], algorithm: 'Ed25519', created: '2025-02-01T00:00:00Z', expires: null,
  file: '/root/.countersign/keys/EEEEEEEEEEEEEEEE.asc', unusable: null, rotation: { due: '2026-02-01T00:00:00Z', daysLeft: -30, state: 'overdue' },
}];
const CARD: NonNullable<Output<'cards.status'>['card']> = {
  reader: 'Reader 00 00', id: 'D2760001240103040006123456780000', manufacturer: 'Yubico', serial: '12345678', version: '3.4', holder: '王小明', login: null, url: null,
  keys: { sign: 'A'.repeat(40), encrypt: null, authenticate: null }, algorithm: 'RSA-4096', tries: { user: 2, reset: 0, admin: 3 }, signatures: 412, touch: 'on', pinEachTime: true,
};
const CARD_STATUS: Output<'cards.status'> = {
  state: 'ready', message: 'The card is ready to sign. 2 PIN tries are left.', hint: null, parts: { gpg: 'found', agent: 'found', scdaemon: 'found', pcscd: 'found' }, readers: ['Reader 00 00'],
  card: CARD,
};

async function walk({ signal, progress }: CallContext, step: Omit<Progress, 'done' | 'item'>, items: readonly string[], pace: number): Promise<void> {
  const total = step.total ?? 1;
  for (let part = 1; part <= 20; part += 1) {
    signal.throwIfAborted();
    progress({ ...step, item: items[Math.floor(((part - 1) / 20) * items.length)] ?? null, done: Math.round((total * part) / 20) });
    await later(pace, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

function homeOf(scenario: Scenario): Output<'home.read'> {
  if (scenario === 'first') return { items: [], releases: [] };
  return {
    releases: savedReleases(),
    items: [
      { kind: 'key-expires', title: `The key 0x${PRINT.slice(-16)} expires 2026-04-20`, detail: 'Release Signing Key <release@ghostquant.example>: extend it or make its successor, then export the new public key.', due: '2026-04-20T00:00:00Z', route: null, roles: [], people: [] },
      { kind: 'fork', title: 'The log countersign.invalid/on-call was rewritten', detail: 'Nothing of it was merged; the evidence is kept.', due: null, route: '#/archive', roles: [], people: [] },
      { kind: 'gate-closed', title: 'v1.1.0: the gate is closed', detail: '22 lines lack evidence or failed, 9 ask a person, and no roster is in force.', due: null, route: '#/release/v1.1.0/checklist', roles: [], people: [] },
      { kind: 'unsynced', title: '3 entries are only on this machine', detail: 'Sync the archive, so that others hold them too.', due: null, route: '#/archive', roles: [], people: [] },
    ],
  };
}

function folderOf(path: string | null): Output<'files.browse'> {
  const here = path ?? '/srv/repositories';
  const names = ['ghostquant', 'outputs', 'übersetzungen', 'a folder with a name that is long enough to need an ellipsis somewhere near its end', 'архив'];
  return {
    path: here, parent: here === '/' ? null : here.slice(0, here.lastIndexOf('/')) || '/', truncated: false,
    places: [{ name: 'Home', path: '/root' }, { name: 'Computer', path: '/' }, { name: 'STICK', path: '/media/STICK' }],
    entries: [
      ...names.map((name) => ({ name, path: `${here}/${name}`, folder: true, size: null, repository: name === 'ghostquant' })),
      { name: 'records.jsonl', path: `${here}/records.jsonl`, folder: false, size: 48_113, repository: false },
      { name: 'ghostquant-v1.1.0.tar.gz', path: `${here}/ghostquant-v1.1.0.tar.gz`, folder: false, size: 38_797_312, repository: false },
    ],
  };
}

function verificationOf(artifact: string): Output<'signing.verify'> {
  const bad = artifact.includes('whl');
  return {
    verdict: bad ? 'bad' : 'good', when_made: bad ? 'bad' : 'good', today: bad ? 'bad' : 'good',
    signer: { fingerprint: PRINT, user: 'Release Signing Key <release@ghostquant.example>' }, covered_bytes_sha256: digest(artifact),
    signatures: [{ fingerprint: PRINT, primary: PRINT, user: 'Release Signing Key <release@ghostquant.example>', algorithm: 'EdDSA', hash: 'SHA512', created: minutesBefore(2), status: bad ? 'bad' : 'good', why: bad ? 'it is not over these bytes' : null }],
    problems: bad ? [{ code: 'signature-bad', message: 'The signature is of other bytes than these.' }] : [],
  };
}

/** Answers every call of the contract without a disk, git or gpg behind it. */
export function previewHandlers(scenario: Scenario, pace = 60): Omit<Handlers, 'task.cancel'> {
  const entries = scenario === 'first' ? 0 : ENTRIES;
  let settings: Output<'settings.read'> = { appearance: 'system', density: 'comfortable', policyFile: null, archives: scenario === 'first' ? [] : ['/media/STICK/archive'], idleMinutes: 10 };
  const saved = scenario === 'first' ? [] : savedReleases();
  const refuse = (): void => {
    if (scenario === 'broken') throw new AppError('storage-failed', 'The archive cannot be opened: the disk is full.', { hint: 'Free some space in the data folder, then try again.', details: { path: '/root/.countersign/archive.db' } });
  };
  return {
    'console.status': async () => ({
      product: 'Countersign', version: '0.1.0', shell: 'test', home: '/root/.countersign', platform: 'linux', node: 'v24.21.0', origin: 'countersign.invalid/console-7f3a', vkey: 'countersign.invalid/console-7f3a+1f2e3d4c+AbCdEf0123456789AbCdEf0123456789AbCdEf01234=',
      archive: { entries, logs: entries === 0 ? 1 : 3, forks: entries === 0 ? 0 : 1, lastVerified: entries === 0 ? null : minutesBefore(60 * 27), lastSynced: entries === 0 ? null : minutesBefore(4), unsynced: entries === 0 ? 0 : 3 },
      gpg: scenario === 'broken' ? { version: null, problem: 'gpg was not found.' } : { version: '2.2.40', problem: null }, git: { version: '2.39.5', problem: null }, roster: heldRosterOf(scenario),
    }),
    'cards.status': async () => (scenario === 'rich' ? CARD_STATUS : { ...CARD_STATUS, state: 'no-card', message: 'No card is in the reader, or another program holds it.', hint: 'Insert a card.', card: null }),
    'cards.enrol': async () => ({ record: 'countersign.invalid/console-7f3a#2978', card: CARD, facts: { keyOrigin: 'generated', firmware: '5.7.1' }, warnings: ['Enrol a spare as well, and keep it sealed elsewhere.'] }),
    'cards.setAside': async ({ fingerprint }) => ({ record: 'countersign.invalid/console-7f3a#2979', fingerprint, by: ['Olga Operations'], setAside: false }),
    'cards.counter': async () => ({ last: { signatures: 410, at: '2026-02-20T10:00:00Z', record: 'countersign.invalid/console-7f3a#2801' } }),
    'home.read': async () => { refuse(); return homeOf(scenario); },
    'settings.read': async () => settings,
    'settings.write': async (change) => (settings = { ...settings, ...(Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<typeof settings>) }),
    'files.browse': async ({ path }) => {
      if (path !== null && /missing|\.\w+$/.test(path)) throw new AppError('not-found', `There is no folder ${path}.`, { hint: 'Choose one that is there.', details: { path } });
      return folderOf(path);
    },
    'repository.inspect': async ({ repo }) => {
      if (!repo.includes('ghostquant')) throw new AppError('not-a-repository', `${repo} is not a git repository.`, { hint: 'Choose the folder that holds .git, or a bare repository.', details: { path: repo } });
      return { path: repo, branch: 'main', head: commitId('v1.1.0/head'), bare: false, shallow: false, suggestedVersion: 'v1.1.0', suggestedOutputs: ['/srv/build/outputs'], tags: ['v1.0.4', 'v1.0.3', 'v1.0.2', 'v1.0.0'].map((name) => ({ name, commit: commitId(name) })) };
    },
    'release.list': async () => { refuse(); return { releases: saved }; },
    'release.save': async ({ id, draft }) => {
      const known = saved.find((release) => release.id === (id ?? draft.version));
      const release = { id: known?.id ?? draft.version, draft, savedAt: NOW, last: known?.last ?? null };
      saved.splice(0, saved.length, release, ...saved.filter((other) => other.id !== release.id));
      return release;
    },
    'release.forget': async ({ id }) => { saved.splice(0, saved.length, ...saved.filter((release) => release.id !== id)); return {}; },
    'release.evaluate': async ({ draft, at, against }, context) => {
      await walk(context, { label: 'Reading the outputs', total: 8, unit: 'files' }, ['junit/unit.xml', 'bandit-report.json'], pace / 4);
      if (draft.version === 'v0.9.0') throw new AppError('not-a-repository', `${draft.repo} is not a git repository.`, { hint: 'Choose the folder that holds .git, or a bare repository.', details: { path: draft.repo } });
      if (against == null) return assessmentOf(draft, at ?? NOW);
      const lines = [{ id: 'unit-tests', was: 'failed', is: 'passed', otherEvidence: true }, { id: 'release-notes', was: 'passed', is: 'failed', otherEvidence: false }, { id: 'artifacts-stored', was: null, is: 'missing', otherEvidence: false }];
      return { ...assessmentOf(draft, at ?? NOW), difference: { run: against.run, runAt: NOW, policyDigest: digest('policy'), samePolicy: against.policy === 'then', evaluator: '0.1.0', sameEvaluator: true, lines: against.policy === 'then' ? [] : lines } };
    },
    'evidence.list': async () => ({ files: [] }),
    'evidence.writeManifest': async ({ directory, commit, run }) => ({ path: `${directory}/evidence-manifest.json`, manifest: { v: 1, commit, run, files: [] } }),
    'policy.explain': async ({ check }) => ({
      policy: { id: 'GQ-SSDLC-008', title: 'Secure Release Management', version: '1.0', file: 'gq-ssdlc-008.yaml (built in)' },
      lines: [{
        id: check ?? 'unit-tests', section: '3.2', sectionTitle: 'Testing', words: 'All unit tests passed (minimum 80% coverage)', applies: 'Every release', judgedBy: 'machine', roles: [], question: null,
        green: 'At least one unit test of this commit ran and none failed, and coverage reaches the minimum.',
        accepts: [{ what: 'A JUnit report of this commit with unit tests', kinds: ['junit'], make: ['npx vitest run test/unit --reporter=junit --outputFile=outputs/unit.xml'], samples: [{ kind: 'junit', name: 'junit.xml', text: '<testsuites tests="1">\n  <testsuite name="test/unit/price.test.js" tests="1"/>\n</testsuites>\n' }] }],
        rules: [{ name: 'coverage_minimum_percent', value: ['80'], source: '§3.2', meaning: 'The smallest share of code that unit tests may cover.' }], commands: [], errata: [],
      }],
    }),
    'command.list': async () => ({
      commit: commitId('v1.1.0/head'), policy: { file: 'gq-ssdlc-008.yaml (built in)', digest: digest('policy') }, authority: 'unproved', refusal: null,
      commands: [{ check: 'unit-tests', name: 'node', run: 'node --test', folder: '.', prepare: null, caches: [], writes: ['junit.xml'], seconds: 900, outputBytes: 8_388_608 }],
    }),
    'command.run': async ({ check, name, out }, context) => {
      await walk(context, { label: 'Running: node --test', total: 120, unit: 'bytes' }, ['ok 1'], pace);
      return {
        check, name, run: 'node --test', commit: commitId('v1.1.0/head'), authority: 'unproved', folder: `${out}/${check}-${name}`, end: 'exited', exitCode: 0, seconds: 3.2,
        outputSha256: digest('output'), outputBytes: 120, toolVersion: 'v24.21.0', files: [{ path: 'files/junit.xml', sha256: digest('junit'), size: 900 }], bound: true, notes: [],
      };
    },
    'sbom.generate': async ({ out }) => ({ path: out, sha256: digest(out), components: 412, sources: ['package-lock.json'], skipped: [] }),
    ...peopleAnswers(scenario),
    ...cvssHandlers(),
    ...emergencyAnswers(scenario),
    ...drillAnswers(scenario),
    ...planAnswers(),
    ...deploymentAnswers(scenario),
    'image.sign': async () => Promise.reject(new Error('nothing is signed in a preview')),
    'release.verifyFolder': async ({ folder }) => folderVerification(folder, folder.includes('many') ? 3_000 : 4),
    'console.diagnose': async () => ({ healthy: true, checks: [{ id: 'gpg', state: 'ok', message: 'gpg 2.2.40.', remedy: null }, { id: 'pcscd', state: 'warning', message: 'The smart card service does not run.', remedy: 'systemctl start pcscd' }, { id: 'gnupg-folder', state: 'problem', message: 'Others can read /root/.gnupg.', remedy: 'chmod 700 /root/.gnupg' }, { id: 'confinement', state: 'not-needed', message: 'No command of the policy runs here.', remedy: null }] }),
    'image.verify': async () => Promise.reject(new Error('nothing is verified in a preview')),
    'keys.create': async () => Promise.reject(new Error('no key is touched in a preview')),
    'keys.import': async () => Promise.reject(new Error('no key is touched in a preview')),
    'keys.export': async () => Promise.reject(new Error('no key is touched in a preview')),
    'keys.passwd': async () => Promise.reject(new Error('no key is touched in a preview')),
    'keys.revoke': async () => Promise.reject(new Error('no key is touched in a preview')),
    'keys.rotate': async () => Promise.reject(new Error('no key is touched in a preview')),
    'keys.proposeRevocation': async () => Promise.reject(new Error('no key is touched in a preview')),
    'keys.recordRevocation': async () => Promise.reject(new Error('no key is touched in a preview')),
    'archive.prove': async ({ id, out }) => ({ id, leaf: digest('leaf'), size: entries, vkey: 'countersign.invalid/console-7f3a+1f2e3d4c+AbCdEf0123456789AbCdEf0123456789AbCdEf01234=', proof: '', entry: '{}', witnesses: [], written: [`${out ?? ''}/console-7f3a-2999.tlog-proof`, `${out ?? ''}/console-7f3a-2999.entry.json`], left: [] }),
    'archive.checkProof': async () => Promise.reject(new Error('no file is read in a preview')),
    'archive.compose': async () => Promise.reject(new Error('nothing is recorded in a preview')),
    'archive.repair': async () => Promise.reject(new Error('nothing is repaired in a preview')),
    'archive.attachments': async ({ id }) => ({ attachments: attachmentsOf(entries, id) }),
    'archive.attachment': async ({ out }) => ({ path: out, name: 'report.json', size: 48_113, sha256: digest('report'), fetched: false }),
    'archive.withhold': async () => Promise.reject(new Error('nothing is recorded in a preview')),
    'archive.hold': async () => Promise.reject(new Error('nothing is recorded in a preview')),
    'archive.retention': async () => ({ at: NOW, classes: [], attachments: [], holds: [] }),
    'archive.key': async () => ({ where: 'file', place: '/root/.countersign/log.key', said: 'In a file that only its owner can read.' }),
    'archive.moveKey': async () => Promise.reject(new Error('nothing is moved in a preview')),
    'archive.reconcile': async () => Promise.reject(new Error('no file is read in a preview')),
    'witness.request': async () => Promise.reject(new Error('nothing is written in a preview')),
    'witness.respond': async () => Promise.reject(new Error('nothing is written in a preview')),
    'witness.accept': async () => Promise.reject(new Error('nothing is written in a preview')),
    'keys.publish': async () => Promise.reject(new Error('no key is touched in a preview')),
    'keys.list': async () => (scenario === 'rich' ? { keys: KEYS, problem: null, rotations: ROTATIONS, local: LOCAL } : { keys: [], rotations: [], local: [], problem: scenario === 'broken' ? 'gpg was not found.' : null }),
    'signing.sign': async ({ files, out, key }, context) => {
      await walk(context, { label: 'Signing', total: files.length * 412_000_000, unit: 'bytes' }, files.map((file) => file.split('/').at(-1) ?? file), pace);
      const artifacts = files.map((file) => ({ name: file.split('/').at(-1) ?? file, sha256: digest(file), size: 38_797_312 }));
      return {
        key: KEYS.find(({ fingerprint }) => fingerprint.endsWith(key ?? PRINT))?.fingerprint ?? PRINT, artifacts, record: 'countersign.invalid/console-7f3a#2976',
        written: [...artifacts.flatMap(({ name }) => [`${name}.asc`, `${name}.sha256`]), 'SHA256SUMS', 'SHA256SUMS.asc'].map((name) => ({ path: `${out}/${name}`, sha256: digest(name) })),
        commands: [`cd '${out}'`, 'gpg --verify SHA256SUMS.asc SHA256SUMS', 'sha256sum -c SHA256SUMS', ...artifacts.map(({ name }) => `gpg --verify '${name}.asc' '${name}'`)],
      };
    },
    'signing.verify': async ({ artifact }, context) => {
      await walk(context, { label: 'Verifying', total: 38_797_312, unit: 'bytes' }, [artifact.split('/').at(-1) ?? artifact], pace / 4);
      return verificationOf(artifact);
    },
    'archive.logs': async () => { refuse(); return { logs: logsOf(entries) }; },
    'archive.list': async (query) => { refuse(); return listEntries(entries, query); },
    'archive.show': async ({ id }) => {
      const shown = showEntry(entries, id);
      if (shown === null) throw new AppError('not-found', `The archive has no entry ${id}.`);
      return shown;
    },
    'archive.search': async (query) => { refuse(); return searchEntries(entries, query); },
    'archive.timeline': async (query) => { refuse(); return timelineIn(entries, query); },
    'archive.forks': async () => forksIn(entries),
    'archive.path': async ({ id }) => {
      const path = pathOf(entries, id);
      if (path === null) throw new AppError('not-found', `This archive has no entry ${id}.`);
      return path;
    },
    'archive.append': async () => ({ count: 0, warned: 0, appended: [] }),
    'archive.record': async ({ event }) => ({ id: 'countersign.invalid/console-7f3a#2977', origin: 'countersign.invalid/console-7f3a', seq: 2977, leaf: digest('new'), event_type: event, warnings: [] }),
    'archive.verify': async (_query, context) => {
      await walk(context, { label: 'Verifying', total: entries, unit: 'entries' }, ['countersign.invalid/console-7f3a'], pace);
      return {
        verdict: 'bad', entries, logs: logsOf(entries).map(({ origin, size, root, state }) => ({ origin, size, root, verdict: state === 'good' ? 'good' as const : 'bad' as const })),
        problems: [{ code: 'fork-detected', message: 'Two checkpoints of size 14 have different roots.', place: 'countersign.invalid/on-call' }],
      };
    },
    'archive.export': async ({ out }, context) => {
      await walk(context, { label: 'Exporting', total: entries, unit: 'entries' }, ['tile/entries/011'], pace);
      return { path: out, logs: 3, entries, files: 41 };
    },
    'sync.run': async ({ url }, context) => {
      await walk(context, { label: 'Syncing', total: 27, unit: 'entries' }, ['checkpoint'], pace);
      return {
        url, pushed: [{ origin: 'countersign.invalid/console-7f3a', entries: 3 }], pulled: [{ origin: 'countersign.invalid/ciso-desk', entries: 24 }],
        problems: [{ origin: 'countersign.invalid/on-call', code: 'fork-detected', message: 'Its history was rewritten; nothing of it was merged.' }],
        attachments: { pulled: 3, pulledBytes: 18_400_000, pushed: 1, pushedBytes: 2_048, erased: 0, neverHad: 1 },
      };
    },
  };
}
