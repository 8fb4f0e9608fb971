import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { CommandContext } from '../../producer/commands/command.ts';
import type { Services } from '../../producer/commands/ports.ts';
import { status } from '../../producer/commands/status.ts';
import type { JobProgress } from '../../producer/job-progress.ts';
import { plainPaint } from '../../producer/output/paint.ts';
import { createTerminal } from '../../producer/output/terminal.ts';
import { waitForJob } from '../../producer/wait-for-job.ts';
import type { JobRecord } from '../../schemas/ledger.ts';
import { CLOSED, jobRecord } from './records.ts';

const JOB = 'a'.repeat(16);

/** A ledger that answers each read with the next record, and the last one from then on. */
function ledgerOf(...records: readonly (JobRecord | undefined)[]) {
  let reads = 0;
  return {
    job: async () => {
      reads += 1;
      return records[Math.min(reads, records.length) - 1];
    },
  };
}

async function progressesOf(...records: readonly (JobRecord | undefined)[]): Promise<JobProgress[]> {
  const seen: JobProgress[] = [];
  const onProgress = (progress: JobProgress) => void seen.push(progress);
  await waitForJob({ ledger: ledgerOf(...records), job: JOB, onProgress, pollMilliseconds: 5 });
  return seen;
}

describe('waiting for a job', () => {
  it('begins to measure the rate when the job first runs, not while it was queued or planned', async () => {
    const { rows: _, ...planning } = jobRecord(JOB, { state: 'planning', rowsFinished: 0 });
    const seen = await progressesOf(
      undefined,
      undefined,
      planning,
      jobRecord(JOB, { rowsFinished: 400 }),
      jobRecord(JOB, { rowsFinished: 1000 }),
      jobRecord(JOB, CLOSED),
    );
    expect(seen.map(({ state }) => state)).toEqual([
      'queued',
      'queued',
      'planning',
      'running',
      'running',
      'succeeded',
    ]);
    expect(seen.slice(0, 4).map(({ rowsPerSecond }) => rowsPerSecond)).toEqual(Array(4).fill(undefined));
    const [, , , first, second] = seen;
    const ranSeconds = (second?.waitedSeconds ?? 0) - (first?.waitedSeconds ?? 0);
    expect(second?.rowsPerSecond).toBeCloseTo(600 / ranSeconds);
  });

  it('knows no rate of a job that it never saw running', async () => {
    const seen = await progressesOf(undefined, jobRecord(JOB, CLOSED));
    expect(seen.at(-1)).toMatchObject({ state: 'succeeded', rowsPerSecond: undefined });
  });

  it('gives up a job that nobody takes, where it is told to', async () => {
    const waiting = waitForJob({
      ledger: ledgerOf(undefined),
      job: JOB,
      pollMilliseconds: 5,
      untakenSecondsMax: 0.02,
    });
    await expect(waiting).rejects.toMatchObject({
      code: 'job-missing',
      message: `nobody has taken job ${JOB} in 0.02 s of waiting`,
      remedy: expect.stringContaining('nutrisage dlq list'),
    });
  });

  it('does not give up a job that was taken', async () => {
    const ledger = ledgerOf(undefined, ...Array(10).fill(jobRecord(JOB)), jobRecord(JOB, CLOSED));
    const options = { ledger, job: JOB, pollMilliseconds: 5, untakenSecondsMax: 0.02 };
    expect(await waitForJob(options)).toMatchObject({ state: 'succeeded' });
  });
});

describe('nutrisage status --wait', () => {
  it('ends where nobody takes the job in the time that is stated', async () => {
    const services = { ledger: ledgerOf(undefined) } as unknown as Services; // it asks for nothing else
    const progress = { note() {}, show() {}, finish() {} };
    const { signal } = new AbortController();
    const context: CommandContext = { services, progress, paint: plainPaint, signal };
    const ended = status({ job: JOB, wait: true, untakenSecondsMax: 0 }, context);
    await expect(ended).rejects.toMatchObject({ code: 'job-missing' });
  });
});

describe('the progress in a log', () => {
  it('says once that nobody has taken the job, and goes on when somebody has', () => {
    const lines: string[] = [];
    const stderr = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(chunk.toString());
        done();
      },
    });
    const { progress } = createTerminal({ stdout: stderr, stderr, json: false });
    const queued: JobProgress = {
      job: JOB,
      state: 'queued',
      rows: undefined,
      rowsFinished: 0,
      rowsRejected: 0,
      shards: undefined,
      shardsFinished: 0,
      waitedSeconds: 0,
      rowsPerSecond: undefined,
      secondsLeft: undefined,
    };
    for (const waitedSeconds of [0, 1, 16, 17, 40]) progress.show({ ...queued, waitedSeconds });
    progress.show({ ...queued, state: 'planning', waitedSeconds: 41 });
    expect(lines).toEqual([
      'waiting for a worker (0.0 s)\n',
      expect.stringMatching(/^no worker has taken it for 16 s: .*nutrisage dlq list.*; still waiting\n$/),
      'being planned (41 s)\n',
    ]);
  });
});
