import type { SummaryFile } from '../../schemas/job-summary.ts';
import type { JobRecord } from '../../schemas/ledger.ts';

/** The files of a job as they were planned, each with its input; none while the job is not planned. */
export function jobFiles({ inputs, files = [] }: Pick<JobRecord, 'inputs' | 'files'>): SummaryFile[] {
  return files.flatMap((file, index) => {
    const input = inputs[index];
    return input === undefined ? [] : [{ input, ...file }];
  });
}

/** Last part of a key: what a user knows an upload by, since the rest is its hash. */
export function fileName(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
