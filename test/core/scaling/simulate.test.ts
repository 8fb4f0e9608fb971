import { describe, expect, it } from 'vitest';
import { CLOCKS } from '../../../core/scaling/clocks.ts';
import { phaseTable } from '../../../core/scaling/phase-table.ts';
import { endpointPolicy, PROFILES, workerPolicy } from '../../../core/scaling/policy.ts';
import { type Sample, simulate } from '../../../core/scaling/simulate.ts';
import { backlogOf, queueService, requestService } from '../../../core/scaling/simulated-services.ts';
import { workerSize } from '../../../core/scaling/task-sizes.ts';
import { rateAt, SIX_PHASES, trafficSeconds } from '../../../core/scaling/traffic.ts';

const traffic = (
  profile: (typeof PROFILES)[keyof typeof PROFILES],
  requestsPerTask: number,
): readonly Sample[] =>
  simulate({
    policy: endpointPolicy(profile),
    clock: profile.clock,
    service: requestService({ phases: SIX_PHASES, requestsPerTask }),
    seconds: trafficSeconds(SIX_PHASES),
  });

describe('the six phases on the fast clock', () => {
  // At 250 two tasks are at 40 % exactly, so from there on 200 requests a second take two, not three.
  const CAPACITIES = [125, 130, 140, 150, 160, 175, 200, 225, 249];

  it.each(CAPACITIES)(
    'with a task of %d requests/s are one task, one, three to five, up to ten, and one again',
    (capacity) => {
      const rows = phaseTable(SIX_PHASES, traffic(PROFILES.demo, capacity));
      const ends = rows.map(({ tasksAtEnd }) => tasksAtEnd);
      expect(ends.slice(0, 2)).toEqual([1, 1]);
      expect(ends[2]).toBeGreaterThanOrEqual(3);
      expect(ends[2]).toBeLessThanOrEqual(5);
      expect(ends[3]).toBeGreaterThan(ends[2] ?? 0);
      expect(rows[3]?.tasksMost).toBeLessThanOrEqual(10);
      expect(ends.slice(4)).toEqual([1, 1]);
      // Stable: settled within a minute and a half, and never above what the phase ends with, but on the way down.
      for (const row of rows) expect(row.settledAfterSeconds).toBeLessThanOrEqual(90);
      for (const row of rows.slice(0, 4)) expect(row.tasksMost).toBe(row.tasksAtEnd);
      expect(rows[5]).toMatchObject({ tasksFewest: 1, tasksMost: 1, refusedShare: 0 });
      for (const { cpuPercentAtEnd } of rows) expect(cpuPercentAtEnd).toBeLessThanOrEqual(40.001);
    },
  );

  it('take one task throughout with a task of our own', () => {
    const rows = phaseTable(SIX_PHASES, traffic(PROFILES.demo, 17_000));
    expect(rows.map(({ tasksMost }) => tasksMost)).toEqual([1, 1, 1, 1, 1, 1]);
  });
});

describe('the six phases on AWS’s clock', () => {
  const rows = phaseTable(SIX_PHASES, traffic(PROFILES.production, 130));

  it('are over before the tasks have followed: one task refuses a third of the third phase', () => {
    expect(rows[2]).toMatchObject({ tasksMost: 1, cpuPercentMean: 100 });
    expect(rows[2]?.refusedShare).toBeCloseTo(0.35, 6);
    expect(rows[3]?.tasksAtEnd).toBeGreaterThan(7);
    expect(rows[5]?.tasksAtEnd).toBe(rows[3]?.tasksAtEnd);
  });
});

describe('a simulation', () => {
  it('gives the same course each time', () => {
    expect(traffic(PROFILES.production, 150)).toEqual(traffic(PROFILES.production, 150));
    expect(traffic(PROFILES.demo, 150)).toEqual(traffic(PROFILES.demo, 150));
  });

  it('has a sample for each second, and goes on at the last rate', () => {
    const samples = traffic(PROFILES.demo, 150);
    expect(samples.map(({ at }) => at)).toEqual(Array.from({ length: 1320 }, (_, at) => at));
    expect(rateAt(SIX_PHASES, 5000)).toBe(50);
    expect(rateAt([], 0)).toBe(0);
  });
});

