import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, formatTime } from '../../core/report/format-times.ts';
import type { JobProgress } from '../../producer/job-progress.ts';
import { progressOf } from '../../producer/job-progress.ts';
import { gradePaint } from '../../producer/output/paint.ts';
import { renderBar, renderBarChart } from '../../producer/output/render-bar-chart.ts';
import { formatBytes, formatShare, renderTable } from '../../producer/output/render-format.ts';
import { renderProgressBar, renderProgressLine } from '../../producer/output/render-progress.ts';
import { renderSummary } from '../../producer/output/render-summary.ts';
import { zeroRowCounts } from '../../schemas/counts.ts';
import { INPUT, jobRecord, jobSummary } from './records.ts';

describe('formatting', () => {
  it.each([
    [0, '0.0 s'],
    [9.94, '9.9 s'],
    [9.96, '10 s'],
    [59.6, '1 min 00 s'],
    [185, '3 min 05 s'],
    [3600, '1 h 00 min'],
    [7619, '2 h 07 min'],
    [86_400, '1 d 00 h'],
    [273_600, '3 d 04 h'],
  ])('writes %d seconds as %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1.0 kB'],
    [999_960, '1.0 MB'],
    [5_300_000_000, '5.3 GB'],
  ])('writes %d bytes as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [0, '0.0 %'],
    [0.00001, '<0.1 %'],
    [0.5, '50.0 %'],
    [0.99999, '>99.9 %'],
    [1, '100.0 %'],
  ])('writes the share %d as %s', (share, text) => expect(formatShare(share)).toBe(text));

  it('writes a time without its fraction', () => {
    expect(formatTime('2026-11-23T19:02:11.123Z')).toBe('2026-11-23 19:02:11 UTC');
  });

  it('lines columns up, numbers to the right, letters beyond ASCII counted as one', () => {
    const columns = [{ title: 'file' }, { title: 'rows', align: 'right' }] as const;
    expect(
      renderTable(columns, [
        ['crème', '1'],
        ['b', '1,000'],
      ]),
    ).toBe(['file    rows', 'crème      1', 'b      1,000'].join('\n'));
  });
});

describe('a bar', () => {
  it('is never longer than its columns and never invisible when there is something', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 80 }),
        (share, columns) => {
          const { length } = [...renderBar(share, columns)];
          return length >= 1 && length <= columns;
        },
      ),
    );
  });

  it('grows with its share', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (one, other) => {
          const [less, more] = one < other ? [one, other] : [other, one];
          return [...renderBar(less, 40)].length <= [...renderBar(more, 40)].length;
        },
      ),
    );
  });

  it('is absent for nothing', () => expect(renderBar(0, 40)).toBe(''));
});

