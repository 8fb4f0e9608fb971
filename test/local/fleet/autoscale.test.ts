import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLOCKS } from '../../../core/scaling/clocks.ts';
import { PROFILES, workerPolicy } from '../../../core/scaling/policy.ts';
import { type Autoscaling, type Backlog, startAutoscaling } from '../../../local/fleet/autoscale.ts';

const clock = CLOCKS.fast;
/** Six messages a worker. */
const policy = workerPolicy(PROFILES.demo, { threads: 1, shardSeconds: 2 }, { tasksMin: 1, tasksMax: 4 });

describe('autoscaling of the fleet', () => {
  let autoscaling: Autoscaling | undefined;
  let backlog: Backlog | Error;
  let readyCount: number;
  let resized: number[];
  let said: string[];

  beforeEach(() => {
    vi.useFakeTimers();
    backlog = { waiting: 0, inFlight: 0 };
    readyCount = 1;
    resized = [];
    said = [];
    autoscaling = startAutoscaling({
      fleet: {
        get readyCount() {
          return readyCount;
        },
        resize: (workers) => {
          resized.push(workers);
          readyCount = workers;
        },
      },
      workers: 1,
      policy,
      clock,
      readBacklog: async () => {
        if (backlog instanceof Error) throw backlog;
        return backlog;
      },
      report: (sentence) => said.push(sentence),
    });
  });
  afterEach(async () => {
    await autoscaling?.stop();
    vi.useRealTimers();
  });

  const pass = (seconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(seconds * 1000);

  it('adds workers once the backlog has been too large for three values, and removes them after fifteen', async () => {
    backlog = { waiting: 15, inFlight: 3 };
    await pass(14);
    expect(resized).toEqual([]);
    await pass(1);
    expect(resized).toEqual([3]);
    expect(said).toEqual(['Workers: 1 to 3, with 15 messages waiting and 3 in flight.']);
    backlog = { waiting: 0, inFlight: 0 };
    await pass(14 * clock.metricSeconds);
    expect(resized).toEqual([3]);
    await pass(2 * clock.metricSeconds);
    expect(resized).toEqual([3, 1]);
  });

  it('keeps what it saw, for the page', async () => {
    backlog = { waiting: 2, inFlight: 1 };
    await pass(3);
    expect(autoscaling?.observations).toHaveLength(3);
    expect(autoscaling?.observations.at(-1)).toEqual({
      at: Date.now(),
      waiting: 2,
      inFlight: 1,
      desired: 1,
      running: 1,
    });
    await pass(3700);
    expect(autoscaling?.observations).toHaveLength(3600);
  });

  it('decides no more often once it keeps no more of what it saw', async () => {
    await pass(3600);
    backlog = { waiting: 15, inFlight: 3 };
    await pass(3 * clock.metricSeconds - 1);
    expect(resized).toEqual([]);
    await pass(1);
    expect(resized).toEqual([3]);
  });

  it('leaves the workers as they are while the backlog can not be read, and says so once', async () => {
    backlog = new Error('no queue');
    await pass(60);
    expect(resized).toEqual([]);
    expect(said).toEqual(['The backlog can not be read, so the number of workers stays: Error: no queue']);
    backlog = { waiting: 0, inFlight: 0 };
    await pass(1);
    backlog = new Error('again');
    await pass(1);
    expect(said).toHaveLength(2);
  });

  it('looks no more once it is stopped', async () => {
    await autoscaling?.stop();
    backlog = { waiting: 100, inFlight: 0 };
    await pass(60);
    expect(resized).toEqual([]);
  });
});
