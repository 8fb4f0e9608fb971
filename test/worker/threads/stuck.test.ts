import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BroadcastChannel } from 'node:worker_threads';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLease, isLeaseHeld, renewLease } from '../../../worker/queue/lease.ts';
import { createThreadPool, type ThreadPool } from '../../../worker/threads/thread-pool.ts';
import { type Pulsing, watchPulses } from '../../../worker/threads/watch-pulses.ts';
import { shardMessage } from '../../support/records.ts';

const STUCK_MS = 400;

describe('a thread that is stuck', () => {
  let folder: string;
  let file: string;
  let pool: ThreadPool;
  let channel: BroadcastChannel;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nutrisage-stuck-'));
    file = join(folder, 'written');
    channel = new BroadcastChannel(folder);
    pool = createThreadPool({
      threads: 1,
      entry: new URL('./stuck-thread.ts', import.meta.url),
      stuckMs: STUCK_MS,
      settings: {
        dataBucket: folder,
        modelBucket: file,
        gradesTable: undefined,
        rowGroupBytesMax: 1,
        ceilings: { fileBytes: 1, footerBytes: 1, rows: 1, columns: 1, textBytes: 1 },
        retentionDays: 1,
        engine: 'auto',
      },
      log: pino({ level: 'silent' }),
    });
  });
  afterEach(async () => {
    await pool.stop();
    channel.close();
    await rm(folder, { recursive: true });
  });

  it('is left: its shard comes back to be tried again, and another thread works in its place', async () => {
    await expect(pool.grade(shardMessage({ shard: 0 }))).rejects.toMatchObject({
      code: 'thread-stuck',
      disposition: 'retry',
      message: expect.stringContaining('shard 0 of s3://nutrisage-data/inbox/shop.parquet'),
    });
    await expect(pool.grade(shardMessage({ shard: 1 }))).rejects.toMatchObject({ message: 'done 1' });
    expect(pool.use()).toMatchObject({ threads: 1, deaths: 1 });
  });

  it('is not one that has several tasks, one after the other, each short of being stuck', async () => {
    const tasks = Array.from({ length: 4 }, () => pool.grade(shardMessage({ shard: 2 })));
    const outcomes = await Promise.allSettled(tasks);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.message)).toEqual(
      Array.from({ length: 4 }, () => 'done 2'),
    );
    expect(pool.use()).toMatchObject({ deaths: 0 });
  });

  it('writes nothing when it comes back to itself', async () => {
    await expect(pool.grade(shardMessage({ shard: 0 }))).rejects.toMatchObject({ code: 'thread-stuck' });
    // The flag of the interruption is what it waits for.
    pool.interrupt();
    await expect.poll(() => readFile(file, 'utf8').catch(() => ''), { timeout: 10_000 }).toBe('left 0\n');
  });
});

describe('pulses', () => {
  const watched = async (thread: Pulsing, limitMs: number, waitMs: number): Promise<number> => {
    let stuck = 0;
    const stop = watchPulses(
      () => [thread],
      limitMs,
      () => {
        stuck += 1;
      },
    );
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    stop();
    return stuck;
  };

  it('that go on are left alone', async () => {
    let pulse = 0;
    const beating = {
      get pulse() {
        return pulse++;
      },
    };
    expect(await watched(beating, 100, 500)).toBe(0);
  });

  it('that stand still while the whole loop does are not blamed for it', async () => {
    const thread: Pulsing = { pulse: 1 };
    const stuck: Pulsing[] = [];
    const stop = watchPulses(
      () => [thread],
      400,
      (found) => stuck.push(found),
    );
    await new Promise((resolve) => setTimeout(resolve, 150));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 900);
    await new Promise((resolve) => setTimeout(resolve, 50));
    stop();
    expect(stuck).toEqual([]);
  });
});

describe('a lease', () => {
  it('is held until its time, and for longer when it is renewed', () => {
    const lease = createLease(1000);
    expect([999, 1000].map((now) => isLeaseHeld(lease, now))).toEqual([true, false]);
    renewLease(lease, 2000.7);
    expect([1999, 2000].map((now) => isLeaseHeld(lease, now))).toEqual([true, false]);
  });

  it('that a queue does not tell of is held for ever', () => {
    expect(isLeaseHeld(undefined, Number.MAX_SAFE_INTEGER)).toBe(true);
  });
});
