/**
 * The jobs queue on Redis, by BullMQ. A job's lock is the lease of a message and its renewal the heartbeat; a job
 * whose lock ran out stalls and is delivered again; a failed job is a dead letter.
 *
 * Pauses and burials go as errors, since BullMQ moves a job by them in one script with the release of its lock.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type Job, Queue, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { NutrisageError } from '../../core/errors.ts';
import { type QueueJobData, queueJob } from '../../core/jobs/queue-job.ts';
import type { Failure } from '../../schemas/file-reference.ts';
import { REDIS_QUEUE } from '../../schemas/redis-queue.ts';
import { deadLetterText } from '../queue/dead-letter-text.ts';
import { type KeepLeaseOptions, keepLease } from '../queue/keep-lease.ts';
import { createLease, isLeaseHeld } from '../queue/lease.ts';
import type { Consumption, Delivery, Settlement, WorkQueue } from '../queue/work-queue.ts';
import { connectToRedis, type RedisConnection } from './redis-connection.ts';

export interface BullmqWorkQueueOptions {
  readonly url: string;
  /** For sending; taking has a connection of its own, which can be given up apart. */
  readonly connection: RedisConnection;
  readonly visibilitySeconds: number;
  /** Deliveries of a message after which it becomes a dead letter without a reason. */
  readonly receivesMax: number;
  readonly log: Logger;
}

/** Jobs of one transaction: some 2 MB, and Redis stands still for a few milliseconds. */
const SEND_BATCH = 1000;
/** Pause of a job whose settling failed, and between tries to settle. */
const PAUSE_AFTER_ERROR_MS = 1000;
/**
 * Of a lease: a job counts as stalled at the second check that finds it without a lock, so that a lost message comes
 * again a third of a lease after its end at most. One worker of all checks, over the taken jobs alone.
 */
const STALLED_CHECKS_PER_LEASE = 6;
/** Between two looks at whether Redis is there, while stopping. */
const LOOK_MS = 1000;
/** Dead letters read at one look; what is left is met at later ones, once those before were recorded and redriven. */
const GIVEN_UP_MAX = 1000;
/** Stalls count as deliveries, which are bounded here. */
const STALLS_WITHOUT_BOUND = 1_000_000_000;

export function createBullmqWorkQueue(options: BullmqWorkQueueOptions): WorkQueue {
  const queue = openQueue(options.connection.redis);
  return {
    consume: (handle, window) => consume(options, handle, window),
    async send(bodies) {
      for (let first = 0; first < bodies.length; first += SEND_BATCH) {
        await sendBatch(queue, bodies.slice(first, first + SEND_BATCH));
      }
    },
    async givenUp() {
      const failed = await queue.getJobs(['failed'], 0, GIVEN_UP_MAX - 1);
      // One that was redriven between the two steps of the look is listed without its content.
      return failed.flatMap((job) => (job === undefined ? [] : [job.data.body]));
    },
  };
}

/** The queue for adding and counting; it shares the connection and leaves it open. */
export function openQueue(redis: Redis): Queue<QueueJobData> {
  const queue = new Queue<QueueJobData>(REDIS_QUEUE.name, { connection: redis, prefix: REDIS_QUEUE.prefix });
  // Those of the connection, which tells them itself.
  queue.on('error', () => {});
  return queue;
}

