/** A burst of rows on the queue of AWS's workers: how long it takes, and why not less where it takes too long. */

import { SERVICE_LIMITS } from '../../core/capacity/service-limits.ts';
import { tableWritesAfter } from '../../core/capacity/table-throughput.ts';
import { reactionSeconds } from '../../core/scaling/clocks.ts';
import { PROFILES, TASKS_MAX, workerPolicy } from '../../core/scaling/policy.ts';
import { simulate } from '../../core/scaling/simulate.ts';
import { backlogOf, queueService } from '../../core/scaling/simulated-services.ts';
import { SHARD_ROWS, WORKER_THREADS, workerSize } from '../../core/scaling/task-sizes.ts';

export interface BurstQuestion {
  readonly rows: number;
  readonly rowsPerSecond: number;
  readonly tasksMin: number;
  /** What the table of grades takes at once; undefined: it is not written. */
  readonly tableWritesPerSecond: number | undefined;
}

export interface BurstCourse extends BurstQuestion {
  readonly seconds: number;
  readonly acceptableSeconds: number;
  readonly isInTime: boolean;
  readonly tasksMost: number;
  /** What keeps it from being in time, as a sentence; undefined where it is. */
  readonly reason: string | undefined;
}

const PROFILE = PROFILES.production;
/** A burst that takes longer is not followed to its end. */
const SECONDS_MAX = 14 * 24 * 3600;

export function burstCourse(question: BurstQuestion): BurstCourse {
  const { rows, rowsPerSecond, tasksMin, tableWritesPerSecond } = question;
  const size = workerSize(rowsPerSecond);
  const policy = workerPolicy(PROFILE, size, { tasksMin, tasksMax: TASKS_MAX });
  const shards = rows / SHARD_ROWS;
  const samples = simulate({
    policy,
    clock: PROFILE.clock,
    service: queueService({
      arrivals: (at) => (at === 0 ? shards : 0),
      messagesPerTask: size.threads / size.shardSeconds,
      window: size.threads + 1,
      ...(tableWritesPerSecond === undefined
        ? {}
        : { messagesPerSecondMax: (at) => tableWritesAfter(tableWritesPerSecond, at) / SHARD_ROWS }),
    }),
    seconds: SECONDS_MAX,
    isOver: (sample) => backlogOf(sample) === 0,
  });
  const seconds = samples.length;
  const isInTime = seconds <= PROFILE.acceptableLatencySeconds;
  return {
    ...question,
    seconds,
    acceptableSeconds: PROFILE.acceptableLatencySeconds,
    isInTime,
    tasksMost: Math.max(...samples.map(({ running }) => running)),
    reason: isInTime ? undefined : reasonOf(question),
  };
}

/** The first bound that alone is above the acceptable latency. */
function reasonOf({ rows, rowsPerSecond, tableWritesPerSecond }: BurstQuestion): string {
  const acceptable = PROFILE.acceptableLatencySeconds;
  if (tableWritesPerSecond !== undefined && rows / tableWritesPerSecond > acceptable) {
    return `the table takes ${tableWritesPerSecond.toLocaleString('en-US')} writes/s`;
  }
  const rate = TASKS_MAX * WORKER_THREADS * rowsPerSecond;
  if (rows / rate > acceptable) return `${TASKS_MAX} tasks grade ${rate.toLocaleString('en-US')} rows/s`;
  return `tasks beyond the first work only after ${reactionSeconds(PROFILE.clock)} s`;
}

/** With and without the table, a new one and a grown one, from zero tasks and from one. */
export function burstCourses(rows: number, rate: number, rateWithTable: number): readonly BurstCourse[] {
  const tables = [undefined, SERVICE_LIMITS.tableWritesPerSecond, SERVICE_LIMITS.newTableWritesPerSecond];
  return tables.flatMap((tableWritesPerSecond) =>
    [0, 1].map((tasksMin) =>
      burstCourse({
        rows,
        rowsPerSecond: tableWritesPerSecond === undefined ? rate : rateWithTable,
        tasksMin,
        tableWritesPerSecond,
      }),
    ),
  );
}
