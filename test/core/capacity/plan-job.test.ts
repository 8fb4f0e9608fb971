import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idleCosts } from '../../../core/capacity/idle-costs.ts';
import { sumOf } from '../../../core/capacity/job-costs.ts';
import { DEADLINE_SECONDS_MIN, type PlanQuestion, planJob } from '../../../core/capacity/plan-job.ts';
import { PRICES } from '../../../core/capacity/prices.ts';
import { tableSeconds, tableWritesAfter } from '../../../core/capacity/table-throughput.ts';
import { ALARM_NAMES } from '../../../schemas/alarms.ts';
import { createParser } from '../../../schemas/parse.ts';
import { Prices } from '../../../schemas/prices.ts';

const SHARD = 65_536;
/** A shard takes a thread one second, and a task has two threads. */
const question = (changes: Partial<PlanQuestion> = {}): PlanQuestion => ({
  rows: SHARD,
  isTableWritten: false,
  tableWritesPerSecond: 4000,
  rowsPerSecond: SHARD,
  architecture: 'arm64',
  isSpot: false,
  ...changes,
});
const plan = (changes: Partial<PlanQuestion> = {}) => planJob(question(changes), PRICES);
const START = 180;

describe('the plan of a job', () => {
  it('is one task for one shard: three minutes until it works, and a second of work', () => {
    expect(plan()).toMatchObject({ shards: 1, tasks: 1, tasksNeeded: 1, seconds: START + 1, isInTime: true });
  });

  it('takes as few tasks as the deadline allows', () => {
    const rows = 1000 * SHARD;
    expect(plan({ rows, deadlineSeconds: START + 500 })).toMatchObject({ tasks: 1, seconds: START + 500 });
    expect(plan({ rows, deadlineSeconds: START + 499 })).toMatchObject({ tasks: 2, seconds: START + 250 });
    expect(plan({ rows, deadlineSeconds: START + 50 })).toMatchObject({ tasks: 10, seconds: START + 50 });
  });

  it('says that the tasks are too few, and how many would do', () => {
    const late = plan({ rows: 1000 * SHARD, deadlineSeconds: START + 25 });
    expect(late).toMatchObject({ tasks: 10, tasksNeeded: 20, isInTime: false, seconds: START + 50 });
    expect(late.limits[0]).toEqual({ name: 'tasks', rowsPerSecond: 20 * SHARD, seconds: 50 });
    expect(plan({ rows: 1000 * SHARD, deadlineSeconds: START + 25, tasksMax: 20 })).toMatchObject({
      isInTime: true,
    });
  });

  it('takes the policy’s acceptable latency where no deadline is given', () => {
    expect(plan().deadlineSeconds).toBe(600);
  });

  it('has the table bind, and takes no more tasks than it can feed', () => {
    const written = plan({ rows: 4_000_000, isTableWritten: true, tableWritesPerSecond: 4000 });
    expect(written.limits[0]).toEqual({ name: 'table', rowsPerSecond: 4000, seconds: 1000 });
    expect(written).toMatchObject({ tasks: 1, seconds: START + 1000, isInTime: false });
    expect(plan({ rows: 4_000_000 }).limits.map(({ name }) => name)).not.toContain('table');
  });

  it('has the ledger’s one partition bind a job that tasks without end would work on', () => {
    const huge = plan({ rows: 1e10, tasksMax: 5000, deadlineSeconds: 86_400 });
    const ledger = huge.limits.find(({ name }) => name === 'ledger');
    expect(huge.limits[0]?.name).toBe('ledger');
    expect(ledger?.seconds).toBeCloseTo((1e10 / SHARD) * 6 * 0.001, 3);
  });

  it('warns of a job that outlives the queue’s messages', () => {
    const slow = { rowsPerSecond: 1000, tasksMax: 1 };
    expect(plan({ rows: 1e9, ...slow }).outlivesMessages).toBe(false);
    expect(plan({ rows: 1e10, ...slow }).outlivesMessages).toBe(true);
  });

  it.each([
    ['rows', { rows: 0 }],
    ['rowsPerSecond', { rowsPerSecond: 0 }],
    ['tableWritesPerSecond', { tableWritesPerSecond: Number.NaN }],
    ['tasksMax', { tasksMax: 0 }],
  ])('refuses %s that are none', (name, changes) => {
    expect(() => plan(changes)).toThrow(new RegExp(`^${name} must be at least 1`));
  });

  it('refuses a deadline before any task works', () => {
    expect(() => plan({ deadlineSeconds: DEADLINE_SECONDS_MIN - 1 })).toThrow('the first begins after 180 s');
  });

  it('never takes longer with more tasks, nor costs less to keep with more rows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        (rows, tasksMax, isTableWritten) => {
          const deadlineSeconds = START + 10;
          const few = plan({ rows, tasksMax, isTableWritten, deadlineSeconds });
          const more = plan({ rows, tasksMax: tasksMax + 1, isTableWritten, deadlineSeconds });
          const larger = plan({ rows: rows + 1e6, tasksMax, isTableWritten, deadlineSeconds });
          expect(more.seconds).toBeLessThanOrEqual(few.seconds);
          expect(sumOf(larger.keepingCosts)).toBeGreaterThan(sumOf(few.keepingCosts));
          expect(few.rowsPerSecond).toBeLessThanOrEqual((few.limits[0]?.rowsPerSecond ?? 0) * 1.000001);
        },
      ),
    );
  });
});

