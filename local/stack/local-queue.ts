/** The jobs queue of the embedded stack: SQS on the embedded server, or BullMQ on a Redis. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { pino } from 'pino';
import { ENVIRONMENT, RESOURCES } from '../../schemas/names.ts';
import type { QueueKind } from '../../schemas/redis-queue.ts';
import { openBullmqQueue } from '../../worker/adapters/open-bullmq-queue.ts';
import { withoutPassword } from '../../worker/adapters/redis-connection.ts';
import { createSqsQueueDepths } from '../../worker/adapters/sqs-queue-depths.ts';
import type { QueueDepths } from '../../worker/metrics/process-watch.ts';
import { startRedisServer } from './redis-server.ts';
import { clientConfigurations } from './service-clients.ts';
import { StackError } from './stack-error.ts';
import type { Servers } from './start-servers.ts';

export interface LocalQueueOptions {
  /** @default sqs */
  readonly queue?: QueueKind;
  /** A Redis at hand. @default one of the stack's own */
  readonly redisUrl?: string | undefined;
}

export interface LocalQueue {
  readonly kind: QueueKind;
  /** Variables that point programs to it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Rejected where its server is away: who looks waits for nobody. */
  depths(): Promise<QueueDepths>;
  /** Sends what nobody waits for, such as an event of the store. */
  post(body: string): void;
  /** Fulfilled with the reason when its server dies by itself; that of SQS is one of the stack's. */
  readonly died: Promise<StackError>;
  /** After whoever uses it. */
  stop(): Promise<void>;
}

const NEVER = new Promise<StackError>(() => {});
/** A worker waits for a Redis that is away; whoever starts a stack wants to know. */
const REACH_MS = 5000;
/** For takers of messages, which the stack is none of. */
const UNUSED = { visibilitySeconds: 60, receivesMax: 1, log: pino({ level: 'silent' }) };

/** @param provided the variables of the stack's other resources */
export async function openLocalQueue(
  servers: Servers,
  provided: Readonly<Record<string, string>>,
  { queue = 'sqs', redisUrl }: LocalQueueOptions,
): Promise<LocalQueue> {
  return queue === 'sqs' ? openSqs(servers, provided) : openRedis(servers.directory, redisUrl);
}

function openSqs(servers: Servers, provided: Readonly<Record<string, string>>): LocalQueue {
  const client = new SQSClient(clientConfigurations(servers).sqs);
  const depths = createSqsQueueDepths({
    client,
    queueUrl: provided[ENVIRONMENT.jobsQueueUrl] ?? '',
    deadLetterQueueUrl: provided[ENVIRONMENT.deadLetterQueueUrl] ?? '',
  });
  return {
    kind: 'sqs',
    environment: { [ENVIRONMENT.queue]: 'sqs' },
    depths,
    post: (body) => servers.store.sendMessage(RESOURCES.jobsQueue, body),
    died: NEVER,
    stop: async () => client.destroy(),
  };
}

/** @throws {StackError} when there is none at hand and none can be started. */
async function openRedis(directory: string, redisUrl: string | undefined): Promise<LocalQueue> {
  const server =
    redisUrl === undefined ? await startRedisServer({ directory: join(directory, 'redis') }) : undefined;
  const url = redisUrl ?? server?.url ?? '';
  const opened = openBullmqQueue({ url, ...UNUSED });
  try {
    await Promise.race([opened.check(), giveUpAfter(REACH_MS, url)]);
  } catch (cause) {
    opened.close();
    await server?.stop();
    if (cause instanceof StackError) throw cause;
    throw new StackError(cause instanceof Error ? cause.message : String(cause), 'Or name another Redis.', {
      cause,
    });
  }
  const posts = new Set<Promise<void>>();
  return {
    kind: 'bullmq',
    environment: { [ENVIRONMENT.queue]: 'bullmq', [ENVIRONMENT.redisUrl]: url },
    async depths() {
      // Each call to one that is away would wait for it, and be made when it is back.
      if (!opened.isReady()) throw unreachable(url);
      return Promise.race([opened.depths(), giveUpAfter(REACH_MS, url)]);
    },
    post(body) {
      const sent = opened.queue.send([body]).catch(() => {});
      posts.add(sent);
      void sent.finally(() => posts.delete(sent));
    },
    died: server?.died ?? NEVER,
    async stop() {
      // One that is away takes none any more.
      if (opened.isReady()) await Promise.all(posts);
      opened.close();
      await server?.stop();
    },
  };
}

async function giveUpAfter(milliseconds: number, url: string): Promise<never> {
  await pause(milliseconds, undefined, { ref: false });
  throw unreachable(url);
}

function unreachable(url: string): StackError {
  return new StackError(
    `The Redis at ${withoutPassword(url)} can not be reached.`,
    `Start it, or unset ${ENVIRONMENT.redisUrl}: the stack then starts one of its own.`,
  );
}
