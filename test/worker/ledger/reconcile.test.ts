import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { lastAttemptRecord } from '../../../worker/ledger/job-record.ts';
import type { Ledger } from '../../../worker/ledger/ledger.ts';
import { reconcile } from '../../../worker/ledger/reconcile.ts';
import {
  doneShard,
  failedShard,
  INPUT,
  jobRecord,
  plannedFile,
  shardMessage,
} from '../../support/records.ts';
import { inspection } from '../fake-threads.ts';
import { freshJob, LAST_ATTEMPT_SECONDS_MAX, startWorkerBench, type WorkerBench } from '../worker-bench.ts';

const BEGUN = Date.parse('2026-11-23T10:00:00.000Z');
const atSecond = (seconds: number): string => new Date(BEGUN + seconds * 1000).toISOString();

let bench: WorkerBench;
let ledger: Ledger;
let job: string;

beforeAll(async () => {
  bench = await startWorkerBench();
  ledger = bench.ports.ledger;
});
afterAll(() => bench.stop());
beforeEach(async () => {
  job = freshJob();
  bench.setClock(atSecond(0));
  await ledger.createJob(jobRecord({ job }));
  await ledger.startJob(job, { files: [plannedFile()], rows: 200, shards: 2 });
  await ledger.putDone(doneShard(0, { job }));
  await ledger.addFinished(job, 100, 10);
});

async function leaveLastAttempt(): Promise<void> {
  const attempt = { worker: 'worker-7', attempt: 3, at: atSecond(0), retentionDays: 30 };
  await ledger.putLastAttempt(lastAttemptRecord(shardMessage({ job, shard: 1 }), attempt));
}
const reconcileAt = (seconds: number): Promise<number> => {
  bench.setClock(atSecond(seconds));
  return reconcile(bench.ports);
};

describe('reconciling', () => {
  it('closes a job whose last worker died between the record and the count', async () => {
    await ledger.putDone(doneShard(1, { job }));
    expect(await reconcileAt(60)).toBe(1);
    expect(await ledger.job(job)).toMatchObject({ state: 'succeeded' });
  });

  it('gives a last attempt its time, and then fails it with who had it', async () => {
    await leaveLastAttempt();
    expect(await reconcileAt(LAST_ATTEMPT_SECONDS_MAX)).toBe(0);
    expect(await ledger.shard(job, 1)).toMatchObject({ state: 'last attempt' });
    expect(await reconcileAt(LAST_ATTEMPT_SECONDS_MAX + 1)).toBe(1);
    const failed = await ledger.shard(job, 1);
    expect(failed).toMatchObject({ state: 'failed', attempt: 3, failure: { code: 'thread-died' } });
    expect(failed?.failure?.message).toContain('worker-7');
    expect(await ledger.job(job)).toMatchObject({ state: 'partly failed', finished: 2 });
  });

  it('counts a lost attempt once, though it is looked at again and again', async () => {
    await leaveLastAttempt();
    await reconcileAt(LAST_ATTEMPT_SECONDS_MAX + 1);
    const closed = await ledger.job(job);
    expect(await reconcileAt(LAST_ATTEMPT_SECONDS_MAX + 61)).toBe(0);
    expect(await ledger.job(job)).toEqual(closed);
  });

  it('leaves a last attempt that was done in time', async () => {
    await leaveLastAttempt();
    await ledger.putDone(doneShard(1, { job }));
    expect(await reconcileAt(LAST_ATTEMPT_SECONDS_MAX + 1)).toBe(1);
    expect(await ledger.job(job)).toMatchObject({ state: 'succeeded' });
  });

  it('reports a job that nothing moved for longer than a last attempt may take, and leaves it open', async () => {
    const warn = vi.spyOn(bench.ports.log, 'warn');
    const reports = () => warn.mock.calls.filter(([fields]) => 'stillSeconds' in Object(fields));
    await reconcileAt(LAST_ATTEMPT_SECONDS_MAX);
    expect(reports()).toEqual([]);
    await reconcileAt(LAST_ATTEMPT_SECONDS_MAX + 61);
    expect(reports().map(([fields]) => fields)).toContainEqual(
      expect.objectContaining({ job, finished: 1, shards: 2 }),
    );
    expect(await ledger.job(job)).toMatchObject({ state: 'running' });
    warn.mockRestore();
  });

  it('closes a job whose last shard was buried for two weeks, and sent back for two more', async () => {
    await ledger.putDone(doneShard(1, { job }));
    expect(await reconcileAt(41 * 86_400)).toBe(1);
    expect(await ledger.job(job)).toMatchObject({ state: 'succeeded' });
  });

  it('leaves a job alone that is still at work', async () => {
    const before = await ledger.job(job);
    expect(await reconcileAt(60)).toBe(0);
    expect(await ledger.job(job)).toEqual(before);
  });

  it('is left to the one worker that holds the lease, until it runs out', async () => {
    const far = 86_400;
    await reconcileAt(far);
    await ledger.putDone(doneShard(1, { job }));
    bench.setClock(atSecond(far + 30));
    const other = { ...bench.ports, worker: 'worker-2' };
    expect(await reconcile(other)).toBe(0);
    expect(await ledger.job(job)).toMatchObject({ state: 'running' });
    bench.setClock(atSecond(far + 61));
    expect(await reconcile(other)).toBe(1);
    expect(await ledger.job(job)).toMatchObject({ state: 'succeeded' });
  });

  it('goes on with the other jobs when one can not be looked at', async () => {
    const other = freshJob();
    await ledger.createJob(jobRecord({ job: other }));
    await ledger.startJob(other, { files: [plannedFile()], rows: 200, shards: 1 });
    for (const id of [job, other]) await ledger.putDone(doneShard(1, { job: id }));
    const damaged: Ledger = {
      ...ledger,
      shardPages(id) {
        if (id === job) throw new Error('It can not be read.');
        return ledger.shardPages(id);
      },
    };
    bench.setClock(atSecond(2 * 86_400));
    expect(await reconcile({ ...bench.ports, ledger: damaged })).toBe(1);
    expect(await ledger.job(other)).toMatchObject({ state: 'succeeded' });
    expect(await ledger.job(job)).toMatchObject({ state: 'running' });
  });
});

