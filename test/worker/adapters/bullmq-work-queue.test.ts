import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBullmqQueueDepths } from '../../../worker/adapters/bullmq-queue-depths.ts';
import { createBullmqWorkQueue, openQueue } from '../../../worker/adapters/bullmq-work-queue.ts';
import { connectToRedis } from '../../../worker/adapters/redis-connection.ts';
import type { Consumption, Delivery, Settlement } from '../../../worker/queue/work-queue.ts';
import { describeWorkQueue, type QueueUnderTest, RECEIVES_MAX } from '../../contracts/work-queue.ts';
import { type CutLink, openCutLink } from '../../support/cut-link.ts';
import { shardMessage } from '../../support/records.ts';
import { startTestRedis, type TestRedis } from '../../support/redis.ts';

const log = pino({ level: 'silent' });
const ACKNOWLEDGE: Settlement = { kind: 'acknowledge' };

/** One server for the file: each test begins with an empty one. */
let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.close());

/** Renewals as the server sees them, of all clients. */
async function tapRenewals(url: string) {
  const client = new Redis(url);
  const monitor = await client.monitor();
  client.disconnect();
  return {
    renewals: (count: number): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      let left = count;
      monitor.on('monitor', (_time: string, words: readonly string[]) => {
        const isRenewal =
          words[0]?.toLowerCase() === 'set' && words[1]?.endsWith(':lock') && words[3] === 'PX';
        if (isRenewal && words.length === 5) left -= 1;
        if (left === 0) resolve();
      });
      return promise;
    },
    stop: () => monitor.disconnect(),
  };
}

async function openSubject(visibilitySeconds: number) {
  const subject = openSubjectAt(redis.url, visibilitySeconds);
  await subject.connection.redis.flushall();
  return subject;
}

function openSubjectAt(url: string, visibilitySeconds: number) {
  const connection = connectToRedis(url, log);
  const jobs = openQueue(connection.redis);
  const queueDepths = createBullmqQueueDepths(jobs, Date.now);
  return {
    connection,
    jobs,
    queue: createBullmqWorkQueue({ url, connection, visibilitySeconds, receivesMax: RECEIVES_MAX, log }),
    queueDepths,
    async depths() {
      const { waiting, inFlight, dead } = await queueDepths();
      return { waiting, taken: inFlight, dead };
    },
    async dead() {
      const failed = await jobs.getFailed();
      return failed.map(({ data }) => ({
        body: data.body,
        code: data.failure?.code,
        reason: data.failure?.message,
      }));
    },
  };
}

describeWorkQueue('Redis by BullMQ', async (): Promise<QueueUnderTest> => {
  const subject = await openSubject(3);
  const tap = await tapRenewals(redis.url);
  return {
    ...subject,
    renewals: tap.renewals,
    async stop() {
      tap.stop();
      subject.connection.giveUp();
    },
  };
});

