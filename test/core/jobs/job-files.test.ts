import { describe, expect, it } from 'vitest';
import { jobFiles } from '../../../core/jobs/job-files.ts';
import { INPUT, jobRecord, plannedFile } from '../../support/records.ts';

describe('the files of a job', () => {
  it('are what was planned of each input, in their order', () => {
    const inputs = [INPUT, { ...INPUT, key: 'inbox/second.parquet' }];
    const files = [plannedFile(), plannedFile({ firstShard: 2, firstRowNumber: 200 })];
    expect(jobFiles(jobRecord({ inputs, files }))).toEqual([
      { input: inputs[0], ...files[0] },
      { input: inputs[1], ...files[1] },
    ]);
  });

  it('are none before the job is planned, and never without an input', () => {
    expect(jobFiles(jobRecord())).toEqual([]);
    expect(jobFiles(jobRecord({ inputs: [], files: [plannedFile()] }))).toEqual([]);
  });
});
