import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestRedis, type TestRedis } from '../../support/redis.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

describe('a queue on a Redis that goes away', () => {
  let redis: TestRedis;
  let stack: TestStack | undefined;
  let said: string[];

  beforeEach(async () => {
    redis = await startTestRedis();
    said = [];
    stack = await startTestStack({
      queue: 'bullmq',
      redisUrl: redis.url,
      autoscale: { tasksMin: 0, tasksMax: 1 },
      report: (sentence) => said.push(sentence),
    });
  });
  afterEach(async () => {
    await stack?.stop();
    await redis.close();
  });

  const depths = () => stack?.queue.depths();

  it('is told to who looks at it, until it is back', async () => {
    expect(await depths()).toMatchObject({ waiting: 1, inFlight: 0 });
    await redis.kill();
    await expect(depths()).rejects.toThrow(`The Redis at ${redis.url} can not be reached.`);
    await redis.start();
    await expect.poll(depths, { timeout: 10_000 }).toMatchObject({ waiting: 1, inFlight: 0 });
  });

  it('keeps nothing from its stop that follows the backlog', async () => {
    await redis.kill();
    await expect.poll(() => said.join(), { timeout: 20_000 }).toContain('The backlog can not be read');
    await stack?.stop();
    stack = undefined;
  });
});
