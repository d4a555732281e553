import type { EntrySummary, LogState } from '../../src/core/contract/contract.ts';
import type { Output } from '../../src/core/contract/types.ts';
import { canonicalJson } from '../../src/core/archive/canonical-json.ts';
import { proofPath } from '../../src/core/archive/proof-path.ts';
import { inclusionProof } from '../../src/core/archive/proofs.ts';
import { parseSearch, printSearch } from '../../src/core/archive/search-query.ts';
import { periodOf, timelineOf } from '../../src/core/archive/timeline.ts';
import { rootAt } from '../../src/core/archive/tree.ts';
import { readerOf } from '../../src/core/sync/fork-proof.ts';
import { commitId, digest, minutesBefore } from './preview-releases.ts';

const OWN = 'countersign.invalid/console-7f3a';
const OTHER = 'countersign.invalid/ciso-desk';
const TYPES = ['checklist_run', 'signing', 'checklist_run', 'release', 'deployment', 'sbom', 'rollback', 'approval', 'key_rotation'] as const;
const WORDS: Readonly<Record<string, string>> = {
  checklist_run: 'The gate is closed: 7 passed, 3 failed, 18 missing', signing: 'Signed 3 files with 0x8D1B2C3E4F5A6B7C',
  release: 'Released to production by Jörg Weiß', deployment: 'Deployed to production, blue-green', sbom: 'Bill of materials with 412 components',
  rollback: 'Rolled back to v1.0.4: order acknowledgements were doubled', approval: 'Approved by 王小明', key_rotation: 'Release key rotated',
};

export function logsOf(entries: number): LogState[] {
  if (entries === 0) return [{ origin: OWN, own: true, size: 0, root: digest('empty'), vkey: `${OWN}+1f2e3d4c+AbCdEf0123456789AbCdEf0123456789AbCdEf01234=`, checkpointTime: null, state: 'good', problem: null, witnesses: [] }];
  return [
    { origin: OWN, own: true, size: Math.max(1, entries - 24), root: digest('own'), vkey: `${OWN}+1f2e3d4c+AbCdEf0123456789AbCdEf0123456789AbCdEf01234=`, checkpointTime: minutesBefore(4), state: 'good', problem: null, witnesses: [{ witness: OTHER, person: 'ines', size: Math.max(1, entries - 30), time: minutesBefore(190) }] },
    { origin: OTHER, own: false, size: 24, root: digest('other'), vkey: `${OTHER}+aa11bb22+AbCdEf0123456789AbCdEf0123456789AbCdEf01234=`, checkpointTime: minutesBefore(190), state: 'good', problem: null, witnesses: [{ witness: OWN, person: 'alan', size: 24, time: minutesBefore(190) }] },
    { origin: 'countersign.invalid/on-call', own: false, size: 12, root: digest('fork'), vkey: 'countersign.invalid/on-call+99887766+AbCdEf0123456789AbCdEf0123456789AbCdEf01234=', checkpointTime: minutesBefore(60 * 30), state: 'quarantined',
      problem: 'Its checkpoint of size 14 has another root than the one that this console saw at the same size. Nothing of it was merged.', witnesses: [] },
  ];
}

export function entryAt(total: number, position: number): EntrySummary {
  const seq = total - 1 - position;
  const event_type = position === 3 ? 'coffee_break' : TYPES[position % TYPES.length] ?? 'release';
  const origin = position % 40 === 7 ? OTHER : OWN;
  return {
    id: `${origin}#${seq}`, origin, seq, leaf: digest(`leaf${seq}`), time: minutesBefore(4 + position * 97), event_type,
    release: position % 5 === 4 ? null : position % 2 === 0 ? 'v1.1.0' : 'v2.0.0-rc.1',
    summary: WORDS[event_type] ?? 'coffee_break: a kind of record that this console does not know', imported: position % 6 === 3,
    person: event_type === 'approval' ? 'not-proven' : 'not-needed', witnessed: position < 6 ? 'unseen' : position < 9 ? 'seen' : 'witnessed',
  };
}

