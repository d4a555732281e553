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
