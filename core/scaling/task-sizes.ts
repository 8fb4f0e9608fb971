/** What a task of each service is given, and how much work that is. Read by the AWS template, the simulator and the plan. */
import { MEASURED_RATES } from './measured-rates.ts';
import type { WorkerSize } from './policy.ts';

export interface TaskSize {
  readonly vcpus: number;
  readonly memoryGib: number;
}

/** Combinations that Fargate has. Memory of a worker: a row group admitted for each thread, and the reader's own. */
export const TASK_SIZES = {
  worker: { vcpus: 2, memoryGib: 4 },
  endpoint: { vcpus: 1, memoryGib: 2 },
  trainer: { vcpus: 4, memoryGib: 16 },
} as const satisfies Record<string, TaskSize>;

/** Rows aimed at per shard, where the worker's environment does not say otherwise. */
export const SHARD_ROWS = 65_536;

/** A thread for each vCPU of the worker's task. */
export const WORKER_THREADS = TASK_SIZES.worker.vcpus;

/** The worker of the template: grades go to the table too, which is the slower way. */
export function workerSize(
  rowsPerSecond: number = MEASURED_RATES.rowsWithTable.perSecond,
  threads: number = WORKER_THREADS,
): WorkerSize {
  return { threads, shardSeconds: SHARD_ROWS / rowsPerSecond };
}

/** The usual advice for a queue whose reader does not extend the time: six times what a message takes. */
const VISIBILITY_FACTOR = 6;
const VISIBILITY_SECONDS_MIN = 60;

/**
 * How long a taken message stays hidden: six times a usual shard, and never below a minute. A shard that takes longer, such as
 * one large row group, is kept hidden by the worker, which extends the time whenever a third of it has passed.
 */
export function visibilitySeconds({ shardSeconds }: WorkerSize): number {
  return Math.max(VISIBILITY_SECONDS_MIN, Math.ceil(VISIBILITY_FACTOR * shardSeconds));
}
