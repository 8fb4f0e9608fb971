import { describe, expect, it } from 'vitest';
import { mergeProgress } from '../../../local/demo/dropped-jobs.ts';
import type { JobProgress } from '../../../producer/job-progress.ts';

function progress(changes: Partial<JobProgress> = {}): JobProgress {
  return {
    job: 'a',
    state: 'running',
    rows: 100,
    rowsFinished: 40,
    rowsRejected: 4,
    shards: 5,
    shardsFinished: 2,
    waitedSeconds: 2,
    rowsPerSecond: 20,
    secondsLeft: 3,
    ...changes,
  };
}

describe('the progress of several jobs as one', () => {
  it('adds rows, shards and rates', () => {
    expect(mergeProgress([progress(), progress({ job: 'b', waitedSeconds: 3 })])).toEqual({
      job: 'a and b',
      state: 'running',
      rows: 200,
      rowsFinished: 80,
      rowsRejected: 8,
      shards: 10,
      shardsFinished: 4,
      waitedSeconds: 3,
      rowsPerSecond: 40,
      secondsLeft: 3,
    });
  });

  it('does not know the rows in all while one job is not planned', () => {
    const merged = mergeProgress([progress(), progress({ state: 'planning', rows: undefined })]);
    expect(merged.rows).toBeUndefined();
    expect(merged.secondsLeft).toBeUndefined();
  });

  it('has no rate before rows have finished', () => {
    const merged = mergeProgress([progress({ rowsPerSecond: undefined })]);
    expect(merged).toMatchObject({ rowsPerSecond: undefined, secondsLeft: undefined });
  });

  it('goes on as long as one job does', () => {
    expect(mergeProgress([progress({ state: 'succeeded' }), progress()]).state).toBe('running');
    expect(mergeProgress([progress({ state: 'succeeded' }), progress({ state: 'failed' })]).state).toBe(
      'succeeded',
    );
  });
});
