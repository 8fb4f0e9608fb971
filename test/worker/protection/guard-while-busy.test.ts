import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  EXPIRES_MINUTES,
  guardWhileBusy,
  IDLE_MS,
  type TaskGuard,
} from '../../../worker/protection/guard-while-busy.ts';
import type { Delivery, Settlement, WorkQueue } from '../../../worker/queue/work-queue.ts';

const MINUTE_MS = 60_000;
const DONE: Settlement = { kind: 'acknowledge' };

describe('a worker’s task', () => {
  let asked: number[];
  let failure: Error | undefined;
  let warnings: unknown[];
  let deliver: () => Promise<Settlement>;
  let finish: () => void;
  let guard: TaskGuard;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    asked = [];
    warnings = [];
    failure = undefined;
    let handle: (delivery: Delivery) => Promise<Settlement>;
    const queue: WorkQueue = {
      consume(handler) {
        handle = handler;
        return { stop: async () => {} };
      },
      givenUp: async () => [],
      send: async () => {
        throw new Error('Nothing is sent.');
      },
    };
    guard = guardWhileBusy({
      queue,
      protection: {
        async protectFor(minutes) {
          asked.push(minutes);
          if (failure !== undefined) throw failure;
        },
      },
      now: () => performance.now(),
      log: { warn: (...said: unknown[]) => void warnings.push(said) },
    });
    let finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    guard.queue.consume(async () => {
      await finished;
      return DONE;
    }, 1);
    deliver = () => {
      finished = new Promise((resolve) => {
        finish = resolve;
      });
      return handle({ id: 'a', body: '', receiveCount: 1 });
    };
  });
  afterEach(() => {
    guard.stop();
    vi.useRealTimers();
  });

  it('is free while nothing was taken', async () => {
    await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
    expect(asked).toEqual([]);
  });

  it('is guarded at once with the first message, and free when it has had none for a while', async () => {
    const settled = deliver();
    expect(asked).toEqual([EXPIRES_MINUTES]);
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    finish();
    expect(await settled).toBe(DONE);
    await vi.advanceTimersByTimeAsync(IDLE_MS - 1000);
    expect(asked).toEqual([EXPIRES_MINUTES]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(asked).toEqual([EXPIRES_MINUTES, 0]);
    await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
    expect(asked).toHaveLength(2);
  });

  it('stays guarded from one message to the next', async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      const settled = deliver();
      await vi.advanceTimersByTimeAsync(1000);
      finish();
      await settled;
      await vi.advanceTimersByTimeAsync(3000);
    }
    expect(asked).toEqual([EXPIRES_MINUTES]);
  });

  it('is guarded anew before it expires, as often as one message takes', async () => {
    const settled = deliver();
    await vi.advanceTimersByTimeAsync(31 * MINUTE_MS);
    expect(asked.length).toBeGreaterThanOrEqual(6);
    expect(new Set(asked)).toEqual(new Set([EXPIRES_MINUTES]));
    finish();
    await settled;
  });

  it('is asked for again where it was refused, which is said once', async () => {
    failure = new Error('TASK_NOT_VALID');
    const settled = deliver();
    await vi.advanceTimersByTimeAsync(5000);
    expect(asked.length).toBeGreaterThan(3);
    expect(warnings).toHaveLength(1);
    failure = undefined;
    await vi.advanceTimersByTimeAsync(1000);
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(asked).toHaveLength(before);
    finish();
    await settled;
  });

  it('is left as it is by who stops', async () => {
    const settled = deliver();
    guard.stop();
    finish();
    await settled;
    await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
    expect(asked).toEqual([EXPIRES_MINUTES]);
  });
});