describe('the queue on Redis', () => {
  let subject: Awaited<ReturnType<typeof openSubject>>;
  let consumptions: Consumption[] = [];
  const open = async (visibilitySeconds = 3): Promise<void> => {
    subject = await openSubject(visibilitySeconds);
  };
  afterEach(async () => {
    await Promise.all(consumptions.map((consumption) => consumption.stop()));
    consumptions = [];
    subject.connection.giveUp();
  });
  const consume = (handle: (delivery: Delivery) => Promise<Settlement>): Consumption => {
    const consumption = subject.queue.consume(handle, 1);
    consumptions.push(consumption);
    return consumption;
  };

  it('takes a shard that is sent twice once, by its name', async () => {
    await open();
    const body = JSON.stringify(shardMessage({ shard: 7 }));
    await subject.queue.send([body, body]);
    await subject.queue.send([body]);
    expect(await subject.depths()).toEqual({ waiting: 1, taken: 0, dead: 0 });
    const [job] = await subject.jobs.getWaiting();
    expect(job).toMatchObject({ id: '0123456789abcdef-7', name: 'shard', data: { body } });
  });

  it('takes the redrive of a shard while its failed job is there', async () => {
    await open();
    await subject.queue.send([JSON.stringify(shardMessage())]);
    consume(async (delivery) =>
      delivery.body.includes('"redrive":0')
        ? { kind: 'bury', failure: { code: 'unexpected', message: 'No.', remedy: 'None.' } }
        : ACKNOWLEDGE,
    );
    await expect.poll(subject.dead).toHaveLength(1);
    await subject.queue.send([JSON.stringify(shardMessage({ redrive: 1 }))]);
    await expect.poll(subject.depths).toEqual({ waiting: 0, taken: 0, dead: 1 });
  });

  it('counts pauses and releases as deliveries, whatever mixes', async () => {
    await open();
    await subject.queue.send(['mixed']);
    const counts: number[] = [];
    consume(async ({ receiveCount }) => {
      counts.push(receiveCount);
      if (counts.length === 1) return { kind: 'retry', afterSeconds: 0.1 };
      return counts.length === 2 ? { kind: 'release' } : ACKNOWLEDGE;
    });
    await expect.poll(subject.depths, { timeout: 10_000 }).toEqual({ waiting: 0, taken: 0, dead: 0 });
    expect(counts).toEqual([1, 2, 3]);
  });

  it('delivers a message again whose worker was lost, and gives it up after the last delivery, without a reason', async () => {
    await open(1);
    await subject.queue.send(['poison']);
    const counts: number[] = [];
    const links: CutLink[] = [];
    // Cut off for good with its message, which it never settles.
    const loseOne = async (): Promise<void> => {
      const taken = Promise.withResolvers<void>();
      const link = await openCutLink(redis.port);
      links.push(link);
      const worker = openSubjectAt(`redis://127.0.0.1:${link.port}`, 1);
      const endless = Promise.withResolvers<Settlement>();
      worker.queue.consume(({ receiveCount }) => {
        counts.push(receiveCount);
        taken.resolve();
        return endless.promise;
      }, 1);
      await taken.promise;
      link.cut();
    };
    for (let delivery = 0; delivery < RECEIVES_MAX; delivery += 1) await loseOne();
    consume(async () => ACKNOWLEDGE);
    await expect
      .poll(subject.dead, { timeout: 10_000 })
      .toEqual([{ body: 'poison', code: undefined, reason: undefined }]);
    expect(counts).toEqual([1, 2, 3]);
    for (const link of links) link.close();
  });

  it('goes on when its connections are cut again and again', async () => {
    const link = await openCutLink(redis.port);
    await open();
    subject.connection.giveUp();
    subject = openSubjectAt(`redis://127.0.0.1:${link.port}`, 3);
    const bodies = Array.from({ length: 30 }, (_, index) => `message ${index}`);
    await subject.queue.send(bodies);
    const seen = new Set<string>();
    consume(async ({ body }) => {
      seen.add(body);
      if (seen.size % 10 === 0) link.drop();
      return ACKNOWLEDGE;
    });
    await expect.poll(subject.depths, { timeout: 20_000 }).toEqual({ waiting: 0, taken: 0, dead: 0 });
    expect([...seen].sort()).toEqual(bodies.sort());
    link.close();
  });

  it('tells depths and the age of the oldest message that is not done', async () => {
    await open();
    expect(await subject.queueDepths()).toMatchObject({ waiting: 0, inFlight: 0, dead: 0, oldestSeconds: 0 });
    await subject.queue.send(['first', 'second']);
    const hold = Promise.withResolvers<Settlement>();
    consume(() => hold.promise);
    await expect.poll(subject.depths).toEqual({ waiting: 1, taken: 1, dead: 0 });
    const later = createBullmqQueueDepths(subject.jobs, () => Date.now() + 60_000);
    const { oldestSeconds } = await later();
    expect(oldestSeconds).toBeGreaterThanOrEqual(60);
    expect(oldestSeconds).toBeLessThan(70);
    hold.resolve(ACKNOWLEDGE);
  });

  it('loses nothing when Redis is killed while a message is handled: it is settled or comes again', async () => {
    await open();
    const bodies = Array.from({ length: 20 }, (_, index) => `message ${index}`);
    await subject.queue.send(bodies);
    const seen: string[] = [];
    let restarted: Promise<void> | undefined;
    consume(async ({ body }) => {
      seen.push(body);
      if (seen.length === 5) {
        restarted = redis.restart(300);
        await restarted;
      }
      return ACKNOWLEDGE;
    });
    await expect.poll(() => new Set(seen).size, { timeout: 20_000 }).toBe(20);
    await restarted;
    await expect.poll(subject.depths, { timeout: 10_000 }).toEqual({ waiting: 0, taken: 0, dead: 0 });
  });

  it('keeps what is sent while Redis is away until it is back', async () => {
    await open();
    await redis.kill();
    const sent = subject.queue.send(['patient']);
    await redis.start();
    await sent;
    expect(await subject.depths()).toMatchObject({ waiting: 1 });
  });

  it('stops though Redis is away, when it has nothing to settle', async () => {
    await open();
    const consumption = consume(async () => ACKNOWLEDGE);
    await subject.depths();
    await redis.kill();
    await consumption.stop();
    await redis.start();
  });
});
