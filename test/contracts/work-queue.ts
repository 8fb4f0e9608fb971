/** What every adapter of the jobs queue must do; `test/worker/adapters` runs it on each. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLeaseHeld, renewLease } from '../../worker/queue/lease.ts';
import type { Consumption, Delivery, Settlement, WorkQueue } from '../../worker/queue/work-queue.ts';

/** A message of the dead-letter queue: code and reason are absent when the queue moved it by itself. */
export interface DeadMessage {
  readonly body: string;
  readonly code: string | undefined;
  readonly reason: string | undefined;
}

/** How often a queue under test delivers a message before it moves it to the dead-letter queue by itself. */
export const RECEIVES_MAX = 3;

export interface QueueUnderTest {
  readonly queue: WorkQueue;
  /** Messages that wait, are taken, or lie in the dead-letter queue. */
  depths(): Promise<{ readonly waiting: number; readonly taken: number; readonly dead: number }>;
  /** Bodies in the dead-letter queue with their failure. */
  dead(): Promise<readonly DeadMessage[]>;
  /** Resolves when the lease of a message was renewed this often from now on. */
  renewals(count: number): Promise<void>;
  stop(): Promise<void>;
}

const ACKNOWLEDGE: Settlement = { kind: 'acknowledge' };

export function describeWorkQueue(name: string, start: () => Promise<QueueUnderTest>): void {
  describe(`work queue on ${name}`, () => {
    let subject: QueueUnderTest;
    let consumptions: Consumption[];

    beforeEach(async () => {
      subject = await start();
      consumptions = [];
    });
    afterEach(async () => {
      await Promise.all(consumptions.map((consumption) => consumption.stop()));
      await subject.stop();
    });

    const consume = (handle: (delivery: Delivery) => Promise<Settlement>, window = 1): Consumption => {
      const consumption = subject.queue.consume(handle, window);
      consumptions.push(consumption);
      return consumption;
    };
    const settledDown = () =>
      expect.poll(subject.depths, { timeout: 10_000 }).toMatchObject({ waiting: 0, taken: 0 });

    it('delivers each of many messages once and empties', async () => {
      const bodies = Array.from({ length: 45 }, (_, index) => `message ${index}`);
      await subject.queue.send(bodies);
      const seen: string[] = [];
      consume(async (delivery) => {
        seen.push(delivery.body);
        return ACKNOWLEDGE;
      }, 4);
      await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(45);
      await settledDown();
      expect([...seen].sort()).toEqual([...bodies].sort());
    });

    it('goes on with other messages while one is slow', async () => {
      await subject.queue.send(['slow', ...Array.from({ length: 19 }, (_, index) => `quick ${index}`)]);
      const slow = Promise.withResolvers<void>();
      let quick = 0;
      consume(async (delivery) => {
        if (delivery.body === 'slow') await slow.promise;
        else quick += 1;
        return ACKNOWLEDGE;
      }, 3);
      await expect.poll(() => quick, { timeout: 10_000 }).toBe(19);
      slow.resolve();
      await settledDown();
    });

    it('counts deliveries and gives a released message back at once', async () => {
      await subject.queue.send(['again']);
      const receives: number[] = [];
      const begun = performance.now();
      consume(async (delivery) => {
        receives.push(delivery.receiveCount);
        return receives.length < 3 ? { kind: 'release' } : ACKNOWLEDGE;
      });
      await expect.poll(() => receives, { timeout: 10_000 }).toEqual([1, 2, 3]);
      expect(performance.now() - begun).toBeLessThan(5000);
      await settledDown();
    });

    it('gives a message back that is released on its last delivery, and never to the dead-letter queue', async () => {
      await subject.queue.send(['interrupted']);
      const receives: number[] = [];
      consume(async (delivery) => {
        receives.push(delivery.receiveCount);
        return receives.length <= RECEIVES_MAX ? { kind: 'release' } : ACKNOWLEDGE;
      });
      await expect.poll(() => receives, { timeout: 10_000 }).toEqual([1, 2, 3, 1]);
      await settledDown();
      expect(await subject.dead()).toEqual([]);
    });

    it('gives a message to be retried back after its pause', async () => {
      await subject.queue.send(['later']);
      const times: number[] = [];
      consume(async () => {
        times.push(performance.now());
        return times.length === 1 ? { kind: 'retry', afterSeconds: 1 } : ACKNOWLEDGE;
      });
      await expect.poll(() => times.length, { timeout: 10_000 }).toBe(2);
      expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(900);
    });

    it('buries a message with its reason', async () => {
      await subject.queue.send(['poison']);
      consume(async () => ({
        kind: 'bury',
        failure: { code: 'damaged-parquet', message: 'It is damaged.', remedy: 'Write it again.' },
      }));
      await expect
        .poll(subject.dead, { timeout: 10_000 })
        .toEqual([{ body: 'poison', code: 'damaged-parquet', reason: 'It is damaged.' }]);
      await settledDown();
    });

    it('buries a message whose reason has characters that no message may carry', async () => {
      await subject.queue.send(['odd']);
      const grin = '\u{1F600}';
      // A cut after 2,000 UTF-16 units would leave half of the last grin that fits.
      const message = `\u0000nul \u001besc \uFFFE \uD800 lone\ttab ${grin.repeat(3000)}`;
      consume(async () => ({ kind: 'bury', failure: { code: 'unexpected', message, remedy: '' } }));
      await expect.poll(subject.dead, { timeout: 10_000 }).toHaveLength(1);
      const [dead] = await subject.dead();
      expect(dead?.reason?.startsWith(`\uFFFDnul \uFFFDesc \uFFFD \uFFFD lone\ttab ${grin}`)).toBe(true);
      expect(dead?.reason?.endsWith(grin)).toBe(true);
      await settledDown();
    });

    it('tells what was given up, by a worker or by the queue itself, and leaves it where it lies', async () => {
      await subject.queue.send(['given up', 'buried']);
      consume(async ({ body }) =>
        body === 'buried'
          ? { kind: 'bury', failure: { code: 'unexpected', message: 'It is known why.', remedy: '' } }
          : { kind: 'retry', afterSeconds: 0 },
      );
      await expect.poll(subject.dead, { timeout: 20_000 }).toHaveLength(2);
      // What was just looked at is hidden for a moment.
      const givenUp = async () => [...(await subject.queue.givenUp())].sort();
      await expect.poll(givenUp, { timeout: 10_000 }).toEqual(['buried', 'given up']);
      await expect.poll(subject.dead, { timeout: 10_000 }).toHaveLength(2);
    });

    it('gives a delivery a lease that goes on while it is handled', async () => {
      await subject.queue.send(['long']);
      const seen: boolean[] = [];
      consume(async ({ lease }) => {
        await subject.renewals(2);
        seen.push(isLeaseHeld(lease, Date.now()));
        return ACKNOWLEDGE;
      });
      await expect.poll(() => seen, { timeout: 20_000 }).toEqual([true]);
    });

    it.each([
      ['retried', { kind: 'retry', afterSeconds: 0 }],
      ['released', { kind: 'release' }],
    ] as const)(
      'loses no message that is %s after its lease, before the queue knows',
      async (_, settlement) => {
        await subject.queue.send(['late']);
        const receives: number[] = [];
        consume(async ({ receiveCount, lease }) => {
          receives.push(receiveCount);
          if (receives.length > 1) return ACKNOWLEDGE;
          if (lease !== undefined) renewLease(lease, 0);
          return settlement;
        });
        await expect.poll(() => receives, { timeout: 15_000 }).toEqual([1, 2]);
        await settledDown();
        expect(await subject.dead()).toEqual([]);
      },
    );

    it('renews the lease of a message again and again while it is handled, so that nobody else gets it', async () => {
      await subject.queue.send(['long']);
      let deliveries = 0;
      consume(async () => {
        deliveries += 1;
        await subject.renewals(2);
        return ACKNOWLEDGE;
      }, 2);
      await expect.poll(() => deliveries, { timeout: 5000 }).toBe(1);
      await settledDown();
      expect(deliveries).toBe(1);
    });

    it('stops at once when idle, in the middle of a poll', async () => {
      const consumption = consume(async () => ACKNOWLEDGE);
      await subject.depths();
      const begun = performance.now();
      await consumption.stop();
      expect(performance.now() - begun).toBeLessThan(1000);
    });

    it('settles what it has before it has stopped, and takes nothing after', async () => {
      await subject.queue.send(['one', 'two', 'three']);
      const hold = Promise.withResolvers<void>();
      const taken: string[] = [];
      const consumption = consume(async (delivery) => {
        taken.push(delivery.body);
        await hold.promise;
        return ACKNOWLEDGE;
      });
      await expect.poll(() => taken.length, { timeout: 10_000 }).toBe(1);
      const stopped = consumption.stop();
      hold.resolve();
      await stopped;
      await subject.queue.send(['four']);
      await expect.poll(subject.depths, { timeout: 10_000 }).toMatchObject({ waiting: 3, taken: 0 });
      expect(taken).toHaveLength(1);
    });
  });
}
