/** Follows a job in the ledger until it ends. */
import { setTimeout as pause } from 'node:timers/promises';
import type { JobRecord } from '../schemas/ledger.ts';
import { CommandError } from './command-error.ts';
import { type FirstRunning, isEndState, type JobProgress, progressOf } from './job-progress.ts';

/** The one thing that waiting needs of the ledger. */
export interface JobReader {
  job(job: string): Promise<JobRecord | undefined>;
}

export interface WaitForJobOptions {
  readonly ledger: JobReader;
  readonly job: string;
  readonly onProgress?: (progress: JobProgress) => void;
  /** @default 500: one small read of the ledger each */
  readonly pollMilliseconds?: number;
  /** Gives up when the ledger has had no record of the job for so long. @default never */
  readonly untakenSecondsMax?: number;
  /** Ends the wait; the job goes on. */
  readonly signal?: AbortSignal;
}

/**
 * The job's record in its end state. A job that no worker has planned yet is waited for too: the ledger has no
 * record of it until then.
 *
 * @throws {CommandError} `job-missing` after `untakenSecondsMax`; the signal's `AbortError`, and what the ledger
 *   throws.
 */
export async function waitForJob(options: WaitForJobOptions): Promise<JobRecord> {
  const { ledger, job, onProgress, pollMilliseconds = 500, untakenSecondsMax, signal } = options;
  let waitedSince: number | undefined;
  let firstRunning: FirstRunning | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const record = await ledger.job(job);
    const nowMilliseconds = performance.now();
    waitedSince ??= nowMilliseconds;
    if (record?.state === 'running') {
      firstRunning ??= { atMilliseconds: nowMilliseconds, rowsFinished: record.rowsFinished };
    }
    onProgress?.(progressOf({ job, record, waitedSince, firstRunning, nowMilliseconds }));
    if (record !== undefined && isEndState(record.state)) return record;
    const isOverdue = nowMilliseconds - waitedSince >= (untakenSecondsMax ?? Infinity) * 1000;
    if (record === undefined && isOverdue) throw untaken(job, untakenSecondsMax);
    await pause(pollMilliseconds, undefined, signal === undefined ? {} : { signal });
  }
}

function untaken(job: string, seconds: number | undefined): CommandError {
  return new CommandError(
    'job-missing',
    `nobody has taken job ${job} in ${seconds} s of waiting`,
    'Check the id (`nutrisage jobs` lists those of late) and that a worker runs; `nutrisage dlq list` shows what could not be planned.',
  );
}
