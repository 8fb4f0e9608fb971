/** Drops files in the inbox, finds the jobs that the store's events make of them, and waits for their end. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Services } from '../../producer/commands/ports.ts';
import { findLocalFiles, hashFile } from '../../producer/inputs/local-files.ts';
import { isEndState, type JobProgress } from '../../producer/job-progress.ts';
import { waitForJob } from '../../producer/wait-for-job.ts';
import type { JobRecord } from '../../schemas/ledger.ts';
import { PREFIXES } from '../../schemas/names.ts';
import { StackError } from '../stack/stack-error.ts';

/** Far more than an event takes to become a job, also on a busy machine. */
const UNTAKEN_SECONDS_MAX = 120;
const LOOK_MILLISECONDS = 100;
/** More jobs than that are not looked through: the newest are ours. */
const JOBS_LOOKED_AT = 50;

/** Uploads files to the inbox, one after the other; their keys. */
export async function dropFiles(
  paths: readonly string[],
  { store, dataBucket }: Services,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const keys: string[] = [];
  for (const path of paths) {
    for (const file of await findLocalFiles(path)) {
      const key = `${PREFIXES.inbox}${file.name}`;
      await store.upload(dataBucket, key, file, await hashFile(path, signal), signal);
      keys.push(key);
    }
  }
  return keys;
}

/** Ids of the jobs that are there already, so that those of a drop can be told from them. */
export async function knownJobs({ ledger }: Services): Promise<ReadonlySet<string>> {
  return new Set((await ledger.recentJobs(JOBS_LOOKED_AT)).map(({ job }) => job));
}

/**
 * The job of each key, in the order of the keys. A dropper does not know its job's id: that follows from the
 * sequencer that the store gives to the event.
 *
 * @throws {StackError} when no worker has taken them in two minutes; the signal's `AbortError`.
 */
export async function findDroppedJobs(
  keys: readonly string[],
  before: ReadonlySet<string>,
  { ledger }: Services,
  signal: AbortSignal,
): Promise<readonly JobRecord[]> {
  const giveUpAt = performance.now() + UNTAKEN_SECONDS_MAX * 1000;
  for (;;) {
    const recent = await ledger.recentJobs(JOBS_LOOKED_AT);
    const found = keys.flatMap((key) => {
      const isOfDrop = ({ job, inputs }: JobRecord) => !before.has(job) && inputs[0]?.key === key;
      return recent.find(isOfDrop) ?? [];
    });
    if (found.length === keys.length) return found;
    if (performance.now() > giveUpAt) {
      throw new StackError(
        `No worker has taken ${keys.join(' and ')} for ${UNTAKEN_SECONDS_MAX} s.`,
        'Read the logs of the workers.',
      );
    }
    await pause(LOOK_MILLISECONDS, undefined, { signal });
  }
}

/** The records of all jobs in their end state; `show` is given the progress of all as one. */
export async function waitForJobs(
  jobs: readonly JobRecord[],
  { ledger }: Services,
  show: (progress: JobProgress) => void,
  signal: AbortSignal,
): Promise<readonly JobRecord[]> {
  const latest = new Map<string, JobProgress>();
  return Promise.all(
    jobs.map(({ job }) =>
      waitForJob({
        ledger,
        job,
        signal,
        pollMilliseconds: 250,
        onProgress(progress) {
          latest.set(job, progress);
          if (latest.size === jobs.length) show(mergeProgress([...latest.values()]));
        },
      }),
    ),
  );
}

/** Progress of several jobs as if they were one. */
export function mergeProgress(parts: readonly JobProgress[]): JobProgress {
  const sum = (of: (part: JobProgress) => number | undefined): number | undefined =>
    parts.reduce<number | undefined>((total, part) => {
      const value = of(part);
      return total === undefined || value === undefined ? undefined : total + value;
    }, 0);
  const rows = sum((part) => part.rows);
  const rowsFinished = sum((part) => part.rowsFinished) ?? 0;
  const rowsPerSecond = parts.reduce((rate, part) => rate + (part.rowsPerSecond ?? 0), 0);
  const isRateKnown = rowsPerSecond > 0;
  const going = parts.find(({ state }) => !isEndState(state));
  return {
    job: parts.map(({ job }) => job).join(' and '),
    state: going?.state ?? parts[0]?.state ?? 'queued',
    rows,
    rowsFinished,
    rowsRejected: sum((part) => part.rowsRejected) ?? 0,
    shards: sum((part) => part.shards),
    shardsFinished: sum((part) => part.shardsFinished) ?? 0,
    waitedSeconds: Math.max(0, ...parts.map(({ waitedSeconds }) => waitedSeconds)),
    rowsPerSecond: isRateKnown ? rowsPerSecond : undefined,
    secondsLeft: isRateKnown && rows !== undefined ? (rows - rowsFinished) / rowsPerSecond : undefined,
  };
}
