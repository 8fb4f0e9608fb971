/** How many messages the queue on Redis holds, and how old the oldest is. */
import type { Queue } from 'bullmq';
import type { QueueJobData } from '../../core/jobs/queue-job.ts';
import type { QueueDepths } from '../metrics/process-watch.ts';

/** What is taken or paused is in no order of age; a fleet holds a few messages for each of its threads. */
const LOOKED_AT_MAX = 1000;

export function createBullmqQueueDepths(
  queue: Queue<QueueJobData>,
  now: () => number,
): () => Promise<QueueDepths> {
  return async () => {
    const [counts, next, begun] = await Promise.all([
      queue.getJobCounts('waiting', 'delayed', 'active', 'failed'),
      queue.getJobs(['waiting'], 0, 0, true),
      queue.getJobs(['active', 'delayed'], 0, LOOKED_AT_MAX - 1, true),
    ]);
    // A job that ended between the two looks is listed without its content.
    const times = [...next, ...begun].flatMap((job) => (job === undefined ? [] : [job.timestamp]));
    const oldest = times.reduce((low, time) => Math.min(low, time), now());
    return {
      waiting: (counts['waiting'] ?? 0) + (counts['delayed'] ?? 0),
      inFlight: counts['active'] ?? 0,
      dead: counts['failed'] ?? 0,
      oldestSeconds: (now() - oldest) / 1000,
    };
  };
}
