/** What every adapter of the ledger must do: conditional single-item writes that may be repeated. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobEnd, Ledger } from '../../worker/ledger/ledger.ts';
import { doneShard, failedShard, INPUT, jobRecord, plannedFile, shardsOf } from '../support/records.ts';

export interface LedgerUnderTest {
  readonly ledger: Ledger;
  stop(): Promise<void>;
}

const PLAN = { files: [plannedFile()], rows: 200, shards: 2 };
const FAILURE = { code: 'not-parquet', message: 'It is a CSV.', remedy: 'Convert it.' };
const AT = '2026-11-23T10:05:00.000Z';
let jobs = 0;

const end = (state: JobEnd['state']): JobEnd => ({
  state,
  closedAt: AT,
  finished: 2,
  rowsFinished: 200,
  rowsRejected: 20,
});

export function describeLedger(name: string, start: () => Promise<LedgerUnderTest>): void {
  describe(`ledger on ${name}`, () => {
    let subject: LedgerUnderTest;
    let ledger: Ledger;
    let job: string;

    beforeAll(async () => {
      subject = await start();
      ledger = subject.ledger;
    });
    afterAll(() => subject.stop());
    beforeEach(() => {
      jobs += 1;
      job = jobs.toString(16).padStart(16, '0');
    });

    it('keeps the first record of a job and gives it to who comes later', async () => {
      const first = await ledger.createJob(jobRecord({ job }));
      const second = await ledger.createJob(jobRecord({ job, modelVersion: 'another', shardRows: 7 }));
      expect(second).toEqual(first);
      expect(await ledger.job(job)).toEqual(first);
    });

    it('knows nothing of a job that was never submitted', async () => {
      expect(await ledger.job(job)).toBeUndefined();
      expect(await ledger.shard(job, 0)).toBeUndefined();
      expect(await shardsOf(ledger, job)).toEqual([]);
    });

    it('starts a job once; a second plan finds the first', async () => {
      await ledger.createJob(jobRecord({ job }));
      const started = await ledger.startJob(job, PLAN);
      expect(started).toMatchObject({ state: 'running', rows: 200, shards: 2, files: [plannedFile()] });
      expect(await ledger.startJob(job, { ...PLAN, rows: 1 })).toEqual(started);
    });

    it('keeps the first time at which every message of a planned job was sent', async () => {
      await ledger.createJob(jobRecord({ job }));
      await ledger.markSent(job, AT);
      expect((await ledger.job(job))?.sentAt).toBeUndefined();
      await ledger.startJob(job, PLAN);
      await ledger.markSent(job, AT);
      await ledger.markSent(job, '2026-11-24T00:00:00.000Z');
      expect(await ledger.job(job)).toMatchObject({ sentAt: AT });
    });

    it('fails planning with its reason, and plans again after it', async () => {
      await ledger.createJob(jobRecord({ job }));
      expect(await ledger.failPlanning(job, FAILURE, AT)).toBe('won');
      expect(await ledger.job(job)).toMatchObject({ state: 'failed', failure: FAILURE, closedAt: AT });
      const later = { ...FAILURE, message: 'It is a picture.' };
      expect(await ledger.failPlanning(job, later, AT)).toBe('won');
      expect((await ledger.job(job))?.failure).toEqual(later);
      const anew = { modelVersion: 'a'.repeat(16), inputs: [{ ...INPUT, size: 7 }] };
      const again = await ledger.retryPlanning(job, anew);
      expect(again).toMatchObject({ state: 'planning', ...anew });
      expect(again.failure).toBeUndefined();
      await ledger.startJob(job, PLAN);
      expect(await ledger.failPlanning(job, FAILURE, AT)).toBe('lost');
    });

    it('lets one of two done records win', async () => {
      const outcomes = await Promise.all([
        ledger.putDone(doneShard(0, { job, worker: 'one' })),
        ledger.putDone(doneShard(0, { job, worker: 'two' })),
      ]);
      expect([...outcomes].sort()).toEqual(['lost', 'won']);
      const winner = outcomes[0] === 'won' ? 'one' : 'two';
      expect((await ledger.shard(job, 0))?.worker).toBe(winner);
    });

    it('lets neither done replace failed nor failed replace done', async () => {
      expect(await ledger.putDone(doneShard(0, { job }))).toBe('won');
      expect(await ledger.putFailed(failedShard(0, { job }))).toBe('lost');
      expect(await ledger.putFailed(failedShard(1, { job }))).toBe('won');
      expect(await ledger.putDone(doneShard(1, { job }))).toBe('lost');
    });

    it('lets done and failed replace a last attempt, and a last attempt replace nothing', async () => {
      const { counts, outputs, seconds, ...attempt } = doneShard(0, { job, state: 'last attempt' });
      expect(await ledger.putLastAttempt(attempt)).toBe('won');
      expect(await ledger.putLastAttempt(attempt)).toBe('lost');
      expect(await ledger.putDone(doneShard(0, { job }))).toBe('won');
      expect(await ledger.putLastAttempt(attempt)).toBe('lost');
    });

    it('gives many shards page by page in their order', async () => {
      const shards = Array.from({ length: 600 }, (_, shard) => shard);
      await Promise.all(shards.map((shard) => ledger.putFailed(failedShard(shard, { job }))));
      const seen: number[][] = [];
      for await (const page of ledger.shardPages(job)) seen.push(page.map(({ shard }) => shard));
      expect(seen.length).toBeGreaterThan(1);
      expect(seen.flat()).toEqual(shards);
    });

    it('lists the shards of one job in their order', async () => {
      for (const shard of [2, 0, 1]) await ledger.putDone(doneShard(shard, { job }));
      await ledger.putDone(doneShard(0, { job: 'ffffffffffffffff' }));
      expect((await shardsOf(ledger, job)).map(({ shard }) => shard)).toEqual([0, 1, 2]);
    });

    it('counts 100 finished shards exactly when they are counted at once', async () => {
      await ledger.createJob(jobRecord({ job }));
      await ledger.startJob(job, PLAN);
      await Promise.all(Array.from({ length: 100 }, () => ledger.addFinished(job, 10, 1)));
      expect(await ledger.job(job)).toMatchObject({ finished: 100, rowsFinished: 1000, rowsRejected: 100 });
    });

    it('counts nothing more in a job that is closed, whose counters are those of its records', async () => {
      await ledger.createJob(jobRecord({ job }));
      await ledger.startJob(job, PLAN);
      await ledger.addFinished(job, 10, 1);
      await ledger.closeJob(job, 0, end('succeeded'));
      const closed = { finished: 2, rowsFinished: 200, rowsRejected: 20 };
      expect(await ledger.addFinished(job, 10, 1)).toMatchObject(closed);
      expect(await ledger.job(job)).toMatchObject(closed);
    });

    it('closes a running job once, under its revision', async () => {
      await ledger.createJob(jobRecord({ job }));
      await ledger.startJob(job, PLAN);
      expect(await ledger.closeJob(job, 1, end('succeeded'))).toBe('lost');
      expect(await ledger.closeJob(job, 0, end('succeeded'))).toBe('won');
      expect(await ledger.closeJob(job, 0, end('failed'))).toBe('lost');
      expect(await ledger.job(job)).toMatchObject({ state: 'succeeded', closedAt: AT });
    });

    it('reopens a job under a new revision, so that a stale close loses', async () => {
      await ledger.createJob(jobRecord({ job }));
      await ledger.startJob(job, PLAN);
      await ledger.closeJob(job, 0, end('partly failed'));
      expect(await ledger.reopenJob(job)).toMatchObject({ state: 'running', revision: 1 });
      expect(await ledger.closeJob(job, 0, end('partly failed'))).toBe('lost');
      expect(await ledger.closeJob(job, 1, end('succeeded'))).toBe('won');
    });

    it('clears a failure of an earlier redrive only', async () => {
      await ledger.putFailed(failedShard(0, { job, redrive: 1 }));
      expect(await ledger.clearFailure(job, 0, 1)).toBe('lost');
      expect(await ledger.clearFailure(job, 0, 2)).toBe('won');
      expect(await ledger.shard(job, 0)).toBeUndefined();
      await ledger.putDone(doneShard(0, { job }));
      expect(await ledger.clearFailure(job, 0, 3)).toBe('lost');
    });

    it('clears the trace of a last attempt of an earlier redrive too', async () => {
      const { counts, outputs, seconds, ...attempt } = doneShard(0, { job, state: 'last attempt' });
      await ledger.putLastAttempt(attempt);
      expect(await ledger.clearFailure(job, 0, 0)).toBe('lost');
      expect(await ledger.clearFailure(job, 0, 1)).toBe('won');
      expect(await ledger.shard(job, 0)).toBeUndefined();
    });

    it('clears the trace of the last attempt that is named, and of no other', async () => {
      const { counts, outputs, seconds, ...attempt } = doneShard(0, { job, state: 'last attempt' });
      await ledger.putLastAttempt(attempt);
      expect(await ledger.clearLastAttempt({ ...attempt, worker: 'another' })).toBe('lost');
      expect(await ledger.clearLastAttempt({ ...attempt, at: AT })).toBe('lost');
      expect(await ledger.clearLastAttempt(attempt)).toBe('won');
      expect(await ledger.shard(job, 0)).toBeUndefined();
      expect(await ledger.clearLastAttempt(attempt)).toBe('lost');
      await ledger.putDone(doneShard(0, { job }));
      expect(await ledger.clearLastAttempt(attempt)).toBe('lost');
    });

    it('takes back what it counted, never below nothing', async () => {
      await ledger.createJob(jobRecord({ job }));
      await ledger.startJob(job, PLAN);
      await ledger.addFinished(job, 10, 1);
      await ledger.takeBackFinished(job);
      await ledger.takeBackFinished(job);
      expect(await ledger.job(job)).toMatchObject({ finished: 0, rowsFinished: 10, rowsRejected: 1 });
    });

    it('reopens no job that was not planned', async () => {
      await ledger.createJob(jobRecord({ job }));
      expect(await ledger.reopenJob(job)).toMatchObject({ state: 'planning', revision: 0 });
      const absent = `b${job.slice(1)}`;
      await expect(ledger.reopenJob(absent)).rejects.toMatchObject({ code: 'unexpected' });
      expect(await ledger.job(absent)).toBeUndefined();
    });

    it('lists the jobs that are open', async () => {
      const since = '2031-01-01T00:00:00.000Z';
      const submittedAt = '2031-01-02T00:00:00.000Z';
      const closed = `a${job.slice(1)}`;
      await ledger.createJob(jobRecord({ job, submittedAt }));
      await ledger.createJob(jobRecord({ job: closed, submittedAt }));
      await ledger.startJob(closed, PLAN);
      await ledger.closeJob(closed, 0, end('succeeded'));
      expect((await ledger.openJobs(since)).map((open) => open.job)).toEqual([job]);
    });

    it('gives a lease to one owner until it runs out', async () => {
      const lease = (owner: string, second: number) =>
        ledger.lease(`LEASE-${job}`, owner, new Date(second * 1000), 60);
      expect(await lease('one', 1000)).toBe(true);
      expect(await lease('two', 1030)).toBe(false);
      expect(await lease('one', 1030)).toBe(true);
      expect(await lease('two', 1091)).toBe(true);
    });
  });
}
