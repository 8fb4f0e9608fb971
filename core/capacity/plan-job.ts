/**
 * What a job of so many rows takes on AWS: tasks, time, money, and what it comes up against first. Arithmetic of careful rates
 * (core/scaling/measured-rates.ts), the services' limits and the scaling policy; nothing is asked of AWS.
 */
import type { Prices } from '../../schemas/prices.ts';
import { PROFILES, TASKS_MAX } from '../scaling/policy.ts';
import { SHARD_ROWS, WORKER_THREADS } from '../scaling/task-sizes.ts';
import { type CostLine, jobCosts, keepingCosts, sumOf } from './job-costs.ts';
import { SERVICE_LIMITS } from './service-limits.ts';
import { ROW_COSTS, SHARD_COSTS } from './shard-costs.ts';
import { tableSeconds } from './table-throughput.ts';

export interface PlanQuestion {
  readonly rows: number;
  /** From submission to the last grade; absent: the acceptable latency of the scaling policy. */
  readonly deadlineSeconds?: number;
  /** Whether each grade is also written to DynamoDB. */
  readonly isTableWritten: boolean;
  /** Writes a second that the table of grades takes at once; under load it grows. */
  readonly tableWritesPerSecond: number;
  /** Of one thread. */
  readonly rowsPerSecond: number;
  /** @default the policy's */
  readonly tasksMax?: number;
  readonly architecture: 'x86_64' | 'arm64';
  readonly isSpot: boolean;
}

export type LimitName = 'tasks' | 'table' | 'ledger' | 'reads' | 'writes' | 'in flight';

/** What can not be passed, whatever else is there. */
export interface Limit {
  readonly name: LimitName;
  /** In the mean of the job. */
  readonly rowsPerSecond: number;
  /** What it alone makes the job take, once tasks work. */
  readonly seconds: number;
}

export interface JobPlan {
  readonly rows: number;
  readonly shards: number;
  readonly tasks: number;
  /** Tasks that the deadline would take, if nothing but tasks were in the way; more than `tasks` where that is too few. */
  readonly tasksNeeded: number;
  readonly rowsPerSecond: number;
  /** From submission to the last grade, with no task running at the begin. */
  readonly seconds: number;
  readonly deadlineSeconds: number;
  readonly isInTime: boolean;
  /** Whether the queue would drop messages before their turn comes. */
  readonly outlivesMessages: boolean;
  /** What binds first. */
  readonly limits: readonly Limit[];
  readonly costs: readonly CostLine[];
  readonly dollars: number;
  readonly dollarsPerMillionRows: number;
  /** What keeping the results costs each month. */
  readonly keepingCosts: readonly CostLine[];
}

const { clock, acceptableLatencySeconds } = PROFILES.production;
/** From zero: the first value of the queue's metric, and a task's start. */
const START_SECONDS = clock.metricDelaySeconds + clock.metricSeconds + clock.startUpSeconds;
/** From the last shard until the tasks are taken away. */
const TAIL_SECONDS = clock.metricDelaySeconds + clock.lowDatapoints * clock.metricSeconds;

/** @throws {RangeError} for rows or rates that are none, and for a deadline before any task could work. */
export function planJob(question: PlanQuestion, prices: Prices): JobPlan {
  checkQuestion(question);
  const { rows, deadlineSeconds = acceptableLatencySeconds, tasksMax = TASKS_MAX } = question;
  const shards = Math.ceil(rows / SHARD_ROWS);
  const services = serviceLimits(question);
  const serviceSeconds = Math.max(...services.map(({ seconds }) => seconds));
  const tasksNeeded = tasksFor(question, shards, deadlineSeconds);
  // More would wait for a service.
  const tasksOfUse = tasksFor(question, shards, START_SECONDS + serviceSeconds);
  const tasks = Math.min(tasksNeeded, tasksOfUse, tasksMax);
  const workSeconds = Math.max(secondsOf(question, shards, tasks), serviceSeconds);
  const seconds = START_SECONDS + workSeconds;
  const taskSeconds = clock.startUpSeconds + workSeconds;
  const costs = jobCosts({ ...question, shards, tasks, taskSeconds, tailSeconds: TAIL_SECONDS }, prices);
  const dollars = sumOf(costs);
  const taskLimit = limitOf('tasks', rows, secondsOf(question, shards, tasksMax));
  return {
    rows,
    shards,
    tasks,
    tasksNeeded,
    rowsPerSecond: rows / workSeconds,
    seconds,
    deadlineSeconds,
    isInTime: seconds <= deadlineSeconds,
    outlivesMessages: seconds > SERVICE_LIMITS.messageRetentionSeconds,
    limits: [taskLimit, ...services].toSorted((left, right) => right.seconds - left.seconds),
    costs,
    dollars,
    dollarsPerMillionRows: (dollars / rows) * 1e6,
    keepingCosts: keepingCosts(question, prices),
  };
}

