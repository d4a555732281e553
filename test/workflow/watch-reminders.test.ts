import { beforeEach, describe, expect, test } from 'vitest';
import { watchReminders, type WatchEnded } from '../../src/core/service/watch-reminders.ts';
import { policy } from '../checks/facts.ts';
import { Logs, rules } from './acts.ts';

const V = 'v1.1.0';
const DUE = '2026-01-13T12:00:00Z';

/** A desk with a clock that only a test moves: a look is what a timer would do. */
class Desk {
  readonly logs = new Logs();
  readonly told: WatchEnded[] = [];
  time = '2026-01-12T13:00:00Z';
  read = 0;
  broken = false;
  #looks: (() => void)[] = [];
  #reminders: ReturnType<typeof watchReminders> | null = null;

  open(): this {
    this.#looks = [];
    this.#reminders = watchReminders({
      every: (_milliseconds, work) => {
        this.#looks.push(work);
        return () => (this.#looks = this.#looks.filter((one) => one !== work));
      },
      now: () => new Date(this.time),
      situation: async () => {
        this.read += 1;
        if (this.broken) throw new Error('the disk is full');
        return { at: this.time, roster: null, acts: this.logs.acts(), inForce: { policy, digest: '1'.repeat(64), file: 'policy.yaml' }, rules };
      },
      releases: async () => [], origin: async () => 'a.example', append: async ({ record, refs = [] }) => this.logs.write(record, { refs, time: this.time }),
      notify: (ended) => this.told.push(ended),
    });
    return this;
  }

  stop(): void {
    this.#reminders?.stop();
  }

  changed(): void {
    this.#reminders?.changed();
  }

  async at(time: string): Promise<readonly string[]> {
    this.time = time;
    for (const look of this.#looks) look();
    await new Promise((done) => setImmediate(done));
    return this.told.map(({ title }) => title);
  }

  deploy(environment = 'production'): void {
    const stage = { event_type: 'deployment_stage', release_version: V, deployment_id: 'deploy-1', environment, method: 'direct', decided_by: 'dora', percent: 100, at: '2026-01-12T12:00:00Z' };
    const start = this.logs.write({ ...stage, act: 'start' }, { by: ['dora'] });
    const finish = this.logs.write({ ...stage, act: 'finish' }, { by: ['dora'], refs: [start.ref('continues')] });
    this.logs.write({ event_type: 'monitoring', release_version: V, environment, act: 'start', at: '2026-01-12T12:00:00Z', status: 'watching', hours: 24 }, { refs: [finish.ref('watches')] });
  }
}

let desk: Desk;
beforeEach(() => {
  desk = new Desk();
});

describe('the end of a watch', () => {
  test('is told when it is there, once, and the records are read once', async () => {
    desk.deploy();
    desk.open();
    expect(await desk.at('2026-01-13T11:59:59Z')).toEqual([]);
    expect(await desk.at(DUE)).toEqual([`${V}: the watch of deploy-1 is over`]);
    expect(await desk.at('2026-01-13T12:30:00Z')).toHaveLength(1);
    expect([desk.read, desk.told[0]]).toEqual([1, { record: 'a.example#2', title: `${V}: the watch of deploy-1 is over`, detail: `${rules.watchers.join(' or ')} can close it by their signature.`, route: `#/archive?q=${encodeURIComponent(`version:"${V}"`)}` }]);
  });

  test('is told where it came while the console was off, and again after a restart as long as nobody closed it', async () => {
    desk.deploy();
    desk.open();
    desk.stop();
    expect(await desk.at('2026-01-20T00:00:00Z')).toEqual([]);
    desk.open();
    expect(await desk.at('2026-01-20T00:00:01Z')).toHaveLength(1);
    desk.open();
    expect(await desk.at('2026-01-20T00:00:02Z')).toHaveLength(2);
    desk.logs.write({ event_type: 'monitoring', release_version: V, environment: 'production', act: 'close', at: '2026-01-14T12:00:00Z', status: 'ok', decided_by: 'quinn' }, { by: ['quinn'], time: '2026-01-14T12:00:00Z', refs: [(desk.logs.entries[2] as (typeof desk.logs.entries)[number]).ref('closes')] });
    desk.open();
    expect(await desk.at('2026-01-20T00:00:03Z')).toHaveLength(2);
  });

  test('of what is new in the archive is told too, and of staging is not', async () => {
    desk.open();
    expect(await desk.at('2026-01-12T14:00:00Z')).toEqual([]);
    desk.deploy('staging');
    desk.changed();
    expect(await desk.at('2026-01-14T00:00:00Z')).toEqual([]);
    desk.deploy();
    expect(await desk.at('2026-01-14T00:00:01Z')).toEqual([]);
    desk.changed();
    expect(await desk.at('2026-01-14T00:00:02Z')).toHaveLength(1);
  });

  test('is told late where the archive could not be read', async () => {
    desk.deploy();
    desk.broken = true;
    desk.open();
    expect(await desk.at(DUE)).toEqual([]);
    desk.broken = false;
    expect(await desk.at('2026-01-13T12:00:15Z')).toHaveLength(1);
  });
});

