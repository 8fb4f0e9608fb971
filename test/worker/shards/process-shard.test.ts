import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ErrorCode, NutrisageError } from '../../../core/errors.ts';
import { summaryKey } from '../../../core/jobs/keys.ts';
import { JobSummary } from '../../../schemas/job-summary.ts';
import type { JobRecord } from '../../../schemas/ledger.ts';
import type { ShardMessage } from '../../../schemas/messages.ts';
import { createParser } from '../../../schemas/parse.ts';
import { lastAttemptRecord } from '../../../worker/ledger/job-record.ts';
import type { Ledger } from '../../../worker/ledger/ledger.ts';
import { reconcile } from '../../../worker/ledger/reconcile.ts';
import type { Settlement } from '../../../worker/queue/work-queue.ts';
import { processShard } from '../../../worker/shards/process-shard.ts';
import type { WrittenShard } from '../../../worker/threads/thread-protocol.ts';
import {
  doneShard,
  failedShard,
  jobRecord,
  plannedFile,
  shardMessage,
  shardsOf,
} from '../../support/records.ts';
import { deliveryOf, freshJob, RECEIVES_MAX, startWorkerBench, type WorkerBench } from '../worker-bench.ts';

const summaryParser = createParser('the summary', JobSummary);
const ACKNOWLEDGE: Settlement = { kind: 'acknowledge' };
const RELEASE: Settlement = { kind: 'release' };

let bench: WorkerBench;
let job: string;

beforeAll(async () => {
  bench = await startWorkerBench();
});
afterAll(() => bench.stop());
beforeEach(() => {
  job = freshJob();
  bench.setClock('2026-11-23T10:01:00.000Z');
});

/** A running job of `shards` shards of 100 rows. */
async function startJob(shards: number): Promise<void> {
  const { ledger } = bench.ports;
  await ledger.createJob(jobRecord({ job }));
  const rows = shards * 100;
  await ledger.startJob(job, { files: [plannedFile({ rows, shards })], rows, shards });
}

function message(shard: number, changes: Partial<ShardMessage> = {}): ShardMessage {
  return shardMessage({ job, shard, firstRowNumber: shard * 100, ...changes });
}

function written(shard: ShardMessage): WrittenShard {
  const { counts, outputs, seconds } = doneShard(shard.shard);
  if (counts === undefined || outputs === undefined || seconds === undefined) throw new Error('not done');
  return { kind: 'written', message: shard, counts, outputs, seconds };
}

const succeeds = (shard: number): void =>
  bench.ports.threads.onGrade(job, shard, async (given) => written(given));
const failsWith = (shard: number, code: ErrorCode): void =>
  bench.ports.threads.onGrade(job, shard, async () => {
    throw new NutrisageError(code, `It failed with ${code}.`, 'Mend it.');
  });
const deliver = (given: ShardMessage, receiveCount = 1): Promise<Settlement> =>
  processShard(bench.ports, given, deliveryOf(given, receiveCount));

const stored = async (): Promise<JobRecord | undefined> => bench.ports.ledger.job(job);
async function summary(): Promise<JobSummary> {
  const { dataBucket } = bench.ports;
  const { Body } = await bench.clients.s3.send(
    new GetObjectCommand({ Bucket: dataBucket, Key: summaryKey(job) }),
  );
  return summaryParser.parse(JSON.parse((await Body?.transformToString()) ?? ''));
}

