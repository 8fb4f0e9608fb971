/**
 * How many tasks a service has: one policy, as data. The AWS template renders it, `npm run simulate` runs it on paper, and
 * `npm run local -- --autoscale` runs it on processes of this machine.
 */
import { CLOCKS, reactionSeconds, type ScalingClock } from './clocks.ts';

/**
 * `cpu-percent`: mean of all tasks. `requests-per-task`: a second. `backlog-per-task`: messages of the jobs queue, waiting
 * and in flight, for each task that is desired (not running: while tasks start, that would ask for more and more).
 */
export type ScalingMetric = 'cpu-percent' | 'requests-per-task' | 'backlog-per-task';

/** Keeps a metric at its target by the number of tasks. */
export interface TargetTracking {
  readonly metric: ScalingMetric;
  readonly target: number;
}

export interface ScalingPolicy {
  readonly tasksMin: number;
  readonly tasksMax: number;
  readonly targets: readonly TargetTracking[];
  /** After tasks were added, and run, before more are; but a larger step is taken at once. */
  readonly scaleOutCooldownSeconds: number;
  /** After tasks were removed, before more are. */
  readonly scaleInCooldownSeconds: number;
  /** Tasks desired as soon as anything waits and none is: target tracking can not leave zero, which times anything is zero. */
  readonly wakeTasks: number;
  /** Whether a task that has work is spared when tasks are removed. */
  readonly isBusyProtected: boolean;
}

/** What differs between an installation that works for its living and one that is looked at. */
export interface ScalingProfile {
  readonly clock: ScalingClock;
  readonly cooldownSeconds: number;
  /** From a file's arrival to its last grade. */
  readonly acceptableLatencySeconds: number;
}

export const PROFILES = {
  /** A new task's start and one whole period of it as it works: earlier, the metric still tells of the time before. */
  production: {
    clock: CLOCKS.aws,
    cooldownSeconds: CLOCKS.aws.startUpSeconds + CLOCKS.aws.metricSeconds,
    acceptableLatencySeconds: 600,
  },
  demo: { clock: CLOCKS.fast, cooldownSeconds: 5, acceptableLatencySeconds: 30 },
} as const satisfies Record<string, ScalingProfile>;

export type ProfileName = keyof typeof PROFILES;

export const TASKS_MAX = 10;
export const CPU_TARGET_PERCENT = 40;
export const REQUESTS_TARGET_PER_SECOND = 400;

export interface TaskRange {
  readonly tasksMin: number;
  readonly tasksMax: number;
}

/**
 * The endpoint follows its processor and its requests, whichever asks for more. It never goes to zero: a request waits for
 * nobody to start.
 * @throws {RangeError} for a range that is none.
 */
export function endpointPolicy(
  profile: ScalingProfile,
  range: TaskRange = { tasksMin: 1, tasksMax: TASKS_MAX },
): ScalingPolicy {
  checkRange(range, 1);
  return {
    ...range,
    targets: [
      { metric: 'cpu-percent', target: CPU_TARGET_PERCENT },
      { metric: 'requests-per-task', target: REQUESTS_TARGET_PER_SECOND },
    ],
    scaleOutCooldownSeconds: profile.cooldownSeconds,
    scaleInCooldownSeconds: profile.cooldownSeconds,
    wakeTasks: 0,
    isBusyProtected: false,
  };
}

export interface WorkerSize {
  /** Shards that a task grades at once. */
  readonly threads: number;
  /** Of a shard of usual size in one thread. */
  readonly shardSeconds: number;
}

/**
 * Workers follow the backlog alone. Their processor tells nothing: a worker is at 100 % whether one shard waits or a million,
 * so that a CPU target of 40 % would go to the maximum for every file.
 * @throws {RangeError} for a range that is none.
 */
export function workerPolicy(
  profile: ScalingProfile,
  size: WorkerSize,
  range: TaskRange = { tasksMin: 1, tasksMax: TASKS_MAX },
): ScalingPolicy {
  checkRange(range, 0);
  return {
    ...range,
    targets: [{ metric: 'backlog-per-task', target: backlogPerTask(profile, size) }],
    scaleOutCooldownSeconds: profile.cooldownSeconds,
    scaleInCooldownSeconds: profile.cooldownSeconds,
    wakeTasks: 1,
    isBusyProtected: true,
  };
}

/**
 * Messages that one task may have before it, at least 1. Of the acceptable latency only what is left once new tasks work
 * counts: with AWS's usual formula, latency by time of a message, a task added after five minutes comes too late.
 */
export function backlogPerTask(
  { acceptableLatencySeconds, clock }: ScalingProfile,
  { threads, shardSeconds }: WorkerSize,
): number {
  const secondsLeft = acceptableLatencySeconds - reactionSeconds(clock);
  return Math.max(1, Math.floor((secondsLeft * threads) / shardSeconds));
}

/** The target in the unit of CloudWatch's metric: `RequestCountPerTarget` counts by the minute. */
export function cloudWatchTarget({ metric, target }: TargetTracking): number {
  return metric === 'requests-per-task' ? target * 60 : target;
}

function checkRange({ tasksMin, tasksMax }: TaskRange, least: number): void {
  const isWhole = Number.isInteger(tasksMin) && Number.isInteger(tasksMax);
  if (isWhole && tasksMin >= least && tasksMax >= Math.max(1, tasksMin)) return;
  throw new RangeError(
    `Tasks from ${tasksMin} to ${tasksMax}: give whole numbers, the first at least ${least} and no larger than the second.`,
  );
}
