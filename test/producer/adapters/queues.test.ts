import { PurgeQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRedisQueueReader } from '../../../local/dashboard/read-queue.ts';
import { createBullmqQueues } from '../../../producer/adapters/bullmq-queues.ts';
import { createSqsDeadLetterQueue } from '../../../producer/adapters/sqs-dead-letter-queue.ts';
import { createSqsJobsQueue } from '../../../producer/adapters/sqs-jobs-queue.ts';
import type { Failure } from '../../../schemas/file-reference.ts';
import { ENVIRONMENT } from '../../../schemas/names.ts';
import { openBullmqQueue } from '../../../worker/adapters/open-bullmq-queue.ts';
import { createSqsWorkQueue } from '../../../worker/adapters/sqs-work-queue.ts';
import type { WorkQueue } from '../../../worker/queue/work-queue.ts';
import { describeDeadLetters } from '../../contracts/dead-letter-queue.ts';
import { createClients } from '../../support/clients.ts';
import { startTestRedis, type TestRedis } from '../../support/redis.ts';
import { startTestStack } from '../../support/stack.ts';

const SETTINGS = { visibilitySeconds: 30, receivesMax: 5, log: pino({ level: 'silent' }) };

/** A worker that gives up whatever it takes, until it has given up as many as were sent. */
async function buryAll(queue: WorkQueue, bodies: readonly string[], failure: Failure): Promise<void> {
  await queue.send(bodies);
  let left = bodies.length;
  const all = Promise.withResolvers<void>();
  const consumption = queue.consume(async () => {
    left -= 1;
    if (left === 0) all.resolve();
    return { kind: 'bury', failure };
  }, 4);
  await all.promise;
  await consumption.stop();
}

describeDeadLetters('Amazon SQS', async () => {
  const stack = await startTestStack();
  const { sqs: client, destroy } = createClients(stack.servers);
  const queueUrl = stack.environment[ENVIRONMENT.jobsQueueUrl] ?? '';
  const deadLetterQueueUrl = stack.environment[ENVIRONMENT.deadLetterQueueUrl] ?? '';
  // S3's own test event lies there first.
  await client.send(new PurgeQueueCommand({ QueueUrl: queueUrl }));
  const queue = createSqsWorkQueue({ ...SETTINGS, client, queueUrl, deadLetterQueueUrl, waitSeconds: 1 });
  return {
    jobsQueue: createSqsJobsQueue(client, queueUrl, undefined),
    deadLetters: createSqsDeadLetterQueue(client, deadLetterQueueUrl, undefined),
    bury: (bodies, failure) => buryAll(queue, bodies, failure),
    async waiting() {
      const all = { QueueUrl: queueUrl, MaxNumberOfMessages: 10 };
      const { Messages = [] } = await client.send(new ReceiveMessageCommand(all));
      return Messages.map(({ Body = '' }) => Body);
    },
    async stop() {
      destroy();
      await stack.stop();
    },
  };
});

describe('on one Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  afterAll(() => redis.close());

  describeDeadLetters('Redis by BullMQ', async () => {
    const client = new Redis(redis.url);
    await client.flushall();
    const { queue, close } = openBullmqQueue({ url: redis.url, ...SETTINGS });
    const { jobsQueue, deadLetters, close: closeQueues } = createBullmqQueues(redis.url);
    return {
      jobsQueue,
      deadLetters,
      bury: (bodies, failure) => buryAll(queue, bodies, failure),
      async waiting() {
        const bodies: string[] = [];
        const consumption = queue.consume(async ({ body }) => {
          bodies.push(body);
          return { kind: 'acknowledge' };
        }, 1);
        const isEmpty = async () => (await client.llen('{nutrisage}:nutrisage-jobs:wait')) === 0;
        await expect.poll(isEmpty).toBe(true);
        await consumption.stop();
        return bodies;
      },
      async stop() {
        closeQueues();
        close();
        client.disconnect();
      },
    };
  });

  it('is read by the page with its oldest dead letters, and nothing is taken', async () => {
    const client = new Redis(redis.url);
    await client.flushall();
    const { queue, depths, close } = openBullmqQueue({ url: redis.url, ...SETTINGS });
    const reader = createRedisQueueReader(depths, redis.url);
    expect(await reader.read()).toEqual({
      waiting: 0,
      inFlight: 0,
      dead: 0,
      oldestSeconds: undefined,
      letters: [],
    });
    const failure = { code: 'unexpected', message: 'No.', remedy: 'None.' };
    await buryAll(
      queue,
      Array.from({ length: 25 }, (_, index) => `letter ${index}`),
      failure,
    );
    await queue.send(['waiting']);
    for (let look = 0; look < 2; look += 1) {
      const { letters, ...rest } = await reader.read();
      expect(rest).toMatchObject({ waiting: 1, inFlight: 0, dead: 25, oldestSeconds: expect.any(Number) });
      expect(letters).toHaveLength(20);
      expect(letters[0]).toMatchObject({ kind: 'unknown', failure });
    }
    reader.close();
    close();
    client.disconnect();
  });

  it('is read by the page again once it is back', async () => {
    const { depths, close } = openBullmqQueue({ url: redis.url, ...SETTINGS });
    const reader = createRedisQueueReader(depths, redis.url);
    await reader.read();
    await redis.restart();
    await expect
      .poll(async () => reader.read(), { timeout: 10_000 })
      .toMatchObject({ inFlight: 0, dead: expect.any(Number) });
    reader.close();
    close();
  });

  it('says who may not use it', async () => {
    const client = new Redis(redis.url);
    await client.config('SET', 'requirepass', 'secret');
    const { jobsQueue, close } = createBullmqQueues(redis.url);
    await expect(jobsQueue.send('{}')).rejects.toMatchObject({
      code: 'access-denied',
      message: expect.stringMatching(/may not be used: NOAUTH/),
    });
    close();
    const withPassword = createBullmqQueues(redis.url.replace('//', '//:secret@'));
    await withPassword.jobsQueue.send('{}');
    withPassword.close();
    await client.config('SET', 'requirepass', '');
    client.disconnect();
  });

  it('says at once that nobody is there, with the address and without the password', async () => {
    const { jobsQueue, deadLetters, close } = createBullmqQueues('redis://:secret@127.0.0.1:1');
    const away = {
      code: 'queue-unavailable',
      message: expect.stringContaining('127.0.0.1:1 cannot be reached'),
    };
    await expect(jobsQueue.send('{}')).rejects.toMatchObject(away);
    await expect(deadLetters.receiveAll()).rejects.toMatchObject(away);
    close();
  });
});