function consume(
  options: BullmqWorkQueueOptions,
  handle: (delivery: Delivery) => Promise<Settlement>,
  window: number,
): Consumption {
  const { log, receivesMax, visibilitySeconds } = options;
  const connection = connectToRedis(options.url, log);
  const leaseMs = visibilitySeconds * 1000;
  let isStopping = false;

  const process = async (job: Job<QueueJobData>, token = ''): Promise<void> => {
    const takenAt = job.processedOn ?? Date.now();
    const delivery = toDelivery(job);
    // As SQS moves a message by itself: its last worker died with it and can not say why.
    if (delivery.receiveCount > receivesMax) {
      throw new UnrecoverableError(`Delivered ${receivesMax} times without an end.`);
    }
    const lease = createLease(takenAt + leaseMs);
    const stopRenewing = keepLease(renewalOf(options, job, token), lease);
    try {
      const settlement: Settlement = isStopping ? { kind: 'release' } : await handle({ ...delivery, lease });
      // Left as it is until its lock is over and it stalls. The clock may be ahead of Redis, which would still complete it
      // for us: right for what is done, and the loss of anything else.
      if (settlement.kind !== 'acknowledge' && !isLeaseHeld(lease, Date.now())) throw new WaitingError();
      await settle(job, token, settlement, delivery.receiveCount >= receivesMax);
    } finally {
      stopRenewing();
    }
  };
  const worker = new Worker<QueueJobData>(REDIS_QUEUE.name, process, {
    connection: connection.redis,
    prefix: REDIS_QUEUE.prefix,
    concurrency: window,
    lockDuration: leaseMs,
    // Renewed by `keepLease`, which knows from when on: BullMQ's own renewal tells nobody.
    skipLockRenewal: true,
    // Whole: Redis refuses a time to live that is not.
    stalledInterval: Math.round(leaseMs / STALLED_CHECKS_PER_LEASE),
    maxStalledCount: STALLS_WITHOUT_BOUND,
    runRetryDelay: PAUSE_AFTER_ERROR_MS,
    settings: { backoffStrategy: (_attempts, _type, error) => pauseMs(error) },
  });
  worker.on('error', (error) => {
    // That Redis is away is told once, by the connection.
    const level = connection.redis.status === 'ready' ? 'warn' : 'debug';
    log[level]({ err: error }, 'a call of the queue failed');
  });

  const close = async (): Promise<void> => {
    isStopping = true;
    const closed = worker.close().then(() => true);
    let isAway = false;
    while (!(await Promise.race([closed, pause(LOOK_MS, false)]))) {
      const wasAway = isAway;
      isAway = connection.redis.status !== 'ready';
      if (!isAway || !wasAway) continue;
      // What can not be settled comes again; BullMQ, and whoever sends, would wait for Redis without end.
      connection.giveUp();
      options.connection.giveUp();
    }
    connection.giveUp();
  };
  let stopping: Promise<void> | undefined;
  return {
    stop() {
      stopping ??= close();
      return stopping;
    },
  };
}

function toDelivery(job: Job<QueueJobData>): Delivery {
  const { body, forgiven = 0 } = job.data;
  return {
    id: job.id ?? '',
    body,
    receiveCount: job.attemptsStarted - forgiven,
    sentAt: job.timestamp,
  };
}

function renewalOf(
  { visibilitySeconds, log }: BullmqWorkQueueOptions,
  job: Job<QueueJobData>,
  token: string,
): KeepLeaseOptions {
  return {
    message: job.id ?? '',
    visibilitySeconds,
    log,
    renew: async () => (await job.extendLock(token, visibilitySeconds * 1000)) > 0,
  };
}

class RetryLater extends Error {
  readonly afterSeconds: number;

  constructor(afterSeconds: number) {
    super(`It comes again after ${afterSeconds} s.`);
    this.name = 'RetryLater';
    this.afterSeconds = afterSeconds;
  }
}

function pauseMs(error: unknown): number {
  return error instanceof RetryLater ? error.afterSeconds * 1000 : PAUSE_AFTER_ERROR_MS;
}

/** Returns for what is done; throws what BullMQ moves the job by. */
async function settle(
  job: Job<QueueJobData>,
  token: string,
  settlement: Settlement,
  isLastDelivery: boolean,
): Promise<void> {
  switch (settlement.kind) {
    case 'acknowledge':
      return;
    case 'retry':
      throw new RetryLater(settlement.afterSeconds);
    case 'release':
      // A release costs a delivery; after the last one the message must come again all the same.
      if (isLastDelivery) await job.updateData({ ...job.data, forgiven: job.attemptsStarted });
      await job.moveToWait(token);
      throw new WaitingError();
    case 'bury':
      // Recorded before it fails: a crash between the two delivers it again.
      await job.updateData({ ...job.data, failure: keptFailure(settlement.failure) });
      throw new UnrecoverableError(deadLetterText(settlement.failure.message));
    default:
      settlement satisfies never;
  }
}

function keptFailure({ code, message, remedy }: Failure): Failure {
  return { code, message: deadLetterText(message), remedy: deadLetterText(remedy) };
}

async function sendBatch(queue: Queue<QueueJobData>, bodies: readonly string[]): Promise<void> {
  try {
    await queue.addBulk(bodies.map(queueJob));
  } catch (cause) {
    throw new NutrisageError(
      'queue-unavailable',
      `Messages could not be sent to the queue on Redis: ${cause instanceof Error ? cause.message : String(cause)}`,
      'It is tried again by itself; if it lasts, look at the memory and the log of Redis.',
      { cause },
    );
  }
}
