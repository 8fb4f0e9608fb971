/** `status`, `jobs`, `show` and `download` over what workers have written. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { runCli, spawnCli } from './cli.ts';
import {
  CLOSED,
  createWorkerHand,
  failedShard,
  gradeItem,
  jobRecord,
  jobSummary,
  type WorkerHand,
} from './records.ts';

let stack: TestStack;
let worker: WorkerHand;
let folder: string;

beforeAll(async () => {
  stack = await startTestStack();
  worker = createWorkerHand(stack.environment);
  folder = await mkdtemp(join(tmpdir(), 'nutrisage-look-'));
});
afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

const nutrisage = (...args: string[]) =>
  runCli(args, { environment: stack.environment, workingDirectory: folder });

describe('nutrisage status', () => {
  it('tells how far a running job is, and which shards have failed', async () => {
    const job = 'a'.repeat(16);
    await worker.putJobs(jobRecord(job), failedShard(job, 1));
    const { exitCode, stdout } = await nutrisage('status', job);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      `Job ${job} is running: 1 of 2 shards finished, 1,000 of 2,000 rows (50.0 %), 12 rejected`,
    );
    expect(stdout).toContain('shard 1: Row group 1 cannot be decoded [damaged-parquet]');
  });

  it('shows the summary of a closed job, and ends with 1 when a part failed', async () => {
    const job = 'b'.repeat(16);
    await worker.putJobs(jobRecord(job, { ...CLOSED, state: 'partly failed' }));
    const failures = [
      { shard: 1, failure: { code: 'damaged-parquet', message: 'Bad page', remedy: 'Write it again' } },
    ];
    await worker.putOutputs(
      jobSummary(job, { state: 'partly failed', failures, shards: { planned: 2, done: 1, failed: 1 } }),
    );
    const { exitCode, stdout } = await nutrisage('status', job);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('1 of 2 shards failed');
    expect(stdout).toContain('shard 1 of products.parquet: Bad page [damaged-parquet]');
    expect(stdout).toContain(`nutrisage dlq redrive ${job}`);
  });

  it('tells why a job could not be planned', async () => {
    const job = 'c'.repeat(16);
    const failure = { code: 'no-rows', message: 'products.parquet has no rows', remedy: 'Export it again' };
    const {
      files: _,
      rows: __,
      shards: ___,
      ...unplanned
    } = jobRecord(job, { ...CLOSED, state: 'failed', failure });
    await worker.putJobs(unplanned);
    const { exitCode, stdout } = await nutrisage('status', job);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('products.parquet has no rows [no-rows]');
  });

  it('prints record and summary as one document with --json', async () => {
    const job = 'd'.repeat(16);
    await worker.putJobs(jobRecord(job, CLOSED));
    await worker.putOutputs(jobSummary(job));
    const { stdout } = await nutrisage('status', job, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      job,
      state: 'succeeded',
      record: { rows: 2000 },
      summary: { agreement: 0.9, counts: { grades: { a: 500 } } },
    });
  });

  it('goes on at Ctrl-C without the wait, as a child process', async () => {
    const job = '9'.repeat(16);
    await worker.putJobs(jobRecord(job));
    const { exitCode, stderr } = await spawnCli(['status', job, '--wait'], {
      environment: stack.environment,
      workingDirectory: folder,
      interruptAt: 'rows',
    });
    expect(exitCode).toBe(130);
    expect(stderr).toContain(`job ${job} goes on. Look at it with: nutrisage status ${job}`);
  });
});

describe('nutrisage jobs', () => {
  it('lists jobs newest first, as many as asked for', async () => {
    const early = jobRecord('e'.repeat(16), { submittedAt: '2026-12-01T00:00:00.000Z' });
    const late = jobRecord('f'.repeat(16), {
      ...CLOSED,
      submittedAt: '2026-12-02T00:00:00.000Z',
      closedAt: '2026-12-02T00:00:42.000Z',
    });
    await worker.putJobs(early, late);
    const { stdout } = await nutrisage('jobs', '--limit', '2');
    const [, first, second, ...rest] = stdout.trimEnd().split('\n');
    expect(first).toMatch(
      /^f{16} {2}2026-12-02 00:00:00 UTC {2}succeeded +2,000 +12 +42 s {2}products\.parquet$/,
    );
    expect(second).toMatch(/^e{16} .* running 50\.0 %/);
    expect(rest).toEqual([]);
    const { jobs } = JSON.parse((await nutrisage('jobs', '--limit', '2', '--json')).stdout) as {
      jobs: { job: string }[];
    };
    expect(jobs.map(({ job }) => job)).toEqual([late.job, early.job]);
  });
});

describe('nutrisage show', () => {
  it('shows the latest grade of a product and its history', async () => {
    const code = '0003017620422';
    const earlier = gradeItem(code, { grade: 'e', modelGrade: 'e' });
    const latest = gradeItem(code, {
      sk: `2026-11-22T08:00:00.000Z#${'2'.repeat(16)}#${'0'.repeat(12)}`,
      gradedFor: '2026-11-22T08:00:00.000Z',
      job: '2'.repeat(16),
      warnings: ['energy-differs'],
    });
    await worker.putGrades(latest, earlier);
    const { exitCode, stdout } = await nutrisage('show', code);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`${code} is graded D, by the published rules.`);
    expect(stdout).toContain('D, score 14');
    expect(stdout).toContain('energy-differs');
    expect(stdout).toMatch(/Earlier\n[^\n]+\n {2}2026-11-20 08:00:00 UTC {2}E/);
    const document = JSON.parse((await nutrisage('show', code, '--json')).stdout);
    expect(document).toMatchObject({ code, latest: { grade: 'd' }, earlier: [{ grade: 'e' }] });
  });
});

describe('nutrisage download', () => {
  it('writes grades, rejects and summary in the layout of the bucket', async () => {
    const job = '1'.repeat(16);
    const summary = jobSummary(job);
    await worker.putJobs(jobRecord(job, CLOSED));
    await worker.putOutputs(summary);
    const out = join(folder, 'fetched');
    const { exitCode, stderr } = await nutrisage('download', job, '--out', out);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('fetching 4 files');
    const names = await readdir(out, { recursive: true });
    expect(names.filter((name) => /\.\w+$/.test(name)).sort()).toEqual([
      `grades/date=2026-11-20/job=${job}/0000-000000.parquet`,
      `grades/date=2026-11-20/job=${job}/0000-000001.parquet`,
      `jobs/${job}/summary.json`,
      `rejects/date=2026-11-20/job=${job}/0000-000001.parquet`,
    ]);
    const [part = ''] = summary.outputs.grades;
    expect(await readFile(join(out, part), 'utf8')).toBe(`part ${part}`);
    expect(JSON.parse(await readFile(join(out, `jobs/${job}/summary.json`), 'utf8'))).toEqual(summary);
  });

  it('refuses a job that still runs', async () => {
    const job = '3'.repeat(16);
    await worker.putJobs(jobRecord(job));
    const { exitCode, stderr } = await nutrisage('download', job);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`job ${job} is still running. Wait for it: nutrisage status ${job} --wait`);
  });

  it('says which part is gone', async () => {
    const job = '4'.repeat(16);
    const gone = 'grades/date=2026-11-20/job=4444444444444444/gone.parquet';
    await worker.putJobs(jobRecord(job, CLOSED));
    await worker.putObject(
      `jobs/${job}/summary.json`,
      JSON.stringify(jobSummary(job, { outputs: { grades: [gone], rejects: [] } })),
    );
    const { exitCode, stderr } = await nutrisage('download', job, '--out', join(folder, 'gone'));
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${gone} is not there any more`);
  });

  it('says that a folder cannot be written to', async () => {
    const { exitCode, stderr } = await nutrisage('download', '1'.repeat(16), '--out', '/dev/null/x');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('cannot be written');
  });
});
