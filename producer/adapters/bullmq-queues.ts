/**
 * The jobs queue on Redis by BullMQ, for sending, and its failed jobs, which are the dead letters. It connects at the
 * first call: most commands have nothing to do with the queue, and must work while it is away.
 */
import type { Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import pLimit from 'p-limit';
import { NutrisageError } from '../../core/errors.ts';
import { type QueueJobData, queueJob } from '../../core/jobs/queue-job.ts';
import { DEAD_LETTER_ATTRIBUTES } from '../../schemas/names.ts';
import { REDIS_QUEUE } from '../../schemas/redis-queue.ts';
import { CommandError } from '../command-error.ts';
import type { BuriedMessage, DeadLetterQueue, JobsQueue } from '../commands/ports.ts';

export interface BullmqQueues {
  readonly jobsQueue: JobsQueue;
  readonly deadLetters: DeadLetterQueue;
  /** The oldest dead letters, so many at most. */
  firstDeadLetters(count: number): Promise<readonly BuriedMessage[]>;
  /** Ends the connection, if there is one. */
  close(): void;
}

const CONNECTION_MS = 5000;
/** Failed jobs of one read: some 2 MB. */
const PAGE = 1000;
const REMOVALS_AT_ONCE = 64;

interface Open {
  readonly redis: Redis;
  readonly queue: Queue<QueueJobData>;
  /** What the connection ended by. */
  fault(): Error | undefined;
}

export function createBullmqQueues(url: string): BullmqQueues {
  let opening: Promise<Open> | undefined;
  let opened: Open | undefined;
  const call = async <T>(act: (queue: Queue<QueueJobData>) => Promise<T>): Promise<T> => {
    // One that has ended stays so; whoever calls again, as the page of the local stack does, gets another.
    if (opened?.redis.status === 'end') [opening, opened] = [undefined, undefined];
    opening ??= open(url);
    opened = await opening;
    try {
      return await act(opened.queue);
    } catch (error) {
      throw translateRedisError(opened.fault() ?? error, url);
    }
  };
  return {
    jobsQueue: {
      async send(body) {
        const { name, data, opts } = queueJob(body);
        await call((queue) => queue.add(name, data, opts));
      },
    },
    deadLetters: {
      receiveAll: () => call(readFailed),
      // Reading hides nothing here.
      release: async () => {},
      async remove(messages) {
        const limit = pLimit(REMOVALS_AT_ONCE);
        await call((queue) => Promise.all(messages.map(({ id }) => limit(() => removeFailed(queue, id)))));
      },
    },
    firstDeadLetters: (count) => call((queue) => readFailedPage(queue, 0, count)),
    close: () => opened?.redis.disconnect(),
  };
}

/** Loads the programs only now: they take a tenth of a second, which most commands need not wait for. */
async function open(url: string): Promise<Open> {
  const [{ Queue }, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
  let fault: Error | undefined;
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    connectTimeout: CONNECTION_MS,
    // A command tells at once that the queue is away; a worker would wait.
    retryStrategy: () => null,
  });
  redis.on('error', (error) => {
    fault ??= error;
  });
  const queue = new Queue<QueueJobData>(REDIS_QUEUE.name, { connection: redis, prefix: REDIS_QUEUE.prefix });
  queue.on('error', () => {});
  return { redis, queue, fault: () => fault };
}

/** Page by page in the order of failing: what fails meanwhile comes last. */
async function readFailed(queue: Queue<QueueJobData>): Promise<readonly BuriedMessage[]> {
  const byId = new Map<string, BuriedMessage>();
  for (let first = 0; first < (await queue.getFailedCount()); first += PAGE) {
    for (const message of await readFailedPage(queue, first, PAGE)) byId.set(message.id, message);
  }
  return [...byId.values()];
}

async function readFailedPage(
  queue: Queue<QueueJobData>,
  first: number,
  count: number,
): Promise<readonly BuriedMessage[]> {
  const jobs = await queue.getJobs(['failed'], first, first + count - 1, true);
  // A job that was removed between the two looks is listed without its content.
  return jobs.flatMap((job) => (job?.id === undefined ? [] : [toBuriedMessage(job, job.id)]));
}

function toBuriedMessage({ data, finishedOn }: Job<QueueJobData>, id: string): BuriedMessage {
  const { body, failure } = data;
  const attributes: Record<string, string> =
    failure === undefined
      ? {}
      : {
          [DEAD_LETTER_ATTRIBUTES.code]: failure.code,
          [DEAD_LETTER_ATTRIBUTES.message]: failure.message,
          [DEAD_LETTER_ATTRIBUTES.remedy]: failure.remedy,
        };
  return {
    id,
    receipt: id,
    body,
    attributes,
    buriedAt: finishedOn === undefined ? undefined : new Date(finishedOn).toISOString(),
  };
}

/** One that another program has set going again meanwhile is left alone. */
async function removeFailed(queue: Queue<QueueJobData>, id: string): Promise<void> {
  if ((await queue.getJobState(id)) === 'failed') await queue.remove(id);
}

const REFUSALS = /^(NOAUTH|WRONGPASS|NOPERM)\b/;

function translateRedisError(thrown: unknown, url: string): Error {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const place = `the queue on Redis at ${new URL(url).host}`;
  if (REFUSALS.test(error.message)) {
    return new CommandError(
      'access-denied',
      `${place} may not be used: ${error.message}`,
      'Check the user and the password in REDIS_URL.',
      { cause: error },
    );
  }
  return new NutrisageError(
    'queue-unavailable',
    `${place} cannot be reached (${reasonOf(error)})`,
    'Is Redis running, or the local stack (`npm run local -- --queue bullmq`)? Else check REDIS_URL.',
    { cause: error },
  );
}

/** Node tries each address of a host and reports them together, without a message. */
function reasonOf(error: Error): string {
  if (error.message !== '') return error.message;
  const [first] = error instanceof AggregateError ? error.errors : [];
  return first instanceof Error ? first.message : error.name;
}
