import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobSummary } from '../../../schemas/job-summary.ts';
import type { JobRecord, ShardRecord } from '../../../schemas/ledger.ts';
import { createParser } from '../../../schemas/parse.ts';
import { type ClosedJobSummary, tallyJob } from '../../../worker/ledger/tally-job.ts';
import type { ModelBasis } from '../../../worker/models/model-basis.ts';
import { plainHistograms, plainReference } from '../../support/drift-reference.ts';
import { doneShard, failedShard, jobRecord, plannedFile, SUBMITTED_AT } from '../../support/records.ts';

const summaryParser = createParser('the summary', JobSummary);

const BASIS: ModelBasis = { reference: plainReference(), metrics: { 'accuracy.complete': 0.98 } };

const running = (changes: Partial<JobRecord> = {}): JobRecord =>
  jobRecord({ state: 'running', files: [plannedFile()], rows: 200, shards: 2, ...changes });

function summariseJob(job: JobRecord, ...pages: readonly (readonly ShardRecord[])[]): ClosedJobSummary {
  const tally = tallyJob(job);
  for (const page of pages) tally.add(page);
  return tally.summary(BASIS);
}

describe('the summary of a job', () => {
  it('adds up what its shards did', () => {
    const summary = summariseJob(running(), [doneShard(0), doneShard(1)]);
    expect(summaryParser.parse(summary)).toMatchObject({
      state: 'succeeded',
      finishedAt: '2026-11-23T10:00:01.000Z',
      seconds: 1,
      rowsPerSecond: 200,
      shards: { planned: 2, done: 2, failed: 0 },
      counts: {
        rows: 200,
        graded: 180,
        rejected: 20,
        grades: { b: 180 },
        rejectReasons: { 'missing-code': 20 },
      },
      agreement: 0.95,
      stepSeconds: { read: 0.2, grade: 0.4, write: 0.6, items: 0.8 },
      outputs: {
        grades: ['grades/0.parquet', 'grades/1.parquet'],
        rejects: ['rejects/0.parquet', 'rejects/1.parquet'],
        report: 'jobs/0123456789abcdef/report.html',
      },
      failures: [],
    });
  });

  it('is the same however the records are cut into pages', () => {
    const records = [doneShard(0), failedShard(1), doneShard(2), doneShard(3), failedShard(4)];
    const job = running({ shards: 5 });
    const expected = JSON.stringify(summariseJob(job, records));
    const cuts = fc.uniqueArray(fc.integer({ min: 0, max: 5 })).map((at) => [0, ...at.sort(), 5]);
    fc.assert(
      fc.property(cuts, (at) => {
        const pages = at.slice(1).map((end, index) => records.slice(at[index], end));
        expect(JSON.stringify(summariseJob(job, ...pages))).toBe(expected);
      }),
    );
  });

  it('is complete when every planned shard is done or failed', () => {
    const tally = tallyJob(running({ shards: 3 }));
    tally.add([doneShard(0), doneShard(1, { state: 'last attempt', at: '2026-11-23T11:00:00.000Z' })]);
    tally.add([failedShard(2)]);
    expect(tally.isComplete()).toBe(false);
    tally.add([doneShard(1)]);
    expect(tally.isComplete()).toBe(true);
    expect(tally.summary(BASIS)).toMatchObject({
      finishedAt: '2026-11-23T10:00:02.000Z',
      shards: { done: 2 },
    });
  });

  it('does not depend on what the job counted by the way', () => {
    const records = [doneShard(0), doneShard(1)];
    const short = running({ finished: 1, rowsFinished: 100, revision: 3 });
    expect(summariseJob(short, records)).toEqual(summariseJob(running({ finished: 2 }), records));
  });

  const aBadFile = [
    plannedFile(),
    plannedFile({ rows: 0, shards: 0, failure: { code: 'not-parquet', message: 'm', remedy: 'r' } }),
  ];
  it.each([
    ['succeeded', 'every shard is done', running(), [doneShard(0), doneShard(1)]],
    ['partly failed', 'a shard failed', running(), [doneShard(0), failedShard(1)]],
    ['partly failed', 'a file could not be read', running({ files: aBadFile }), [doneShard(0), doneShard(1)]],
    ['failed', 'every shard failed', running(), [failedShard(0), failedShard(1)]],
  ] as const)('ends as %s when %s', (state, _, job, records) => {
    expect(summariseJob(job, [...records]).state).toBe(state);
  });

  it('lists the failures by shard, with their reasons', () => {
    const { failures, outputs } = summariseJob(running(), [doneShard(0), failedShard(1)]);
    expect(failures).toEqual([{ shard: 1, failure: failedShard(1).failure }]);
    expect(outputs.grades).toEqual(['grades/0.parquet']);
  });

  it('fails a job in which rows are neither graded nor rejected', () => {
    const whole = doneShard(1).counts;
    if (whole === undefined) throw new Error('A done shard has counts.');
    const lost = doneShard(1, { counts: { ...whole, graded: 89 } });
    const summary = summariseJob(running(), [doneShard(0), lost]);
    expect(summary).toMatchObject({ state: 'failed', failure: { code: 'unexpected' } });
    expect(summary.failure?.message).toBe('200 rows were planned, but 179 graded and 20 rejected.');
  });

  it('fails a job in which fewer rows came out than were planned', () => {
    const { state } = summariseJob(running(), [doneShard(0), doneShard(1, { rows: 101 })]);
    expect(state).toBe('failed');
  });

  it('has no rate, no agreement and no seconds where there is nothing to divide', () => {
    const atOnce = failedShard(0, { at: SUBMITTED_AT });
    expect(summariseJob(running({ shards: 1 }), [atOnce])).toMatchObject({
      seconds: 0,
      rowsPerSecond: 0,
      agreement: null,
      counts: { rows: 0 },
    });
  });

  it('never ends before it began, though a worker’s clock is behind', () => {
    const early = doneShard(0, { at: '2026-11-23T09:59:00.000Z' });
    expect(summariseJob(running({ shards: 1 }), [early])).toMatchObject({
      finishedAt: SUBMITTED_AT,
      seconds: 0,
    });
  });

  it('leaves out datasets that a shard had no rows for', () => {
    const { outputs } = summariseJob(running({ shards: 1 }), [
      doneShard(0, { outputs: { grades: null, rejects: 'rejects/0.parquet' } }),
    ]);
    expect(outputs).toMatchObject({ grades: [], rejects: ['rejects/0.parquet'] });
  });

  const counted = (shard: number, changes: Partial<ShardRecord> = {}): ShardRecord =>
    doneShard(shard, { histograms: JSON.stringify(plainHistograms(1000)), ...changes });

  it('has the drift of all shards together, the same however they are cut into pages', () => {
    const moved = JSON.stringify(plainHistograms(1000, { salt: { impossible: 500 } }));
    const records = [counted(0), counted(1, { histograms: moved }), counted(2)];
    const job = running({ shards: 3 });
    const summary = summaryParser.parse(summariseJob(job, records));
    expect(summary.drift).toMatchObject({
      modelVersion: job.modelVersion,
      against: 'training',
      rows: 3000,
      verdict: 'major',
    });
    const salt = summary.drift?.features.find(({ feature }) => feature === 'salt');
    expect(salt?.current.impossible).toBe(520);
    const pages = records.map((record) => [record]);
    expect(JSON.stringify(summariseJob(job, ...pages))).toBe(JSON.stringify(summary));
  });

  it('is there without drift where no shard was counted, or the model has nothing to compare with', () => {
    expect(summariseJob(running(), [doneShard(0), doneShard(1)]).drift).toBeUndefined();
    const records = [counted(0), counted(1)];
    const without = (basis: ModelBasis) => {
      const tally = tallyJob(running());
      tally.add(records);
      return tally.summary(basis).drift;
    };
    expect(without({ ...BASIS, reference: undefined })).toBeUndefined();
    expect(without({ ...BASIS, reference: { ...plainReference(), features: [] } })).toBeUndefined();
  });

  it('counts the shards that were counted, where some are of an older program', () => {
    const { drift, counts } = summariseJob(running(), [counted(0), doneShard(1)]);
    expect([drift?.rows, counts.rows]).toEqual([1000, 200]);
  });

  it('holds the agreement against the figure of the model’s card', () => {
    const { agreementCheck } = summariseJob(running(), [doneShard(0), doneShard(1)]);
    expect(agreementCheck).toMatchObject({ expected: 0.98, margin: 0.03, verdict: 'too little data' });
  });
});