describe('the clocks of an emergency', () => {
  const declared = { event_type: 'emergency_patch', emergency_id: 'e', act: 'declare', release_version: null, severity: 'critical', declared_by: 'cleo', declared_at: '2026-01-12T13:00:00Z', detected_at: '2026-01-12T12:00:00Z', reason: 'It burns.', criterion: 'system-outage' };
  const jumps = (): unknown[] => desk.logs.entries.filter(({ entry }) => entry.record['act'] === 'clock-jump').map(({ entry }) => entry.record['set_back_seconds']);

  test('are told when they are at risk and when they are missed, each once; what is missed already is not told to be at risk', async () => {
    desk.logs.write(declared, { by: ['cleo'] });
    desk.open();
    expect(await desk.at('2026-01-13T05:59:59Z')).toEqual([]);
    expect(await desk.at('2026-01-13T06:00:00Z')).toEqual(['e is at risk: The patch is deployed, until 2026-01-13T12:00:00Z']);
    expect(await desk.at(DUE)).toHaveLength(1);
    expect(await desk.at('2026-01-13T12:00:01Z')).toEqual([expect.anything(), 'e missed it: The patch is deployed, until 2026-01-13T12:00:00Z']);
    expect(desk.told[1]).toMatchObject({ route: '#/emergency?of=a.example%230', detail: expect.stringMatching(/^It burns\. Asked: devops/) as string });
    desk.told.length = 0;
    desk.open();
    expect(await desk.at('2026-01-14T00:00:00Z')).toEqual(['e missed it: The patch is deployed, until 2026-01-13T12:00:00Z']);
  });

  test('are told of no emergency that nobody may have declared, nor of one that is closed', async () => {
    desk.logs.write(declared, { by: ['quinn'] });
    const one = desk.logs.write({ ...declared, emergency_id: 'f' }, { by: ['cleo'] });
    desk.logs.write({ ...declared, emergency_id: 'f', act: 'close' }, { by: ['cleo'], refs: [one.ref('of-emergency')] });
    desk.open();
    expect(await desk.at('2026-01-20T00:00:00Z')).toEqual([]);
  });

  test('stand where they stood when the console’s clock is set back, which goes on record once', async () => {
    desk.logs.write(declared, { by: ['cleo'], time: '2026-01-12T13:00:00Z' });
    desk.open();
    await desk.at('2026-01-12T15:00:00Z');
    await desk.at('2026-01-12T14:59:30Z');
    expect(jumps()).toEqual([]);
    await desk.at('2026-01-12T14:30:00Z');
    expect(jumps()).toEqual([1770]);
    desk.changed();
    await desk.at('2026-01-12T14:30:15Z');
    expect(jumps()).toEqual([1770]);
    // Off, set back further, and on again: the log itself shows it.
    desk.open();
    await desk.at('2026-01-12T12:30:00Z');
    desk.open();
    await desk.at('2026-01-12T12:31:00Z');
    expect(jumps()).toEqual([1770, 7200]);
    expect(await desk.at('2026-01-13T06:00:00Z')).toEqual(['e is at risk: The patch is deployed, until 2026-01-13T12:00:00Z']);
  });

  test('that is set back while no emergency runs is nobody’s matter here', async () => {
    desk.deploy();
    desk.open();
    await desk.at('2026-01-12T15:00:00Z');
    await desk.at('2026-01-12T12:00:00Z');
    expect(jumps()).toEqual([]);
  });
});