/** The shortest deadline that can be asked for, in seconds. */
export const DEADLINE_SECONDS_MIN = START_SECONDS + 1;

/** The fewest tasks that grade all shards in the time that is left of the deadline once they work. */
function tasksFor({ rowsPerSecond }: PlanQuestion, shards: number, deadlineSeconds: number): number {
  const rounds = Math.floor(((deadlineSeconds - START_SECONDS) * rowsPerSecond) / SHARD_ROWS);
  // In less time than a shard takes no number of tasks would do: then a thread for each shard.
  return Math.ceil(shards / (Math.max(1, rounds) * WORKER_THREADS));
}

/** Shards are graded whole: in the last round threads may be idle. */
function secondsOf({ rowsPerSecond }: PlanQuestion, shards: number, tasks: number): number {
  const rounds = Math.ceil(shards / (tasks * WORKER_THREADS));
  return (rounds * SHARD_ROWS) / rowsPerSecond;
}

function limitOf(name: LimitName, rows: number, seconds: number): Limit {
  return { name, rowsPerSecond: rows / seconds, seconds };
}

function serviceLimits({
  rows,
  isTableWritten,
  tableWritesPerSecond,
  rowsPerSecond,
}: PlanQuestion): readonly Limit[] {
  const shards = rows / SHARD_ROWS;
  const byShard = (name: LimitName, perShard: number, perSecond: number): Limit =>
    limitOf(name, rows, (shards * perShard) / perSecond);
  const shardSeconds = SHARD_ROWS / rowsPerSecond;
  return [
    ...(isTableWritten
      ? [limitOf('table', rows, tableSeconds(tableWritesPerSecond, rows * ROW_COSTS.itemWrites))]
      : []),
    byShard('ledger', SHARD_COSTS.ledgerWrites, SERVICE_LIMITS.partitionWritesPerSecond),
    byShard('reads', SHARD_COSTS.gets, SERVICE_LIMITS.getsPerSecond),
    // Grades and rejects lie below prefixes of their own.
    byShard('writes', SHARD_COSTS.puts / 2, SERVICE_LIMITS.putsPerSecond),
    // A message is in flight while it is graded, and one for each task beside.
    byShard(
      'in flight',
      (shardSeconds * (WORKER_THREADS + 1)) / WORKER_THREADS,
      SERVICE_LIMITS.messagesInFlight,
    ),
  ];
}

function checkQuestion({
  rows,
  rowsPerSecond,
  tableWritesPerSecond,
  tasksMax,
  deadlineSeconds,
}: PlanQuestion): void {
  const positive = { rows, rowsPerSecond, tableWritesPerSecond, tasksMax: tasksMax ?? 1 };
  for (const [name, value] of Object.entries(positive)) {
    if (!(value >= 1 && Number.isFinite(value)))
      throw new RangeError(`${name} must be at least 1, not ${value}.`);
  }
  if (deadlineSeconds !== undefined && !(deadlineSeconds >= DEADLINE_SECONDS_MIN)) {
    throw new RangeError(
      `A deadline of ${deadlineSeconds} s is before any task works: the first begins after ${START_SECONDS} s.`,
    );
  }
}