export function listEntries(total: number, query: { origin: string | null; event_type: string | null; release: string | null; offset: number; limit: number }): Output<'archive.list'> {
  const all = everyEntry(total).filter((entry) =>
    (query.origin === null || entry.origin === query.origin) && (query.event_type === null || entry.event_type === query.event_type) && (query.release === null || entry.release === query.release));
  return { total: all.length, entries: all.slice(query.offset, query.offset + query.limit) };
}

function everyEntry(total: number): EntrySummary[] {
  return Array.from({ length: total }, (_, position) => entryAt(total, position));
}

/** As the archive would, of what a summary shows. */
export function searchEntries(total: number, { query: typed, offset, limit }: { query: string; offset: number; limit: number }): Output<'archive.search'> {
  const query = parseSearch(typed);
  const { from, before } = periodOf(query);
  const all = everyEntry(total).filter((entry) => {
    const hour = Date.parse(entry.time) / 3_600_000;
    if ((from !== null && hour < from) || (before !== null && hour >= before)) return false;
    return query.every(({ field, value, negated }) => {
      const holds = { type: entry.event_type === value, version: (entry.release ?? '').slice(1).startsWith(value), origin: entry.origin === value, is: value === 'imported' ? entry.imported : value === 'unproven' ? entry.person === 'not-proven' : entry.witnessed !== 'witnessed' };
      return field === null ? `${entry.event_type} ${entry.summary}`.toLowerCase().includes(value.toLowerCase()) !== negated : field in holds ? holds[field as keyof typeof holds] !== negated : true;
    });
  });
  return { query: printSearch(query), total: all.length, exact: true, entries: all.slice(offset, offset + limit) };
}

export function timelineIn(total: number, { query, bins }: { query: string; bins: number }): Output<'archive.timeline'> {
  const logs = logsOf(total);
  const hours = everyEntry(total).map(({ time, origin, event_type: type }) => ({ hour: Math.floor(Date.parse(time) / 3_600_000), log: logs.findIndex((log) => log.origin === origin), type, entries: 1 }));
  return timelineOf(hours, new Map(logs.map(({ origin, own, state }, at) => [at, { origin, own, state }])), bins, periodOf(parseSearch(query)));
}

/** In a tree of made-up leaves, so that the path holds. */
export function pathOf(total: number, id: string): Output<'archive.path'> | null {
  const index = Number(id.slice(id.lastIndexOf('#') + 1));
  if (!Number.isInteger(index) || index < 0 || index >= total) return null;
  const leaves = Array.from({ length: total }, (_, at) => Buffer.from(digest(`leaf${at}`), 'hex'));
  const read = readerOf(leaves);
  const steps = proofPath({ leaf: leaves[index] as Buffer, index, size: total, hashes: inclusionProof(index, total, read) });
  const root = rootAt(total, read);
  const { origin } = entryAt(total, total - 1 - index);
  const checkpoint = `${origin}\n${total}\n${root.toString('base64')}\n\n— ${origin} Hy4tPAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n`;
  return {
    id, origin, index, size: total, leaf: digest(`leaf${index}`), root: root.toString('hex'), vkey: `${origin}+1f2e3d4c+AbCdEf0123456789AbCdEf0123456789AbCdEf01234=`, holds: true,
    steps: steps.map(({ sibling, parent, ...place }) => ({ ...place, sibling: sibling.toString('hex'), parent: parent.toString('hex') })),
    checkpoint, proof: `c2sp.org/tlog-proof@v1\nindex ${index}\n${steps.map(({ sibling }) => `${sibling.toString('base64')}\n`).join('')}\n${checkpoint}`,
    witnesses: [{ witness: OTHER, person: 'ines', size: total, time: minutesBefore(190) }, { witness: 'auditor.invalid/witness', person: null, size: total, time: minutesBefore(60) }],
  };
}

