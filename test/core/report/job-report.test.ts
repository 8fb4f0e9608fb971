import { describe, expect, it } from 'vitest';
import { driftAgainstTraining } from '../../../core/drift/drift-report.ts';
import { jobReport } from '../../../core/report/job-report.ts';
import { JobSummary } from '../../../schemas/job-summary.ts';
import { createParser } from '../../../schemas/parse.ts';
import { plainHistograms, plainReference } from '../../support/drift-reference.ts';
import { INPUT, JOB, MODEL, SUBMITTED_AT } from '../../support/records.ts';

const parser = createParser('summary', JobSummary);

function summaryOf(changes: Partial<JobSummary> = {}): JobSummary {
  return parser.parse({
    job: JOB,
    state: 'succeeded',
    submittedAt: SUBMITTED_AT,
    finishedAt: '2026-11-23T10:00:12.000Z',
    seconds: 12,
    rowsPerSecond: 833,
    modelVersion: MODEL,
    rules: '2023',
    files: [{ input: INPUT, rows: 10_000, firstRowNumber: 0, firstShard: 0, shards: 2 }],
    shards: { planned: 2, done: 2, failed: 0 },
    counts: {
      rows: 10_000,
      graded: 9000,
      rejected: 1000,
      official: 6000,
      model: 3000,
      provisional: 500,
      compared: 6000,
      agreed: 5874,
      grades: { a: 900, b: 1800, c: 2700, d: 1800, e: 1800 },
      rejectReasons: { 'missing-code': 400, 'value-over-105': 700 },
      warnings: { 'fibre-absent': 4000 },
    },
    agreement: 0.979,
    agreementCheck: { low: 0.975, high: 0.983, expected: 0.982, margin: 0.03, verdict: 'as expected' },
    stepSeconds: { read: 1, grade: 5, write: 3, items: 1 },
    outputs: { grades: ['grades/date=2026-11-23/job=x/0.parquet'], rejects: [] },
    failures: [],
    ...changes,
  });
}

const driftOf = (...changes: Parameters<typeof plainHistograms>) =>
  driftAgainstTraining(MODEL, plainReference(), plainHistograms(...changes));
const text = (html: string): string =>
  html
    .replaceAll(/<style>[\s\S]*?<\/style>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\u00a0/g, ' ')
    .replaceAll(/\s+/g, ' ');