describe('a shard', () => {
  it('is recorded with its counts, counted, and closes the job when it is the last', async () => {
    await startJob(2);
    succeeds(0);
    succeeds(1);
    expect(await deliver(message(0))).toEqual(ACKNOWLEDGE);
    expect(await stored()).toMatchObject({
      state: 'running',
      finished: 1,
      rowsFinished: 100,
      rowsRejected: 10,
    });
    expect(await deliver(message(1))).toEqual(ACKNOWLEDGE);
    expect(await stored()).toMatchObject({ state: 'succeeded', finished: 2, rowsFinished: 200 });
    expect(await bench.ports.ledger.shard(job, 1)).toMatchObject({
      state: 'done',
      worker: 'worker-1',
      attempt: 1,
    });
    expect(await summary()).toMatchObject({ state: 'succeeded', counts: { rows: 200, rejected: 20 } });
  });

  it('changes nothing when its message comes a second time', async () => {
    await startJob(2);
    succeeds(0);
    await deliver(message(0));
    const before = [await stored(), await bench.ports.ledger.shard(job, 0)];
    bench.setClock('2026-11-23T10:09:00.000Z');
    bench.ports.threads.onGrade(job, 0, async () => {
      throw new Error('It must not be graded again.');
    });
    expect(await deliver(message(0), 2)).toEqual(ACKNOWLEDGE);
    expect([await stored(), await bench.ports.ledger.shard(job, 0)]).toEqual(before);
  });

  it('is counted once when two workers have it at the same time', async () => {
    await startJob(1);
    const both = Promise.withResolvers<void>();
    let arrived = 0;
    bench.ports.threads.onGrade(job, 0, async (given) => {
      arrived += 1;
      if (arrived === 2) both.resolve();
      await both.promise;
      return written(given);
    });
    expect(await Promise.all([deliver(message(0)), deliver(message(0), 2)])).toEqual([
      ACKNOWLEDGE,
      ACKNOWLEDGE,
    ]);
    expect(await stored()).toMatchObject({ state: 'succeeded', finished: 1, rowsFinished: 100 });
  });

  it('fails with its reason and is buried when no attempt can mend it', async () => {
    await startJob(1);
    failsWith(0, 'object-changed');
    const failure = { code: 'object-changed', message: 'It failed with object-changed.', remedy: 'Mend it.' };
    expect(await deliver(message(0))).toEqual({ kind: 'bury', failure });
    expect(await bench.ports.ledger.shard(job, 0)).toMatchObject({ state: 'failed', failure });
    expect(await stored()).toMatchObject({ state: 'failed', finished: 1 });
    expect((await summary()).failures).toEqual([{ shard: 0, failure }]);
  });

  it('is tried again after a growing pause, and then succeeds', async () => {
    await startJob(1);
    failsWith(0, 'store-unavailable');
    expect(await deliver(message(0), 1)).toEqual({ kind: 'retry', afterSeconds: 1 });
    expect(await deliver(message(0), 2)).toEqual({ kind: 'retry', afterSeconds: 2 });
    expect(await shardsOf(bench.ports.ledger, job)).toEqual([]);
    succeeds(0);
    expect(await deliver(message(0), RECEIVES_MAX)).toEqual(ACKNOWLEDGE);
    expect(await stored()).toMatchObject({ state: 'succeeded' });
  });

  it('leaves a trace before its last attempt, and fails with it', async () => {
    await startJob(1);
    bench.ports.threads.onGrade(job, 0, async () => {
      expect(await bench.ports.ledger.shard(job, 0)).toMatchObject({ state: 'last attempt' });
      throw new NutrisageError('store-unavailable', 'The store is away.', 'Wait.');
    });
    expect(await deliver(message(0), RECEIVES_MAX)).toMatchObject({ kind: 'bury' });
    expect(await bench.ports.ledger.shard(job, 0)).toMatchObject({ state: 'failed', attempt: RECEIVES_MAX });
    expect(await stored()).toMatchObject({ state: 'failed' });
  });

  it('is released without a record when it is interrupted', async () => {
    await startJob(1);
    failsWith(0, 'interrupted');
    expect(await deliver(message(0))).toEqual(RELEASE);
    expect(await shardsOf(bench.ports.ledger, job)).toEqual([]);
    expect(await stored()).toMatchObject({ state: 'running', finished: 0 });
  });
});