export function forksIn(total: number): Output<'archive.forks'> {
  if (total === 0) return { forks: [] };
  const origin = 'countersign.invalid/on-call';
  const head = (root: string): string => `${origin}\n14\n${Buffer.from(digest(root), 'hex').toString('base64')}\n\n— ${origin} mYh3ZgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n`;
  return { forks: [{ origin, found: minutesBefore(60 * 30), source: '/media/STICK/archive', seq: 11, seen: head('seen'), other: head('other'), proof: { size: 14, root: Buffer.from(digest('seen'), 'hex').toString('base64'), consistency: [] } }] };
}

export function showEntry(total: number, id: string): Output<'archive.show'> | null {
  const seq = Number(id.slice(id.lastIndexOf('#') + 1));
  if (!Number.isInteger(seq) || seq < 0 || seq >= total) return null;
  const summary = entryAt(total, total - 1 - seq);
  const entry: Output<'archive.show'>['entry'] = {
    v: 1, origin: summary.origin, seq, time: summary.time, boot: 'c0ffee00-1111-2222-3333-444455556666',
    record: {
      event_type: summary.event_type, release_version: summary.release ?? 'none', release_commit: commitId('v1.1.0/head'), gate: 'closed',
      verdicts: { 'code-reviewed': 'failed', 'unit-tests': 'passed', 'sast-scans': 'failed' }, release_notes: 'Не размечать: <script>alert("no markup")</script> & “quotes”', subject_digest: digest('subject'),
      ...(summary.imported ? { imported: true } : {}),
    },
    refs: seq === 0 ? [] : [{ rel: 'follows', origin: summary.origin, seq: seq - 1, leaf: digest(`leaf${seq - 1}`) }],
    attachments: [{ name: 'report.json', size: 48_113, sha256: digest('report') }], signatures: [],
  };
  return { id, leaf: summary.leaf, entry, canonical: canonicalJson(entry), person: summary.person, witnessed: summary.witnessed, witnessesNeeded: 1, notBefore: null, referredBy: seq + 1 < total ? [{ rel: 'follows', id: `${summary.origin}#${seq + 1}` }] : [],
    ...(summary.witnessed === 'unseen' ? { seenBy: [], notAfter: null } : { seenBy: [{ witness: OTHER, person: summary.witnessed === 'seen' ? null : 'ines', size: total - 20, time: minutesBefore(190) }], notAfter: summary.witnessed === 'seen' ? null : minutesBefore(190) }),
    warnings: summary.event_type === 'coffee_break' ? ['The event type coffee_break is not known to this console.'] : [] };
}

/** Each state in turn, with the place of the entry. */
export function attachmentsOf(total: number, id: string): Output<'archive.attachments'>['attachments'] {
  const shown = showEntry(total, id);
  if (shown === null) return [];
  const withheld = { id: `${OTHER}#21`, by: 'ines', at: minutesBefore(500), reason: 'It holds the addresses of customers.', class: 'personal-data' };
  const states: readonly Pick<Output<'archive.attachments'>['attachments'][number], 'state' | 'said' | 'withheld' | 'holds'>[] = [
    { state: 'here', said: 'Its bytes are here.', withheld: null, holds: [] },
    { state: 'here', said: 'Its bytes are here. It is under the legal hold "case-2026-17".', withheld: null, holds: ['case-2026-17'] },
    { state: 'missing', said: 'Bytes missing: they were never received.', withheld: null, holds: [] },
    { state: 'withheld', said: `Withheld by ines (${OTHER}#21): It holds the addresses of customers. Its digest stays.`, withheld, holds: [] },
    { state: 'never-had', said: 'Never had: it is larger than the 268435456 bytes that the policy takes in.', withheld: null, holds: [] },
  ];
  const state = states[(shown.entry.seq + 2) % states.length];
  return state === undefined ? [] : shown.entry.attachments.map((one) => ({ ...one, ...state }));
}
