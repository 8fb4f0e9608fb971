/**
 * How a message lies in a queue of jobs on Redis: what the worker and the command both write, and both read. The
 * names and the shape are BullMQ's, so that its own tools show the queue.
 */
import type { Failure } from '../../schemas/file-reference.ts';
import { ShardMessage } from '../../schemas/messages.ts';
import { createParser } from '../../schemas/parse.ts';

export interface QueueJobData {
  readonly body: string;
  /** Why it was given up; absent when the queue itself gave it up. */
  readonly failure?: Failure;
  /** Deliveries that no longer count, since the last of them was released. */
  readonly forgiven?: number;
}

export interface QueueJob {
  /** For people who look at the queue. */
  readonly name: string;
  readonly data: QueueJobData;
  readonly opts: {
    /** Absent: the queue numbers the job. */
    readonly jobId?: string;
    readonly attempts: number;
    readonly backoff: { readonly type: 'custom' };
    readonly removeOnComplete: true;
    readonly removeOnFail: false;
    readonly stackTraceLimit: 0;
  };
}

/**
 * The worker counts deliveries and gives up by itself, with a record in the ledger. A bound of the queue's own that
 * comes first would bury a shard that the ledger waits for.
 */
const ATTEMPTS_WITHOUT_BOUND = 1_000_000_000;

const shardMessage = createParser('shard message', ShardMessage);

/** The job that carries a message. */
export function queueJob(body: string): QueueJob {
  const value = parseJson(body);
  const jobId = shardMessage.matches(value) ? shardJobId(value) : undefined;
  return {
    name: nameOf(value),
    data: { body },
    opts: {
      ...(jobId === undefined ? {} : { jobId }),
      attempts: ATTEMPTS_WITHOUT_BOUND,
      backoff: { type: 'custom' },
      removeOnComplete: true,
      removeOnFail: false,
      stackTraceLimit: 0,
    },
  };
}

/**
 * A plan that is sent twice adds no second job while the first is there. A redrive is another job: its message is
 * sent while the failed job still lies there. Submissions and events have no such number that grows, so a fixed name
 * would swallow their redrive; a second one of those does no harm.
 */
function shardJobId({ job, shard, redrive }: ShardMessage): string {
  return redrive === 0 ? `${job}-${shard}` : `${job}-${shard}-redrive-${redrive}`;
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return 'unknown';
  if ('Records' in value) return 'event';
  const kind = 'kind' in value ? value.kind : undefined;
  return kind === 'shard' || kind === 'submission' ? kind : 'unknown';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