describe('a shard that is interrupted on its last delivery', () => {
  it('is released, which spends no delivery, and leaves no trace that would be failed for it', async () => {
    await startJob(1);
    failsWith(0, 'interrupted');
    expect(await deliver(message(0), RECEIVES_MAX)).toEqual(RELEASE);
    // A queue that knows messages by their names would swallow a copy beside the message itself.
    expect(await bench.takeSent()).toEqual([]);
    expect(await bench.ports.ledger.shard(job, 0)).toBeUndefined();
    bench.setClock('2026-11-23T20:00:00.000Z');
    await reconcile({ ...bench.ports, worker: `reconciler of ${job}` });
    expect(await stored()).toMatchObject({ state: 'running', finished: 0 });
    succeeds(0);
    expect(await deliver(message(0))).toEqual(ACKNOWLEDGE);
    expect(await stored()).toMatchObject({ state: 'succeeded' });
  });

  it('is released though its trace can not be removed, which the end of the next attempt replaces', async () => {
    await startJob(1);
    failsWith(0, 'interrupted');
    const ledger: Ledger = {
      ...bench.ports.ledger,
      async clearLastAttempt() {
        throw new NutrisageError('table-unavailable', 'The table is away.', 'Wait.');
      },
    };
    const given = message(0);
    const settlement = await processShard({ ...bench.ports, ledger }, given, deliveryOf(given, RECEIVES_MAX));
    expect(settlement).toEqual(RELEASE);
    expect(await bench.ports.ledger.shard(job, 0)).toMatchObject({ state: 'last attempt' });
    succeeds(0);
    expect(await deliver(given)).toEqual(ACKNOWLEDGE);
    expect(await stored()).toMatchObject({ state: 'succeeded' });
  });

  it('leaves the record of another worker that has done it meanwhile', async () => {
    await startJob(1);
    bench.ports.threads.onGrade(job, 0, async () => {
      await bench.ports.ledger.putDone(doneShard(0, { job, worker: 'worker-2' }));
      throw new NutrisageError('interrupted', 'The worker is stopping.', 'Nothing.');
    });
    expect(await deliver(message(0), RECEIVES_MAX)).toEqual(RELEASE);
    expect(await bench.ports.ledger.shard(job, 0)).toMatchObject({ state: 'done', worker: 'worker-2' });
  });
});

describe('a worker that died', () => {
  it('after the record and before the count leaves a job that the next delivery closes', async () => {
    await startJob(2);
    await bench.ports.ledger.putDone(doneShard(0, { job }));
    succeeds(1);
    await deliver(message(1));
    expect(await stored()).toMatchObject({ state: 'running', finished: 1 });
    expect(await deliver(message(0), 2)).toEqual(ACKNOWLEDGE);
    expect(await stored()).toMatchObject({ state: 'succeeded' });
  });

  it('between the record of a failure and the burial leaves a message that is buried by the next', async () => {
    await startJob(1);
    await bench.ports.ledger.putFailed(failedShard(0, { job }));
    expect(await deliver(message(0), 2)).toEqual({ kind: 'bury', failure: failedShard(0).failure });
    expect(await stored()).toMatchObject({ state: 'failed' });
  });
});

describe('two attempts that disagree', () => {
  it('bury nothing when the other one has done the shard', async () => {
    await startJob(1);
    bench.ports.threads.onGrade(job, 0, async () => {
      await bench.ports.ledger.putDone(doneShard(0, { job, worker: 'worker-2' }));
      throw new NutrisageError('object-missing', 'It is gone now.', 'Put it back.');
    });
    expect(await deliver(message(0))).toEqual(ACKNOWLEDGE);
    expect(await stored()).toMatchObject({ state: 'succeeded' });
  });

  it('bury the message when the other one has failed the shard, so that it can be sent back', async () => {
    await startJob(1);
    bench.ports.threads.onGrade(job, 0, async (given) => {
      await bench.ports.ledger.putFailed(failedShard(0, { job }));
      return written(given);
    });
    expect(await deliver(message(0))).toEqual({ kind: 'bury', failure: failedShard(0).failure });
    expect(await stored()).toMatchObject({ state: 'failed' });
  });
});