describe('a job’s page', () => {
  it('is the same bytes for the same summary, and needs neither network nor script', () => {
    const summary = summaryOf({ drift: driftOf(10_000) });
    const html = jobReport(summary);
    expect(jobReport(structuredClone(summary))).toBe(html);
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).not.toMatch(/<script|https?:\/\/|url\(/);
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('prefers-color-scheme:dark');
    expect(html).toContain('width=device-width');
  });

  it('tells counts, grades, sources and times', () => {
    const page = text(jobReport(summaryOf()));
    for (const told of [
      'rows 10,000',
      'graded 9,000',
      'rejected 10.0 %',
      'C 2,700 (30.0 %)',
      '66.7 % of the grades are the official ones of the published rules',
      '500 of them beside a provisional official grade',
      'Model and rules agree on 97.9 % of the 6,000 rows that have both grades (95 % interval: 97.5 % to 98.3 %); the model’s card says 98.2 %.',
      'missing-code 400 4.0 % The row has no product code',
      'fibre-absent 4,000 40.0 %',
      '12 s from submission to the last shard, 833 rows a second',
      'validate and grade 5.0 s (50.0 %)',
      'shop.parquet 10,000 2',
      'grades/date=2026-11-23/job=x/',
    ])
      expect(page).toContain(told);
    expect(page.indexOf('value-over-105')).toBeLessThan(page.indexOf('missing-code'));
    expect(page).toContain('Not measured');
  });

  it('shows what has moved first, training and job side by side', () => {
    const drift = driftOf(10_000, { salt: { impossible: 3000 }, fat: { sum: '190000000000' } });
    const html = jobReport(summaryOf({ drift }));
    const page = text(html);
    expect(page).toContain('2 of 23 features have moved from training, 1 of them far.');
    expect(page).toContain('Salt impossible in 30.0 % of rows, 1.0 % in training.');
    expect(page).toContain('Average fat 1.1 g higher than in training (21.1 g against 20 g).');
    expect(page.indexOf('Salt impossible')).toBeLessThan(page.indexOf('Average fat'));
    expect(page.indexOf('Average fat')).toBeLessThan(page.indexOf('Every other feature'));
    // 23 features and the grades, each a drawing with words for who cannot see it.
    const drawings = [...html.matchAll(/<svg [^>]*role="img" aria-label="([^"]*)"/g)];
    expect(drawings).toHaveLength(24);
    expect(drawings[0]?.[1]).toContain('in training');
    for (const [drawing] of html.matchAll(/<svg [\s\S]*?<\/svg>/g))
      expect(drawing).not.toMatch(/NaN|Infinity/);
  });

  it('opens with the grades where they have moved', () => {
    const drift = driftAgainstTraining(MODEL, plainReference(), {
      ...plainHistograms(10_000),
      grades: [0, 0, 0, 0, 10_000],
    });
    const page = text(jobReport(summaryOf({ drift })));
    expect(page).toMatch(/height: share of the rows the model’s grades major The model gives more E/);
  });

  it('says that nothing has moved, or that there are too few rows to tell', () => {
    expect(text(jobReport(summaryOf({ drift: driftOf(10_000) })))).toContain(
      'All 23 features are spread as in training.',
    );
    expect(text(jobReport(summaryOf({ drift: driftOf(100) })))).toContain(
      'Too few rows to tell whether they are like those of training.',
    );
  });

  it('tells what failed before all else, and what to do', () => {
    const failure = { code: 'damaged-parquet', message: 'It is <damaged>.', remedy: 'Write it again.' };
    const failures = Array.from({ length: 40 }, (_, shard) => ({ shard, failure }));
    const [file] = summaryOf().files;
    if (file === undefined) throw new Error('The summary has a file.');
    const html = jobReport(
      summaryOf({ state: 'partly failed', failures, failure, files: [file, { ...file, failure }] }),
    );
    const page = text(html);
    expect(html).toContain('It is &lt;damaged&gt;.');
    expect(page.indexOf('What failed')).toBeLessThan(page.indexOf('Grades A'));
    expect(page).toContain('and 12 more failures');
    expect(page).toContain(`nutrisage dlq redrive ${JOB}`);
    expect(page).toContain('shop.parquet and 1 more');
  });

  it('is whole where no row was graded, and where nothing is known', () => {
    const bare = summaryOf({
      state: 'failed',
      files: [],
      agreement: null,
      counts: {
        ...summaryOf().counts,
        rows: 0,
        graded: 0,
        rejected: 0,
        compared: 0,
        rejectReasons: {},
        warnings: {},
      },
      stepSeconds: { read: 0, grade: 0, write: 0, items: 0 },
    });
    const page = text(jobReport(bare));
    expect(page).toContain('A job without files');
    expect(page).toContain('No row was graded.');
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  it.each([
    [{ official: 0, model: 9000 }, 'The model gave every grade'],
    [{ official: 9000, model: 0 }, 'Every grade is the official one'],
    [{ provisional: 0 }, 'since the rules lack an input.'],
  ])('says where the grades come from: %j', (changes, told) => {
    const counts = { ...summaryOf().counts, ...changes };
    expect(text(jobReport(summaryOf({ counts })))).toContain(told);
  });

  it('says when the agreement is low, or of too few rows, or can not be held against anything', () => {
    const check = { low: 0.91, high: 0.93, expected: 0.982, margin: 0.03 } as const;
    const low = summaryOf({ agreementCheck: { ...check, verdict: 'low' } });
    expect(text(jobReport(low))).toContain('That is more than 3 points too low');
    const few = summaryOf({ agreementCheck: { ...check, verdict: 'too little data' } });
    expect(text(jobReport(few))).toContain('so few rows say little');
    const { agreementCheck, ...without } = summaryOf();
    expect(text(jobReport(without))).toContain('of the 6,000 rows that have both grades.');
    expect(text(jobReport(summaryOf({ agreement: null })))).toContain('No row has both');
  });
});
