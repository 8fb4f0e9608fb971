/** Follows a job in the ledger until it ends. */
import { setTimeout as pause } from 'node:timers/promises';
import type { JobRecord } from '../schemas/ledger.ts';
import { type FirstSight, isEndState, type JobProgress, progressOf } from './job-progress.ts';

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
  /** Ends the wait; the job goes on. */
  readonly signal?: AbortSignal;
}

/**
 * The job's record in its end state. A job that no worker has planned yet is waited for too: the ledger has no
 * record of it until then.
 *
 * @throws the signal's `AbortError`, and what the ledger throws.
 */
export async function waitForJob(options: WaitForJobOptions): Promise<JobRecord> {
  const { ledger, job, onProgress, pollMilliseconds = 500, signal } = options;
  let firstSight: FirstSight | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const record = await ledger.job(job);
    const nowMilliseconds = performance.now();
    firstSight ??= { atMilliseconds: nowMilliseconds, rowsFinished: record?.rowsFinished ?? 0 };
    onProgress?.(progressOf({ job, record, firstSight, nowMilliseconds }));
    if (record !== undefined && isEndState(record.state)) return record;
    await pause(pollMilliseconds, undefined, signal === undefined ? {} : { signal });
  }
}