describe('a bar chart', () => {
  it('gives the longest bar all columns and each its count and share', () => {
    const lines = renderBarChart(
      [
        { label: 'A', value: 30 },
        { label: 'B', value: 10 },
      ],
      40,
    ).split('\n');
    expect(lines[0]).toBe(`A  ${'█'.repeat(40)}  30   75.0 %`);
    expect(lines[1]).toBe(`B  ${'█'.repeat(13)}▍${' '.repeat(26)}  10   25.0 %`);
  });

  it('is the same text with colours as without, but for the colours', () => {
    const bars = [
      { label: 'A', value: 3 },
      { label: 'E', value: 1 },
    ];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
    const plain = renderBarChart(bars, 4, gradePaint).replaceAll(/\u001B\[[\d;]*m/g, '');
    expect(plain).toBe(renderBarChart(bars, 4));
  });
});

describe('progress', () => {
  const seen = (change: Partial<JobProgress>): JobProgress => ({
    job: 'a'.repeat(16),
    state: 'running',
    rows: 1_000_000,
    rowsFinished: 450_000,
    rowsRejected: 1204,
    shards: 20,
    shardsFinished: 9,
    waitedSeconds: 5,
    rowsPerSecond: 81_000,
    secondsLeft: 6.8,
    ...change,
  });

  it('says rows, share, rate, time left and rejects in one line', () => {
    expect(renderProgressLine(seen({}))).toBe(
      '450,000 of 1,000,000 rows (45.0 %), 81,000 rows/s, 6.8 s left, 1,204 rejected',
    );
  });

  it('leaves out what is not known yet', () => {
    const early = seen({
      rowsFinished: 0,
      rowsRejected: 0,
      rowsPerSecond: undefined,
      secondsLeft: undefined,
    });
    expect(renderProgressLine(early)).toBe('0 of 1,000,000 rows (0.0 %), 0 rejected');
  });

  it('draws a bar before the figures', () => {
    expect(renderProgressBar(seen({}))).toMatch(/^█{10}▊ {13}▏450,000 of/);
  });

  it('says that no worker has taken a job, and after a while what to look at', () => {
    expect(renderProgressLine(seen({ state: 'queued', waitedSeconds: 2 }))).toBe(
      'waiting for a worker (2.0 s)',
    );
    expect(renderProgressLine(seen({ state: 'queued', waitedSeconds: 20 }))).toContain('nutrisage dlq list');
    expect(renderProgressLine(seen({ state: 'planning' }))).toBe('being planned (5.0 s)');
  });

  it('measures the rate from the first sight of the job as running, not from rows done before', () => {
    const record = jobRecord('a'.repeat(16), { rows: 2000, rowsFinished: 1500 });
    const firstRunning = { atMilliseconds: 10_000, rowsFinished: 1000 };
    const sighting = { job: record.job, record, waitedSince: 4000, firstRunning, nowMilliseconds: 12_000 };
    expect(progressOf(sighting)).toMatchObject({ rowsPerSecond: 250, secondsLeft: 2, waitedSeconds: 8 });
  });

  it('knows no rate at first sight, nor before the job runs', () => {
    const record = jobRecord('a'.repeat(16));
    const firstRunning = { atMilliseconds: 0, rowsFinished: 1000 };
    const sighting = { job: record.job, waitedSince: 0, nowMilliseconds: 0 };
    const unknown = { rowsPerSecond: undefined, secondsLeft: undefined };
    expect(progressOf({ ...sighting, record, firstRunning })).toMatchObject(unknown);
    expect(progressOf({ ...sighting, record: undefined, firstRunning: undefined })).toMatchObject(unknown);
  });
});

describe('a summary', () => {
  const job = 'a'.repeat(16);
  const page = { dataBucket: 'data' };

  it('tells grades, sources, agreement, rejects, warnings, files and outputs', () => {
    expect(renderSummary(jobSummary(job), page)).toBe(
      [
        `Job ${job} succeeded: 2,000 rows in 1 min 05 s, 31 rows/s`,
        'Model aaaabbbbccccdddd, Nutri-Score rules of 2023',
        '',
        'Grades',
        '  A  ██████████████████████████████████        500   25.2 %',
        '  B  ████████████████████▍                     300   15.1 %',
        '  C  ███████████████████████████▎              400   20.1 %',
        '  D  ████████████████████████████████████████  588   29.6 %',
        '  E  █████████████▋                            200   10.1 %',
        '',
        'Where they come from',
        '  official   1,500 (75.5 %) (40 provisional)',
        '  model      488 (24.5 %)',
        '  agreement  90.0 % of the 1,460 rows that have both',
        '',
        'Rejected: 12 (0.6 %)',
        '  reason                      rows',
        '  sugars-above-carbohydrates     8',
        '  no-code                        4',
        '',
        'Warnings (graded and flagged)',
        '  reason          rows',
        '  energy-differs    33',
        '',
        'Files',
        '  file               rows  shards',
        '  products.parquet  2,000       2',
        '',
        'Outputs',
        `  s3://data/grades/date=2026-11-20/job=${job}/  2 files`,
        `  s3://data/rejects/date=2026-11-20/job=${job}/  1 file`,
        `  s3://data/jobs/${job}/summary.json`,
        `  Fetch them: nutrisage download ${job}`,
      ].join('\n'),
    );
  });

  it('stays short and true when nothing was graded', () => {
    const outputs = { grades: [], rejects: [] };
    const text = renderSummary(jobSummary(job, { counts: zeroRowCounts(), agreement: null, outputs }), page);
    expect(text).not.toContain('Grades\n');
    expect(text).not.toContain('NaN');
    expect(text).not.toContain('Fetch them');
  });

  it('counts files beyond a dozen instead of listing them', () => {
    const files = Array.from({ length: 40 }, () => ({
      input: INPUT,
      rows: 1,
      firstRowNumber: 0,
      firstShard: 0,
      shards: 1,
    }));
    expect(renderSummary(jobSummary(job, { files }), page)).toContain('and 28 more files');
  });

  it('names the file of a failed shard', () => {
    const files = [
      {
        input: { ...INPUT, key: 'uploads/1/a.parquet' },
        rows: 2,
        firstRowNumber: 0,
        firstShard: 0,
        shards: 2,
      },
      {
        input: { ...INPUT, key: 'uploads/2/b.parquet' },
        rows: 2,
        firstRowNumber: 2,
        firstShard: 2,
        shards: 2,
      },
    ];
    const failure = { code: 'damaged-parquet', message: 'Bad page', remedy: 'Write it again' };
    const text = renderSummary(jobSummary(job, { files, failures: [{ shard: 2, failure }] }), page);
    expect(text).toContain('shard 2 of b.parquet: Bad page [damaged-parquet]\n    Write it again');
  });
});
