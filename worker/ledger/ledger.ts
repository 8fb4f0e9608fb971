import type { Failure, FileReference } from '../../schemas/file-reference.ts';
import type { JobRecord, PlannedFile, ShardRecord } from '../../schemas/ledger.ts';

/** Whether a conditional write took effect or found that another had come before. */
export type WriteOutcome = 'won' | 'lost';

export interface PlannedJob {
  readonly files: readonly PlannedFile[];
  readonly rows: number;
  readonly shards: number;
}

/** How a job ended, with its counters as the shard records have them. */
export interface JobEnd extends Pick<JobRecord, 'finished' | 'rowsFinished' | 'rowsRejected'> {
  readonly state: 'succeeded' | 'partly failed' | 'failed';
  readonly closedAt: string;
}

export interface PinnedAnew {
  readonly modelVersion: string;
  readonly inputs: readonly FileReference[];
}

/**
 * The record of jobs and shards. Every write is one conditional write of one item, so that any of them may be
 * repeated, and a crash between two leaves a state from which the next delivery goes on.
 */
export interface Ledger {
  job(job: string): Promise<JobRecord | undefined>;
  /** Puts the job if there is none; returns the stored one, whose values count. */
  createJob(record: JobRecord): Promise<JobRecord>;
  /** `planning` becomes `running` with the plan; returns the stored job, whose plan counts. */
  startJob(job: string, plan: PlannedJob): Promise<JobRecord>;
  /** Notes that nothing is left to send, if the job is planned and the note is not there. */
  markSent(job: string, at: string): Promise<void>;
  /** `planning` becomes `failed` with the reason; of a job that has failed in planning before, the reason is replaced. */
  failPlanning(job: string, failure: Failure, closedAt: string): Promise<WriteOutcome>;
  /** A job that failed in planning goes back to `planning`, with the model and the files that there are now. */
  retryPlanning(job: string, anew: PinnedAnew): Promise<JobRecord>;
  shard(job: string, shard: number): Promise<ShardRecord | undefined>;
  /**
   * Every record of the job's shards, in their order, a page at a time. The event loop turns between two pages: to
   * take 15,000 records apart at once would hold it for 200 ms.
   */
  shardPages(job: string): AsyncIterable<readonly ShardRecord[]>;
  /** Puts `done` unless the shard is done or failed. */
  putDone(record: ShardRecord): Promise<WriteOutcome>;
  /** Puts `failed` unless the shard is done or failed. */
  putFailed(record: ShardRecord): Promise<WriteOutcome>;
  /** Puts `last attempt` unless there is a record. Not counted as finished. */
  putLastAttempt(record: ShardRecord): Promise<WriteOutcome>;
  /** Removes the trace of a last attempt, if it is this one and nothing has replaced it. */
  clearLastAttempt(record: ShardRecord): Promise<WriteOutcome>;
  /**
   * Counts one more finished shard, if the job is running; returns the job after it. A hint: an answer that is lost on
   * its way makes it count twice. Closing sets what the records say.
   */
  addFinished(job: string, rows: number, rejected: number): Promise<JobRecord>;
  /** Takes one finished shard back whose failure was cleared. */
  takeBackFinished(job: string): Promise<void>;
  /** Removes a failure, or the trace of a last attempt, recorded before redrive number `redrive`. */
  clearFailure(job: string, shard: number, redrive: number): Promise<WriteOutcome>;
  /** A closed job goes back to `running` under a new revision; a running one gets the new revision too. */
  reopenJob(job: string): Promise<JobRecord>;
  /** Sets the end if the job is `running` under this revision. */
  closeJob(job: string, revision: number, end: JobEnd): Promise<WriteOutcome>;
  /** Jobs submitted since a time that are `planning` or `running`. */
  openJobs(since: string): Promise<JobRecord[]>;
  /** Takes or renews a lease by name for `seconds`; false when another holds it. */
  lease(name: string, owner: string, now: Date, seconds: number): Promise<boolean>;
}
