import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NutrisageError } from '../../../core/errors.ts';
import { reportKey, summaryKey } from '../../../core/jobs/keys.ts';
import { jobReport } from '../../../core/report/job-report.ts';
import { type CloseJobPorts, closeJobIfComplete, type Recount } from '../../../worker/ledger/close-job.ts';
import type { Ledger } from '../../../worker/ledger/ledger.ts';
import { plainHistograms } from '../../support/drift-reference.ts';
import { doneShard, failedShard, jobRecord, plannedFile, shardsOf } from '../../support/records.ts';
import { freshJob, startWorkerBench, type WorkerBench } from '../worker-bench.ts';

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
  bench.setClock('2026-11-23T10:01:00.000Z');
  await ledger.createJob(jobRecord({ job }));
});

const plan = () => ledger.startJob(job, { files: [plannedFile()], rows: 200, shards: 2 });
const close = (recount: Recount, ports: CloseJobPorts = bench.ports) =>
  closeJobIfComplete(ports, job, recount);
async function textOf(key: string): Promise<string> {
  const object = { Bucket: bench.ports.dataBucket, Key: key };
  const { Body } = await bench.clients.s3.send(new GetObjectCommand(object));
  return (await Body?.transformToString()) ?? '';
}

const summaryText = (): Promise<string> => textOf(summaryKey(job));

describe('closing', () => {
  it('leaves a job alone that is not planned yet, or that nobody knows', async () => {
    expect(await close('always')).toBe(false);
    expect(await closeJobIfComplete(bench.ports, freshJob(), 'always')).toBe(false);
    expect(await ledger.job(job)).toMatchObject({ state: 'planning' });
  });

  it('writes the summary as a page too', async () => {
    await plan();
    for (const shard of [0, 1]) {
      const histograms = JSON.stringify(plainHistograms(1000));
      await ledger.putDone(doneShard(shard, { job, histograms }));
    }
    expect(await close('always')).toBe(true);
    const summary = JSON.parse(await summaryText());
    expect(summary.outputs.report).toBe(reportKey(job));
    expect(summary.drift).toMatchObject({ rows: 2000, verdict: 'stable' });
    expect(await textOf(reportKey(job))).toBe(jobReport(summary));
  });

  it('is tried again while it can not be told what the model was trained on', async () => {
    await plan();
    for (const shard of [0, 1]) await ledger.putDone(doneShard(shard, { job }));
    const unreachable = new NutrisageError('store-unavailable', 'It is away.', 'Wait.');
    const ports = { ...bench.ports, modelBasis: async () => Promise.reject(unreachable) };
    await expect(close('always', ports)).rejects.toBe(unreachable);
    expect(await ledger.job(job)).toMatchObject({ state: 'running' });
  });

  it('waits for the last shard', async () => {
    await plan();
    await ledger.putDone(doneShard(0, { job }));
    await ledger.addFinished(job, 100, 10);
    expect(await close('always')).toBe(false);
    const { counts, outputs, seconds, ...attempt } = doneShard(1, { job, state: 'last attempt' });
    await ledger.putLastAttempt(attempt);
    expect(await close('always')).toBe(false);
    await expect(summaryText()).rejects.toThrow();
  });

  it('does not look at the shards while the count is short, unless it is asked to', async () => {
    await plan();
    await ledger.putDone(doneShard(0, { job }));
    await ledger.putFailed(failedShard(1, { job }));
    expect(await close('never')).toBe(false);
    expect(await close('always')).toBe(true);
    expect(await ledger.job(job)).toMatchObject({
      state: 'partly failed',
      closedAt: '2026-11-23T10:01:00.000Z',
    });
  });

  it('looks at the shards for a repeated delivery only when few are missing in the count', async () => {
    await ledger.startJob(job, { files: [plannedFile({ shards: 20 })], rows: 2000, shards: 20 });
    for (let shard = 0; shard < 20; shard += 1) await ledger.putFailed(failedShard(shard, { job }));
    let looks = 0;
    const watched: Ledger = {
      ...ledger,
      shardPages(id) {
        looks += 1;
        return ledger.shardPages(id);
      },
    };
    const ports = { ...bench.ports, ledger: watched };
    for (let finished = 0; finished < 11; finished += 1) await ledger.addFinished(job, 0, 0);
    expect(await close('near the end', ports)).toBe(false);
    expect(looks).toBe(0);
    await ledger.addFinished(job, 0, 0);
    expect(await close('near the end', ports)).toBe(true);
    expect(looks).toBe(1);
  });

  it('trusts no count that runs ahead of the records', async () => {
    await plan();
    await ledger.putDone(doneShard(0, { job }));
    await ledger.addFinished(job, 100, 10);
    await ledger.addFinished(job, 100, 10);
    expect(await close('never')).toBe(false);
    expect(await ledger.job(job)).toMatchObject({ state: 'running' });
  });

  it('is won by one of many who close at once, and the summary is the same whoever wrote it', async () => {
    await plan();
    for (const shard of [1, 0]) await ledger.putDone(doneShard(shard, { job }));
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => close('always')));
    expect(outcomes.filter((won) => won)).toHaveLength(1);
    const first = await summaryText();
    await ledger.reopenJob(job);
    bench.setClock('2026-11-25T00:00:00.000Z');
    expect(await close('always', { ...bench.ports, log: bench.ports.log.child({}) })).toBe(true);
    expect(await summaryText()).toBe(first);
  });

  it('leaves the newer summary when a redrive overtakes it', async () => {
    await plan();
    await ledger.putDone(doneShard(0, { job }));
    await ledger.putFailed(failedShard(1, { job }));
    let overtaken = false;
    const slow: Ledger = {
      ...ledger,
      async *shardPages(id) {
        const records = await shardsOf(ledger, id);
        yield records;
        if (overtaken) return;
        overtaken = true;
        await ledger.reopenJob(id);
        await ledger.clearFailure(id, 1, 1);
        await ledger.putDone(doneShard(1, { job, redrive: 1 }));
        expect(await close('always')).toBe(true);
      },
    };
    expect(await close('always', { ...bench.ports, ledger: slow })).toBe(false);
    expect(await ledger.job(job)).toMatchObject({ state: 'succeeded' });
    expect(JSON.parse(await summaryText())).toMatchObject({
      state: 'succeeded',
      shards: { done: 2, failed: 0 },
    });
  });

  it('leaves the job to the redrive that overtakes it and is not done', async () => {
    await plan();
    await ledger.putDone(doneShard(0, { job }));
    await ledger.putFailed(failedShard(1, { job }));
    const slow: Ledger = {
      ...ledger,
      async closeJob(...given) {
        await ledger.reopenJob(job);
        await ledger.clearFailure(job, 1, 1);
        return ledger.closeJob(...given);
      },
    };
    expect(await close('always', { ...bench.ports, ledger: slow })).toBe(false);
    expect(await ledger.job(job)).toMatchObject({ state: 'running' });
  });
});