describe('a queue', () => {
  const size = workerSize(65_536, 2);
  const burst = (
    messages: number,
    tasksMin: number,
    tasksMax = 10,
    perSecondMax?: number,
  ): readonly Sample[] =>
    simulate({
      policy: workerPolicy(PROFILES.production, size, { tasksMin, tasksMax }),
      clock: CLOCKS.aws,
      service: queueService({
        arrivals: (at) => (at === 0 ? messages : 0),
        messagesPerTask: size.threads / size.shardSeconds,
        window: size.threads + 1,
        ...(perSecondMax === undefined ? {} : { messagesPerSecondMax: () => perSecondMax }),
      }),
      seconds: 20_000,
      isOver: (sample) => backlogOf(sample) === 0,
    });

  it('is drained within the acceptable latency while the tasks suffice', () => {
    // What ten tasks do in the time that is left once they work.
    const most = 10 * 2 * 300;
    const samples = burst(most, 1);
    expect(samples.length).toBeLessThanOrEqual(600);
    expect(Math.max(...samples.map(({ running }) => running))).toBeLessThanOrEqual(10);
  });

  it('wakes a fleet of none', () => {
    const samples = burst(10, 0);
    expect(samples[0]).toMatchObject({ running: 0, desired: 0, readings: { 'backlog-per-task': 10 } });
    // A minute until the metric is there, one until it is seen, one to start.
    expect(samples.findIndex(({ running }) => running > 0)).toBe(180);
    expect(samples.at(-1)?.running).toBe(1);
  });

  it('can not go faster than what all tasks share', () => {
    expect(burst(1000, 1, 10, 0.5).length).toBe(2000);
  });

  it('spares the busy when tasks are removed, and goes back to the least', () => {
    const policy = workerPolicy(PROFILES.demo, size, { tasksMin: 0, tasksMax: 4 });
    const samples = simulate({
      policy,
      clock: CLOCKS.fast,
      tasks: 4,
      // One long message: three tasks can go, one has work.
      service: queueService({ arrivals: (at) => (at === 0 ? 1 : 0), messagesPerTask: 0.0001, window: 1 }),
      seconds: 300,
    });
    expect(samples.at(-1)).toMatchObject({ desired: 1, running: 1 });
    const unprotected = simulate({
      policy: { ...policy, isBusyProtected: false, targets: [{ metric: 'cpu-percent', target: 5000 }] },
      clock: CLOCKS.fast,
      tasks: 4,
      service: queueService({ arrivals: (at) => (at === 0 ? 400 : 0), messagesPerTask: 0.0001, window: 1 }),
      seconds: 300,
    });
    const spared = simulate({
      policy: { ...policy, targets: [{ metric: 'cpu-percent', target: 5000 }] },
      clock: CLOCKS.fast,
      tasks: 4,
      service: queueService({ arrivals: (at) => (at === 0 ? 400 : 0), messagesPerTask: 0.0001, window: 1 }),
      seconds: 300,
    });
    expect(unprotected.at(-1)?.running).toBe(1);
    expect(spared.at(-1)).toMatchObject({ desired: 1, running: 4 });
  });

  it('drops tasks that still start before those that run', () => {
    const policy = {
      ...workerPolicy(PROFILES.demo, size, { tasksMin: 1, tasksMax: 8 }),
      isBusyProtected: false,
    };
    const samples = simulate({
      policy,
      clock: { ...CLOCKS.fast, metricSeconds: 1, startUpSeconds: 60, lowDatapoints: 3 },
      // A moment's backlog that is gone before the tasks it called for.
      service: {
        step: ({ at, desired }) => ({
          readings: { 'backlog-per-task': (at < 6 ? 500 : 0) / desired },
          waiting: 0,
          busyTasks: 0,
        }),
      },
      seconds: 100,
    });
    expect(Math.max(...samples.map(({ desired }) => desired))).toBe(8);
    expect(Math.max(...samples.map(({ running }) => running))).toBe(1);
    expect(samples.at(-1)).toMatchObject({ desired: 1, running: 1 });
  });
});

describe('requests without a task', () => {
  it('are refused, and tell nothing', () => {
    const service = requestService({ phases: [{ seconds: 1, rate: 7 }], requestsPerTask: 100 });
    expect(service.step({ at: 0, running: 0, desired: 1 })).toEqual({
      readings: {},
      waiting: 7,
      busyTasks: 0,
    });
  });
});