describe('the costs of a job', () => {
  it('are those of each service, and their sum', () => {
    const { costs, dollars, dollarsPerMillionRows } = plan({
      rows: 2_000_000,
      isTableWritten: true,
      tableWritesPerSecond: 4000,
    });
    const of = (service: string): number =>
      costs.find((line) => line.service === service)?.dollars ?? Number.NaN;
    const shards = 31;
    // One task for 500 s of work, a minute to start, and 16 idle ones.
    const hours = (500 + 60 + 960) / 3600;
    expect(of('Fargate')).toBeCloseTo(hours * (2 * 0.03238 + 4 * 0.00356), 6);
    expect(of('Public addresses')).toBeCloseTo(hours * 0.005, 6);
    expect(of('DynamoDB')).toBeCloseTo(2 * 0.625 + (shards * 6 * 0.625 + shards * 4 * 0.125) / 1e6, 6);
    expect(of('S3')).toBeCloseTo((shards * 6 * 0.0004 + shards * 2 * 0.005) / 1000, 9);
    expect(of('CloudWatch')).toBeCloseTo(60 * (0.3 / 730), 4);
    expect(dollars).toBeCloseTo(sumOf(costs), 9);
    expect(dollarsPerMillionRows).toBeCloseTo(dollars / 2, 9);
  });

  it('are less on Spot and on arm64, and more with memory that costs more', () => {
    const fargate = (changes: Partial<PlanQuestion>, prices = PRICES): number =>
      planJob(question(changes), prices).costs[0]?.dollars ?? Number.NaN;
    expect(fargate({ isSpot: true })).toBeCloseTo(fargate({}) * 0.4, 9);
    expect(fargate({ architecture: 'x86_64' })).toBeGreaterThan(fargate({}));
    expect(fargate({}, { ...PRICES, memoryGbHourArm: 1 })).toBeGreaterThan(fargate({}));
  });

  it('of keeping are Parquet, and the table where it is written', () => {
    const rows = 1e9;
    expect(plan({ rows }).keepingCosts.map(({ service }) => service)).toEqual(['S3']);
    const [store, table] = plan({ rows, isTableWritten: true }).keepingCosts;
    expect(store?.dollars).toBeCloseTo(27 * 0.023, 9);
    expect(table?.dollars).toBeCloseTo(520 * 0.45, 9);
  });
});

describe('an idle installation', () => {
  const installation = { architecture: 'arm64', workersMin: 0, endpointsMin: 0 } as const;

  it('costs its alarms, its dashboard and little more', () => {
    const lines = idleCosts(installation, PRICES);
    expect(lines.map(({ service }) => service)).toEqual([
      'CloudWatch alarms',
      'CloudWatch dashboard',
      'Container Insights',
    ]);
    expect(lines[0]?.dollars).toBeCloseTo((ALARM_NAMES.length + 3) * 0.1, 9);
    expect(sumOf(lines)).toBeLessThan(10);
  });

  it('costs what always runs, and a load balancer with an endpoint', () => {
    const lines = idleCosts({ ...installation, workersMin: 1, endpointsMin: 2 }, PRICES);
    const of = (service: string): number =>
      lines.find((line) => line.service === service)?.dollars ?? Number.NaN;
    expect(of('Workers')).toBeCloseTo(730 * (2 * 0.03238 + 4 * 0.00356 + 0.005), 6);
    expect(of('Endpoint')).toBeCloseTo(2 * 730 * (0.03238 + 2 * 0.00356 + 0.005), 6);
    expect(of('Load balancer')).toBeCloseTo(730 * (0.0225 + 0.01), 6);
    expect(idleCosts({ ...installation, architecture: 'x86_64', workersMin: 2 }, PRICES).at(-1)?.basis).toBe(
      '2 always, with their addresses',
    );
  });
});

describe('a table on demand', () => {
  it('takes twice as much every half hour, up to its quota', () => {
    expect([0, 1799, 1800, 3600, 5400, 7200, 90_000].map((at) => tableWritesAfter(4000, at))).toEqual([
      4000, 4000, 8000, 16_000, 32_000, 40_000, 40_000,
    ]);
  });

  it('takes what it was warmed up for, above the quota too', () => {
    expect(tableWritesAfter(100_000, 7200)).toBe(100_000);
    expect(tableSeconds(100_000, 1e6)).toBe(10);
  });

  it('has done so many writes after so long', () => {
    expect(tableSeconds(4000, 4_000_000)).toBe(1000);
    expect(tableSeconds(4000, 4000 * 1800 + 8000 * 100)).toBe(1900);
    expect(tableSeconds(40_000, 40_000 * 9000)).toBe(9000);
  });

  it('agrees with a sum over its seconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50_000 }), fc.integer({ min: 1, max: 1e8 }), (atOnce, writes) => {
        let done = 0;
        let seconds = 0;
        while (done < writes && seconds < 20_000) done += tableWritesAfter(atOnce, seconds++);
        if (done >= writes) expect(Math.abs(tableSeconds(atOnce, writes) - seconds)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the price table', () => {
  it('is of its schema, and says when and where', () => {
    const prices = createParser('the prices', Prices).parse(PRICES);
    expect(prices.date).toMatch(/^\d{4}-\d{2}$/);
    expect(prices.region).toBe('us-east-1');
  });
});