describe('what the queue gave up by itself', () => {
  const reconcileWith = (...bodies: readonly string[]): Promise<number> => {
    const queue = { ...bench.ports.queue, givenUp: async () => bodies };
    bench.setClock(atSecond(LAST_ATTEMPT_SECONDS_MAX + 1));
    return reconcile({ ...bench.ports, queue });
  };

  it('is recorded of a shard that no worker said anything of, and its job closes', async () => {
    const body = JSON.stringify(shardMessage({ job, shard: 1 }));
    await reconcileWith(body, body, 'none of ours');
    expect(await ledger.shard(job, 1)).toMatchObject({ state: 'failed', failure: { code: 'given-up' } });
    expect(await ledger.job(job)).toMatchObject({ state: 'partly failed', finished: 2 });
  });

  it('is not recorded of a shard that is sent back while it is looked at', async () => {
    const given = shardMessage({ job, shard: 1 });
    await ledger.putFailed(failedShard(1, { job }));
    const queue = {
      ...bench.ports.queue,
      // A worker takes the redrive up after the look at the letters, and before it is come to this one.
      async givenUp() {
        await ledger.reopenJob(job);
        await ledger.clearFailure(job, 1, 1);
        return [JSON.stringify(given)];
      },
    };
    bench.setClock(atSecond(LAST_ATTEMPT_SECONDS_MAX + 1));
    await reconcile({ ...bench.ports, queue });
    expect(await ledger.shard(job, 1)).toBeUndefined();
    expect(await ledger.job(job)).toMatchObject({ state: 'running' });
  });

  it('changes nothing in a shard that has an end', async () => {
    const before = await ledger.shard(job, 0);
    await reconcileWith(JSON.stringify(shardMessage({ job, shard: 0 })));
    expect(await ledger.shard(job, 0)).toEqual(before);
  });

  it('is recorded of a submission that was never planned', async () => {
    const unplanned = freshJob();
    const submission = {
      kind: 'submission',
      version: 1,
      job: unplanned,
      submittedAt: atSecond(0),
      inputs: [INPUT],
    };
    await reconcileWith(JSON.stringify(submission));
    expect(await ledger.job(unplanned)).toMatchObject({ state: 'failed', failure: { code: 'given-up' } });
  });

  it('has its shards sent when it is a submission that was planned, and not sent whole', async () => {
    const planned = freshJob();
    await ledger.createJob(jobRecord({ job: planned, origin: 'submission' }));
    await ledger.startJob(planned, { files: [plannedFile()], rows: 200, shards: 2 });
    bench.ports.threads.onInspect(INPUT.key, async () => inspection(100, 100));
    const submission = {
      kind: 'submission',
      version: 1,
      job: planned,
      submittedAt: atSecond(0),
      inputs: [INPUT],
    };
    await bench.takeSent();
    await reconcileWith(JSON.stringify(submission));
    const sent = (await bench.takeSent()).map((body) => JSON.parse(body));
    expect(sent.map(({ job: of, shard }) => [of, shard]).sort()).toEqual([
      [planned, 0],
      [planned, 1],
    ]);
    expect(await ledger.job(planned)).toMatchObject({ state: 'running', sentAt: expect.any(String) });
  });
});
