import { describe, expect, it } from 'vitest';
import { type DemoJob, demoFaults, demoResult } from '../../../local/demo/demo-result.ts';
import { renderDemo } from '../../../local/demo/render-demo.ts';
import { plainPaint } from '../../../producer/output/paint.ts';
import { zeroRowCounts } from '../../../schemas/counts.ts';
import type { JobSummary } from '../../../schemas/job-summary.ts';
import { jobRecord } from '../../support/records.ts';

const DROPPED_AT = Date.parse('2026-11-23T10:00:00.000Z');

function summary(changes: Partial<JobSummary['counts']> = {}): JobSummary {
  return {
    job: '0123456789abcdef',
    state: 'succeeded',
    submittedAt: '2026-11-23T10:00:01.000Z',
    finishedAt: '2026-11-23T10:00:04.000Z',
    seconds: 3,
    rowsPerSecond: 33,
    modelVersion: 'fedcba9876543210',
    rules: '2023',
    files: [],
    shards: { planned: 1, done: 1, failed: 0 },
    counts: {
      ...zeroRowCounts(),
      rows: 100,
      graded: 90,
      rejected: 10,
      official: 60,
      model: 30,
      compared: 50,
      agreed: 40,
      grades: { a: 10, b: 20, c: 30, d: 20, e: 10 },
      ...changes,
    },
    agreement: 0.8,
    stepSeconds: { read: 0, grade: 0, write: 0, items: 0 },
    outputs: { grades: [], rejects: [] },
    failures: [],
  };
}

function demoJob(changes: Partial<DemoJob> = {}): DemoJob {
  return {
    name: 'shop.parquet',
    rowsDropped: 100,
    record: jobRecord({ state: 'succeeded', closedAt: '2026-11-23T10:00:05.000Z' }),
    summary: summary(),
    written: { grades: 90, rejects: 10 },
    ...changes,
  };
}

describe('what the demo came to', () => {
  it('adds its jobs and times them from the drop to the last close', () => {
    const later = jobRecord({ state: 'succeeded', closedAt: '2026-11-23T10:00:10.000Z' });
    const result = demoResult(
      [demoJob(), demoJob({ record: later, summary: summary({ compared: 150, agreed: 140 }) })],
      DROPPED_AT,
    );
    expect(result).toEqual({
      rows: 200,
      graded: 180,
      rejected: 20,
      official: 120,
      model: 60,
      agreement: 180 / 200,
      grades: { a: 20, b: 40, c: 60, d: 40, e: 20 },
      seconds: 10,
      rowsPerSecond: 20,
    });
  });

  it('has no agreement where no row has both grades', () => {
    const job = demoJob({ summary: summary({ compared: 0, agreed: 0 }) });
    expect(demoResult([job], DROPPED_AT).agreement).toBeNull();
  });

  it('finds no fault where every dropped row is graded or rejected, once', () => {
    expect(demoFaults([demoJob(), demoJob()])).toEqual([]);
  });

  it.each<[string, Partial<DemoJob>, RegExp]>([
    ['rows that never arrived', { rowsDropped: 101 }, /101 rows were dropped and 100 counted/],
    ['rows that are neither', { summary: summary({ graded: 89 }) }, /89 graded and 10 rejected rows/],
    ['grades that are not on disk', { written: { grades: 89, rejects: 10 } }, /89 lie in its grades/],
    ['rejects that are not on disk', { written: { grades: 90, rejects: 0 } }, /0 lie in its rejects/],
    ['a job that failed in part', { record: jobRecord({ state: 'partly failed' }) }, /its job partly failed/],
  ])('names %s', (_name, changes, fault) => {
    expect(demoFaults([demoJob(changes)]).join('\n')).toMatch(fault);
  });

  it('gives the reason of a job that could not be planned', () => {
    const failure = { code: 'no-rows', message: 'shop.parquet has no rows.', remedy: 'Write some.' };
    const job = demoJob({ summary: undefined, record: jobRecord({ state: 'failed', failure }) });
    expect(demoFaults([job])).toEqual(['shop.parquet was not graded: shop.parquet has no rows. Write some.']);
  });
});

describe('the last page of the demo', () => {
  it('shows a line a file and one for all, the bars of the grades, and where all lies', () => {
    const jobs = [demoJob({ name: 'foods.parquet' }), demoJob()];
    const page = renderDemo({
      jobs,
      result: demoResult(jobs, DROPPED_AT),
      bucketFolder: 'state/bucket',
      directory: 'state',
      paint: plainPaint,
    });
    expect(page).toMatch(/^200 rows in 5\.0 s, 40 rows\/s/);
    expect(page).toMatch(/^foods\.parquet +100 +90 +10 +60 +30 +80\.0 % +0123456789abcdef succeeded$/m);
    expect(page).toMatch(/^together +200 +180 +20 +120 +60 +80\.0 %$/m);
    expect(page).toMatch(/^ {2}C {2}█{40} +60 +33\.3 %$/m);
    expect(page).toContain('state/bucket/rejects/');
    expect(page).toContain('state/bucket/jobs/0123456789abcdef/summary.json.data');
  });
});
