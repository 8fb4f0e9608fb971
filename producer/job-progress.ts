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

/** Where the rate is measured from: the first look at the job as running, since rows done before it took unknown time. */
export interface FirstRunning {
  readonly atMilliseconds: number;
  readonly rowsFinished: number;
}

export interface Sighting {
  readonly job: string;
  readonly record: JobRecord | undefined;
  /** When the wait began, on the clock of `nowMilliseconds`. */
  readonly waitedSince: number;
  /** Absent until the job has been seen running: time in the queue would only lower the rate. */
  readonly firstRunning: FirstRunning | undefined;
  readonly nowMilliseconds: number;
}

export function progressOf(sighting: Sighting): JobProgress {
  const { job, record, waitedSince, nowMilliseconds } = sighting;
  const rowsFinished = record?.rowsFinished ?? 0;
  const rowsPerSecond = rateOf(sighting, rowsFinished);
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
    waitedSeconds: (nowMilliseconds - waitedSince) / 1000,
    rowsPerSecond,
    secondsLeft: isLeftKnown ? rowsLeft / rowsPerSecond : undefined,
  };
}

function rateOf({ firstRunning, nowMilliseconds }: Sighting, rowsFinished: number): number | undefined {
  if (firstRunning === undefined) return undefined;
  const rows = rowsFinished - firstRunning.rowsFinished;
  const seconds = (nowMilliseconds - firstRunning.atMilliseconds) / 1000;
  return rows > 0 && seconds > 0 ? rows / seconds : undefined;
}

/** After so long without a worker, those who wait are told what to look at. */
const UNTAKEN_SECONDS = 15;

export function isLongUntaken({ state, waitedSeconds }: JobProgress): boolean {
  return state === 'queued' && waitedSeconds >= UNTAKEN_SECONDS;
}

/** Whether a state is one that a job stays in unless it is redriven. */
export function isEndState(state: JobProgress['state']): boolean {
  return state === 'succeeded' || state === 'partly failed' || state === 'failed';
}