describe('a shard sent back from the dead-letter queue', () => {
  const again = (): ShardMessage => message(1, { redrive: 1 });

  /** One shard done, one failed, and the job closed as partly failed. */
  async function closeWithFailure(): Promise<void> {
    await startJob(2);
    succeeds(0);
    await deliver(message(0));
    failsWith(1, 'object-missing');
    await deliver(message(1));
    expect(await stored()).toMatchObject({ state: 'partly failed', finished: 2 });
    succeeds(1);
  }
  async function expectWhole(): Promise<void> {
    expect(await stored()).toMatchObject({ state: 'succeeded' });
    expect(await summary()).toMatchObject({
      state: 'succeeded',
      shards: { planned: 2, done: 2, failed: 0 },
      counts: { rows: 200 },
      failures: [],
    });
  }

  it('is graded, and its job closed anew, with two of two shards finished', async () => {
    await closeWithFailure();
    expect(await deliver(again())).toEqual(ACKNOWLEDGE);
    await expectWhole();
    expect(await stored()).toMatchObject({ finished: 2, rowsFinished: 200 });
  });

  it('shows its job as running meanwhile', async () => {
    await closeWithFailure();
    bench.ports.threads.onGrade(job, 1, async (given) => {
      expect(await stored()).toMatchObject({ state: 'running', finished: 1 });
      return written(given);
    });
    await deliver(again());
    await expectWhole();
  });

  it('fails anew under its own number, and a later one mends it', async () => {
    await closeWithFailure();
    failsWith(1, 'object-missing');
    expect(await deliver(again())).toMatchObject({ kind: 'bury' });
    expect(await bench.ports.ledger.shard(job, 1)).toMatchObject({ state: 'failed', redrive: 1 });
    succeeds(1);
    expect(await deliver(message(1, { redrive: 2 }))).toEqual(ACKNOWLEDGE);
    await expectWhole();
  });

  it('survives a death after the job was reopened', async () => {
    await closeWithFailure();
    await bench.ports.ledger.reopenJob(job);
    await reconcile(bench.ports);
    expect(await deliver(again(), 2)).toEqual(ACKNOWLEDGE);
    await expectWhole();
  });

  it('survives a death after its failure was cleared', async () => {
    await closeWithFailure();
    await bench.ports.ledger.reopenJob(job);
    await bench.ports.ledger.clearFailure(job, 1, 1);
    expect(await deliver(again(), 2)).toEqual(ACKNOWLEDGE);
    await expectWhole();
  });

  it('survives a death after its failure was cleared from a job that another worker then closed', async () => {
    await closeWithFailure();
    await bench.ports.ledger.clearFailure(job, 1, 1);
    expect(await deliver(again(), 2)).toEqual(ACKNOWLEDGE);
    await expectWhole();
  });

  it('survives a death after it was recorded', async () => {
    await closeWithFailure();
    await bench.ports.ledger.reopenJob(job);
    await bench.ports.ledger.clearFailure(job, 1, 1);
    await bench.ports.ledger.putDone(doneShard(1, { job, redrive: 1 }));
    expect(await deliver(again(), 2)).toEqual(ACKNOWLEDGE);
    await expectWhole();
  });

  it('is closed by nobody who still saw its failure', async () => {
    await closeWithFailure();
    const { ledger } = bench.ports;
    const stale = await ledger.reopenJob(job);
    bench.ports.threads.onGrade(job, 1, async (given) => {
      const end = {
        state: 'partly failed',
        closedAt: '2026-11-23T10:01:00.000Z',
        finished: 2,
        rowsFinished: 100,
        rowsRejected: 10,
      } as const;
      expect(await ledger.closeJob(job, stale.revision, end)).toBe('lost');
      return written(given);
    });
    await deliver(again());
    await expectWhole();
  });

  it('is not failed by a last attempt that an earlier life left behind', async () => {
    await startJob(1);
    const attempt = { worker: 'worker-9', attempt: 3, at: '2026-11-20T10:00:00.000Z', retentionDays: 30 };
    await bench.ports.ledger.putLastAttempt(lastAttemptRecord(message(0), attempt));
    bench.ports.threads.onGrade(job, 0, async (given) => {
      await reconcile({ ...bench.ports, worker: `reconciler of ${job}` });
      expect(await bench.ports.ledger.shard(job, 0)).toBeUndefined();
      return written(given);
    });
    expect(await deliver(message(0, { redrive: 1 }))).toEqual(ACKNOWLEDGE);
    expect(await stored()).toMatchObject({ state: 'succeeded', finished: 1 });
  });

  it('makes way for nothing when an older message of it comes late', async () => {
    await startJob(1);
    await bench.ports.ledger.putFailed(failedShard(0, { job, redrive: 2 }));
    expect(await deliver(message(0, { redrive: 1 }))).toEqual(ACKNOWLEDGE);
    expect(await bench.ports.ledger.shard(job, 0)).toMatchObject({ state: 'failed', redrive: 2 });
  });
});
