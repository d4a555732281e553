import { createHash } from 'node:crypto';
import { canonicalJson } from '../../src/core/archive/canonical-json.ts';
import type { Entry, EntryRef, GenesisRecord } from '../../src/core/model/archive.ts';
import type { Spoken } from '../../src/core/approval/spoken.ts';
import type { ReleasePlan } from '../../src/core/model/plan.ts';
import type { Signer } from '../../src/core/checks/check.ts';
import { actsOf, type Act, type ReadEntry } from '../../src/core/workflow/acts.ts';
import { deploymentRules, type DeploymentRules } from '../../src/core/workflow/deployment-rules.ts';
import { policy } from '../checks/facts.ts';

export const rules: DeploymentRules = deploymentRules(policy);

/** Who is who in these tests. */
const PEOPLE: Readonly<Record<string, readonly string[]>> = {
  otto: ['on-call'], sam: ['security-architect'], rita: ['release-manager'], rolf: ['release-manager'], dora: ['devops'], quinn: ['qa'], cleo: ['cto'], ines: ['ciso'], mia: ['release-manager', 'cto', 'ciso'], eve: [],
};

export const signerCalled = (id: string): Signer => ({ id, name: id, emails: [`${id}@example.com`], roles: new Set(PEOPLE[id]) });

export interface Written extends ReadEntry {
  readonly ref: (rel: string) => EntryRef;
}

/** Logs of several consoles, without their trees: entries with places, leaves and who signed them. */
export class Logs {
  readonly entries: Written[] = [];
  readonly #sizes = new Map<string, number>();
  time = '2026-01-12T12:00:00Z';

  write(record: GenesisRecord, { by = [], refs = [], origin = 'a.example', time = this.time, forked = false, spoken = null }: { by?: readonly string[]; refs?: readonly EntryRef[]; origin?: string; time?: string; forked?: boolean; spoken?: Spoken | null } = {}): Written {
    const seq = this.#sizes.get(origin) ?? 0;
    this.#sizes.set(origin, seq + 1);
    const entry: Entry = { v: 1, origin, seq, time, boot: 'boot', record, refs: [...refs], attachments: [], signatures: [] };
    const leaf = createHash('sha256').update(canonicalJson(entry)).digest('hex');
    const written: Written = { id: `${origin}#${seq}`, entry, leaf, by: by.map(signerCalled), forked, spoken, ref: (rel) => ({ rel, origin, seq, leaf }) };
    this.entries.push(written);
    return written;
  }

  acts(entries: readonly ReadEntry[] = this.entries): Act[] {
    return actsOf(entries);
  }
}

/** Open every night from 22:00 to 02:00 in Berlin. */
export const CALENDAR = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', 'BEGIN:VEVENT', 'UID:1', 'DTSTAMP:20260101T000000Z', 'SUMMARY:Maintenance window', 'DTSTART;TZID=Europe/Berlin:20260101T220000', 'DURATION:PT4H', 'RRULE:FREQ=DAILY', 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');

export const planOf = (more: Partial<ReleasePlan> = {}): ReleasePlan => ({
  release: 'v1.1.0', previous: 'v1.0.0', scope: { features: ['Prices'], fixes: [], security: [] }, timeline: [], method: 'canary', rollback_plan: 'Back to v1.0.0', security_impact: '', calendar: CALENDAR, ...more,
});
