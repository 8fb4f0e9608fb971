/** How far a job has come, seen from outside. */
import type { JobRecord, JobState } from '../schemas/ledger.ts';

export interface JobProgress {
  readonly job: string;
  /** `queued`: no worker has taken it yet. */
  readonly state: JobState | 'queued';
  /** Rows in all; absent until the job is planned. */
  readonly rows: number | undefined;
  readonly rowsFinished: number;
  readonly rowsRejected: number;
  readonly shards: number | undefined;
  readonly shardsFinished: number;
  /** Since the wait began. */
  readonly waitedSeconds: number;
  /** Since the first look at the job while it ran; absent until rows have finished since. */
  readonly rowsPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
}

/** Where the rate is measured from: the first sight of the job, since rows done before it took unknown time. */
export interface FirstSight {
  readonly atMilliseconds: number;
  readonly rowsFinished: number;
}

export interface Sighting {
  readonly job: string;
  readonly record: JobRecord | undefined;
  readonly firstSight: FirstSight;
  readonly nowMilliseconds: number;
}

export function progressOf({ job, record, firstSight, nowMilliseconds }: Sighting): JobProgress {
  const waitedSeconds = (nowMilliseconds - firstSight.atMilliseconds) / 1000;
  const rowsFinished = record?.rowsFinished ?? 0;
  const rowsSince = rowsFinished - firstSight.rowsFinished;
  const hasRate = rowsSince > 0 && waitedSeconds > 0;
  const rowsPerSecond = hasRate ? rowsSince / waitedSeconds : undefined;
  const rowsLeft = record?.rows === undefined ? undefined : Math.max(0, record.rows - rowsFinished);
  const isLeftKnown = rowsLeft !== undefined && rowsPerSecond !== undefined;
  return {
    job,
    state: record?.state ?? 'queued',
    rows: record?.rows,
    rowsFinished,
    rowsRejected: record?.rowsRejected ?? 0,
    shards: record?.shards,
    shardsFinished: record?.finished ?? 0,
    waitedSeconds,
    rowsPerSecond,
    secondsLeft: isLeftKnown ? rowsLeft / rowsPerSecond : undefined,
  };
}

/** Whether a state is one that a job stays in unless it is redriven. */
export function isEndState(state: JobProgress['state']): boolean {
  return state === 'succeeded' || state === 'partly failed' || state === 'failed';
}
